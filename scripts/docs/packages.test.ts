// Packages are listed in three places: in the README, in the docs' reference, and, for TypeDoc, at the home of its pages. None may be forgotten.
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const packages = readdirSync(new URL("../../packages", import.meta.url)).map((folder) => `@hooke/${folder}`);

/** Headings, and packages with what is said of them, in order. */
const listed = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(new RegExp(`^## .+$|${pattern.source}`, "gm"))].map(([line, name, says]) =>
    name === undefined ? line : `${name}: ${says!.trim()}`,
  );

const row = /^\| \[(@hooke\/[\w-]+)\]\([^)]+\) +\| (.+) \|$/;
const reference = listed(read("docs/reference/index.md"), row);
const namesIn = (lines: readonly string[]): string[] =>
  lines.filter((line) => line.startsWith("@")).map((line) => line.split(":")[0]!);

test("the reference lists every package, and so does the README", () => {
  expect(namesIn(reference).toSorted()).toEqual(packages.toSorted());
  expect(namesIn(listed(read("README.md"), row)).toSorted()).toEqual(packages.toSorted());
});

test("the README of every package links to a guide", () => {
  const without = packages.filter((name) => {
    const [first] = read(`packages/${name.slice("@hooke/".length)}/README.md`).split(/^## /m);
    return !/\]\(\.\.\/\.\.\/docs\/guides\/[\w-]+\.md\)/.test(first!);
  });
  expect(without).toEqual([]);
});

test("the home of TypeDoc's pages says what the reference says", () => {
  const item = /^- \{@link (@hooke\/[\w-]+)! \| [^}]+\}: (.+)$/;
  expect(listed(read("docs/.vitepress/api-home.md"), item)).toEqual(reference);
});
