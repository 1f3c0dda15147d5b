// Which candidates one can wait for.
import { samplesOf } from "@hooke/baselines";
import { tableOf } from "@hooke/data";
import { expect, it } from "vitest";
import { candidatesFor } from "./candidates-by-structure.ts";

/** Names of those that the first answer waits for, of 60 rows. */
function quickOf(width: number): string[] {
  const rows = Array.from({ length: 60 }, (_, row) => row);
  const columns = Array.from({ length: width }, (_, i): [string, number[]] => [
    `element ${"abcdefghij"[i % 10]}${"x".repeat(i / 10)}`,
    rows.map((row) => Math.sin(row * (i + 1))),
  ]);
  const table = tableOf({ ...Object.fromEntries(columns), y: rows });
  return candidatesFor(samplesOf(table, "y", {}), true, {}).flatMap(({ name, quick }) => (quick ? [name] : []));
}

it("waits for no forest, process or path of penalties of hundreds of columns", () => {
  const slow = ["elastic net", "forest", "Gaussian process"];
  expect(quickOf(8)).toEqual(expect.arrayContaining(slow));
  expect(quickOf(300).filter((name) => slow.includes(name))).toEqual([]);
  expect(quickOf(300)).toEqual(expect.arrayContaining(["dummy", "ridge", "boosting"]));
});
