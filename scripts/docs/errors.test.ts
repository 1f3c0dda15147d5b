// The guide to errors has a section for every code, and for no other.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const read = (path: string): string => readFileSync(join(import.meta.dirname, "../..", path), "utf8");

test("every code has a section with a cure", () => {
  const [, union] = /export type ErrorCode =\n([^;]*);/.exec(read("packages/runtime/src/error.ts"))!;
  const codes = [...union!.matchAll(/"([\w-]+)"/g)].map(([, code]) => code);
  const sections = read("docs/guides/errors.md").split(/^## /m).slice(1);
  expect(sections.map((section) => /^.*/.exec(section)![0])).toEqual(codes);
  expect(sections.filter((section) => !/^Cure: |^\d\. /m.test(section))).toEqual([]);
});
