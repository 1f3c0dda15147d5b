// Links as they are in the repository, led to where their targets are on the site.

import { readFileSync } from "node:fs";
import { join, posix, relative } from "node:path";
import type { MarkdownRenderer } from "vitepress";
import { linkBetweenPages, pageOf, root } from "./pages.ts";

/** `api:core/fit`, or `api:core/checkpoint/encodeModel` of an entry point of its own: the page of the reference that a package's export has, from the root of the site. */
export function referenceOf(link: string): string {
  const [, name, entry, symbol] = /^api:([\w-]+)((?:\/[\w-]+)*?)(?:\/(\w+))?$/.exec(link) ?? [];
  if (name === undefined) throw new Error(`${link}: write api:PACKAGE/EXPORT, such as api:core/fit`);
  const { exports } = JSON.parse(readFileSync(join(root, "packages", name, "package.json"), "utf8"));
  const entries = Object.keys(exports).filter((key) => key !== "./package.json");
  const several = entries.length > 1 ? `/${(entry ?? "").slice(1) || "index"}` : "";
  return `api/_hooke/${name}${symbol ? `${several}/${symbol}` : several}.html`;
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
