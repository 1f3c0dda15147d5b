// `<Changes />` alone in a line becomes what changed: of every package since its last release, and links to the changelogs of those.

import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { MarkdownRenderer } from "vitepress";
import { root } from "./pages.ts";

/** What a file of `.changeset` says. */
export interface Change {
  /** Folders of the packages that it changes. */
  readonly packages: readonly string[];
  /** Markdown. */
  readonly text: string;
}

/** @throws where the text is not that of a changeset */
export function readChange(file: string, text: string): Change {
  const [, head, body] = /^---\n(.*?)\n---\n(.*)$/s.exec(text) ?? [];
  const packages = [...(head ?? "").matchAll(/^["']@hooke\/([\w-]+)["']: (?:major|minor|patch)$/gm)];
  if (body === undefined || packages.length === 0)
    throw new Error(`${file}: names no package; write it by \`npx --yes pnpm changeset\``);
  return { packages: packages.map(([, name]) => name!), text: body.trim() };
}

/**
 * Changes under headings of packages: one of several packages stands under the first that it names, and says of which others it is.
 *
 * @param linkOf the address of a package's page
 */
export function listChanges(changes: readonly Change[], linkOf: (name: string) => string): string {
  const groups = Map.groupBy(changes, ({ packages }) => packages[0]!);
  const also = (names: readonly string[]): string =>
    names.length === 0 ? "" : ` (also ${names.map((name) => `[${name}](${linkOf(name)})`).join(", ")})`;
  return [...groups]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, list]) => {
      const items = list.map(({ packages, text }) => `- ${text.replace(/\n(?=.)/g, "\n  ")}${also(packages.slice(1))}`);
      return `### ${name}\n\n${items.join("\n")}\n`;
    })
    .join("\n");
}

const read = (file: string): string => readFileSync(join(root, file), "utf8");

function markdownOfChanges(): string {
  const pending = globSync(".changeset/*.md", { cwd: root })
    .filter((file) => basename(file) !== "README.md")
    .sort()
    .map((file) => readChange(file, read(file)));
  const released = globSync("packages/*/package.json", { cwd: root })
    .map(dirname)
    .sort()
    .filter((folder) => existsSync(join(root, folder, "CHANGELOG.md")))
    .map(
      (folder) =>
        `- [${basename(folder)} ${JSON.parse(read(join(folder, "package.json"))).version}](../../${folder}/CHANGELOG.md)`,
    );
  return [
    "## Released\n",
    released.length > 0 ? released.join("\n") : "No version yet.",
    "\n## In the next release\n",
    pending.length > 0 ? listChanges(pending, (name) => `../../packages/${name}/README.md`) : "Nothing yet.",
  ].join("\n");
}

export function changes(markdown: MarkdownRenderer): void {
  markdown.core.ruler.after("normalize", "changes", (state) => {
    state.src = state.src.replace(/^<Changes \/>$/m, markdownOfChanges);
  });
}
