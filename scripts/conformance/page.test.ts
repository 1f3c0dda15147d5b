// docs/conformance.md counts the suite as it is: each row has the cases that there are now, in every column that ran.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { referenceBackend } from "@hooke/runtime";
import { type CheckResult, runChecks } from "@hooke/testkit/suite";
import { beforeAll, describe, expect, test } from "vitest";
import { functionOf } from "./matrix.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/conformance.md"), "utf8");

/** Cells of the tables' rows, by the first. */
const rows = new Map(
  page
    .split("\n")
    .filter((line) => line.startsWith("| ") && !line.startsWith("| -"))
    .map((line) =>
      line
        .slice(1, -1)
        .split("|")
        .map((cell) => cell.trim()),
    )
    .map(([title, ...cells]) => [title!.replaceAll("`", ""), cells] as const),
);

/** Cases of a cell, run and skipped; undefined where the column did not run. */
function countOf(cell: string): number | undefined {
  if (cell.startsWith("not run")) return undefined;
  const numbers = [...cell.matchAll(/(\d+) (?:pass|skip)/g)].map(([, count]) => Number(count));
  return numbers.reduce((total, count) => total + count, 0);
}

describe("docs/conformance.md", () => {
  let results: readonly CheckResult[];
  beforeAll(async () => {
    // Sums of fewer terms are as many.
    results = await runChecks(referenceBackend(), {}, 1e4);
  });

  test("has a row for each primitive, function and group, with the suite's counts; where it has not, run npm run conformance", () => {
    const counts = new Map<string, number>();
    const count = (title: string, { ran }: CheckResult): void => void counts.set(title, (counts.get(title) ?? 0) + ran);
    for (const result of results) {
      const { group, name } = result;
      count(group === "primitives" ? name : group === "functions" ? functionOf(result) : group, result);
      count("all", result);
    }
    const titles = [...rows.keys()].filter((title) => !["primitive", "function", "checks"].includes(title));
    expect(titles).toEqual([...counts.keys()].filter((title) => title !== "all").concat("all"));
    for (const [title, expected] of counts) {
      for (const cell of rows.get(title)!) expect([title, countOf(cell) ?? expected]).toEqual([title, expected]);
    }
  });

  test("has no failures", () => {
    expect(page).not.toContain("**fail**");
  });
});
