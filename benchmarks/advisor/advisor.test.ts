// The judgement in its small form: of a law, that nothing has to be downloaded for.
import { expect, it } from "vitest";
import { type Forecast, notice } from "./honesty.ts";
import { type Judgement, judge } from "./judge.ts";
import { tableOfLaw } from "./laws.ts";
import type { AdvisorSet } from "./set.ts";
import { tablesOf } from "./table.ts";

const effort = { seed: 0, budget: { seconds: 0.1 } };
const law: AdvisorSet = { ...tableOfLaw("line_of_five", 100)!, name: "law" };

/** A forecast takes as long as all candidates do. */
const twice: Forecast = {
  kind: "forecast",
  set: "law",
  seed: 0,
  method: "ridge",
  rows: 40,
  now: 1.1,
  forecast: 0.9,
  band: [0.9, 1],
  measured: 1,
  points: [],
  cpuSeconds: 0,
};

it("judges advice by rows that were held back, and says what it found", async () => {
  const judged = await judge(law, "row", effort, true);
  expect(judged.rows).toBe(80);
  expect(judged.errors[judged.advised!]! / Math.min(...Object.values(judged.errors))).toBeLessThan(1.25);
  expect(judged.errors.ridge! / judged.errors.dummy!).toBeLessThan(0.2);
  const noticed = await notice(law, "target + 10 % noise as a column", effort);
  expect(noticed.warnings).toEqual(["leak"]);
  const tables = tablesOf([judged, noticed, twice]);
  expect(tables).toContain("| advice |");
  expect(tables).toContain("| 0.900 to 1.00 | 1.00 | -10 % |");
  expect(tables).toContain("| target + 10 % noise as a column | leak | 1 of 1 |");
});

it("judges advice on few rows by all others", async () => {
  const judged = await judge(law, "row", { ...effort, seen: 12 }, false);
  expect(judged.rows).toBe(12);
  expect(judged.advised).toMatch(/^(ridge|elastic net)$/);
  expect(judged.errors.ridge! / judged.errors.dummy!).toBeLessThan(0.3);
});

it("says of what nothing predicted that nothing did, and of advice that failed that it is the worst", () => {
  const failed: Judgement = {
    kind: "judgement",
    set: "law",
    seed: 3,
    by: "row",
    rows: 80,
    advised: "ridge",
    equivalent: ["ridge"],
    range: [1, 2],
    plain: "ridge",
    measured: {},
    errors: {},
    warnings: [],
    untried: [],
    cpuSeconds: 1,
  };
  expect(tablesOf([failed])).toBe(
    "No candidate predicted the rows held back of: law 3 by row.\n\n1 s of one processor.",
  );
  const tables = tablesOf([failed, { ...failed, seed: 4, errors: { dummy: 3, forest: 2 } }]);
  expect(tables).toContain("| advice | Infinity | Infinity |");
  expect(tables).toContain("| law | 4 | 80 | ridge | Infinity | 1.00 to 2.00 | forest | 2.00 | 1 |");
  expect(tables).toContain("No candidate predicted the rows held back of: law 3 by row.");
});
