// docs/conformance.md counts the suite as it is: each row has the cases that there are now, in every column that ran.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { referenceBackend } from "@hooke/runtime";
import { layerAgreementChecks, trainingChecks } from "@hooke/testkit/layers";
import { type CheckResult, conformanceChecks, runChecks, thirdDerivativeChecks } from "@hooke/testkit/suite";
import { beforeAll, describe, expect, test } from "vitest";
import { functionOf } from "./matrix.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/conformance.md"), "utf8");

/** Cells of the tables' rows, by the heading of the table and the first cell. */
const rows = new Map<string, readonly string[]>();
let [heading, head] = ["", true];
for (const line of page.split("\n")) {
  if (line.startsWith("#")) [heading, head] = [line.replace(/^#+ /, ""), true];
  if (!line.startsWith("| ") || line.startsWith("| -")) continue;
  const [title, ...cells] = line
    .slice(1, -1)
    .split("|")
    .map((cell) => cell.trim());
  if (!head) rows.set(`${heading}: ${title!.replaceAll("`", "")}`, cells);
  head = false;
}

/** Cases of a cell, run and skipped; undefined where the column did not run. */
function countOf(cell: string): number | undefined {
  if (cell.startsWith("not run")) return undefined;
  const numbers = [...cell.matchAll(/(\d+) (?:pass|skip)/g)].map(([, count]) => Number(count));
  return numbers.reduce((total, count) => total + count, 0);
}

/** Where the page counts a result. */
function placeOf(result: CheckResult): string {
  const { group, name } = result;
  if (group === "primitives") return `Primitives: ${name}`;
  if (group === "functions")
    return `Functions of several primitives, with gradients of three orders: ${functionOf(result)}`;
  return group.startsWith("@") ? `${group}: ${name}` : `Programs and buffers: ${group}`;
}

describe("docs/conformance.md", () => {
  let results: readonly CheckResult[];
  beforeAll(async () => {
    // Sums of fewer terms are as many; and what has no dtypes skips every case of the others, which are then counted without being run.
    const others = [...thirdDerivativeChecks(), ...layerAgreementChecks(), ...trainingChecks()];
    results = [
      ...(await runChecks(referenceBackend(), {}, conformanceChecks(1e4))),
      ...(await runChecks({ ...referenceBackend(), dtypes: [] }, {}, others)),
    ];
  });

  test("has a row for each primitive, function, layer and group, with the suite's counts; where it has not, run npm run conformance", () => {
    const counts = new Map<string, number>();
    const total = "Programs and buffers: all";
    for (const result of results) {
      for (const place of [placeOf(result), total]) {
        counts.set(place, (counts.get(place) ?? 0) + result.ran + result.skipped.length);
      }
    }
    expect([...rows.keys()].sort()).toEqual([...counts.keys()].sort());
    for (const [place, expected] of counts) {
      for (const cell of rows.get(place)!) expect([place, countOf(cell) ?? expected]).toEqual([place, expected]);
    }
  });

  test("has no failures", () => {
    expect(page).not.toContain("**fail**");
  });
});
