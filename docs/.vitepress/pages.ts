// Which files of the repository are pages of the site, and where.

import { existsSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

/** Patterns of files that are pages, and their places: `$1` is what `*` stands for. */
const places: readonly (readonly [source: RegExp, page: string])[] = [
  [/^docs\/decisions\/README\.md$/, "reference/decisions/index.md"],
  [/^docs\/decisions\/(.+\.md)$/, "reference/decisions/$1"],
  [/^docs\/conformance\.md$/, "reference/conformance.md"],
  [/^docs\/(.+\.md)$/, "$1"],
  [/^packages\/([^/]+)\/README\.md$/, "reference/packages/$1.md"],
  [/^packages\/([^/]+)\/CHANGELOG\.md$/, "reference/changes/$1.md"],
  [/^examples\/([^/]+)\/README\.md$/, "reference/examples/$1.md"],
  [/^benchmarks\/README\.md$/, "reference/benchmarks/index.md"],
  [/^benchmarks\/([^/]+)\/README\.md$/, "reference/benchmarks/$1.md"],
  [/^CONTRIBUTING\.md$/, "reference/contributing.md"],
];

/** Where a file of the repository stands on the site; itself where it is no page. Both are paths with forward slashes. */
export function pageOf(source: string): string {
  const place = places.find(([pattern]) => pattern.test(source));
  return place === undefined ? source : source.replace(...place);
}

/** Files that pages offer to be saved: they are at the same path on the site. */
export const isDownload = (source: string): boolean => source.endsWith(".csv");

/** All Markdown that is no page. */
export const excluded = [
  "README.md",
  ".*/**",
  "**/dist/**",
  "{apps,browser,runs,scripts,shared}/**",
  "{packages,examples}/*/*/**",
  "docs/{api,dist}/**",
];

/** The file of the repository that a link in another file leads to. */
export const targetOf = (source: string, link: string): string =>
  posix.normalize(posix.join(posix.dirname(source), decodeURI(link)));

/**
 * The page that a link in a file of the repository leads to, as a link from that file's own page; undefined where it leads to what
 * is no page, such as a source file.
 *
 * @param source the file that has the link
 * @param link relative, as it is written there
 */
export function linkBetweenPages(source: string, link: string): string | undefined {
  const [, path, anchor] = /^([^#]*)(#.*)?$/.exec(link)!;
  if (!path) return link;
  const target = targetOf(source, path);
  const file = [target, `${target}.md`, posix.join(target, "index.md"), posix.join(target, "README.md")].find(
    (candidate) => candidate.endsWith(".md") && existsSync(join(root, candidate)),
  );
  if (file === undefined) return undefined;
  const page = pageOf(file);
  if (page === file) return undefined;
  return `${posix.relative(posix.dirname(pageOf(source)), page).replace(/^(?!\.)/, "./")}${anchor ?? ""}`;
}
