// Links as they are in the repository, led to where their targets are on the site.

import { cpSync } from "node:fs";
import { join, posix, relative } from "node:path";
import type { MarkdownRenderer } from "vitepress";
import { isDownload, linkBetweenPages, pageOf, root, targetOf } from "./pages.ts";
import { referenceOf } from "./symbols.ts";

/** Files that pages offer to be saved. */
const downloads = new Set<string>();

/** Puts what pages offer to be saved beside them, once they are built. */
export function copyDownloads(outDir: string): void {
  for (const file of downloads) cpSync(join(root, file), join(outDir, file), { recursive: true });
}

/** Links to other files of the repository become links to their pages, or plain text where these are none. */
export function repositoryLinks(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push("repository-links", ({ tokens, env }) => {
    // A title that is rendered by itself is of no file, and has no links that matter.
    if (env.path === undefined) return;
    const source = relative(root, env.realPath ?? env.path).replaceAll("\\", "/");
    const toRoot = posix.relative(posix.dirname(pageOf(source)), ".") || ".";
    for (const { children } of tokens) {
      const open: boolean[] = [];
      for (const token of children ?? []) {
        if (token.type === "link_open") {
          const link = token.attrGet("href")!;
          if (link.startsWith("api:")) {
            token.attrSet("href", `${toRoot}/${referenceOf(link)}`);
            // The reference is no page of the generator: the browser goes there.
            token.attrSet("target", "_self");
            open.push(true);
            continue;
          }
          if (isDownload(link)) {
            const file = targetOf(source, link);
            downloads.add(file);
            token.attrSet("href", `${toRoot}/${file}`);
            token.attrSet("download", "");
            open.push(true);
            continue;
          }
          const page = /^(?:[a-z]+:|#)/.test(link) ? link : linkBetweenPages(source, link);
          open.push(page !== undefined);
          if (page !== undefined) token.attrSet("href", page);
          else Object.assign(token, { type: "span_open", tag: "span", attrs: null });
        } else if (token.type === "link_close" && !open.pop()) {
          Object.assign(token, { type: "span_close", tag: "span" });
        }
      }
    }
  });
}
