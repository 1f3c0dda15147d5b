// Boosting against LightGBM: the same bins, splits and leaves, and so the same sums for the rows of training.
import { type Column, type Table, tableOf } from "@hooke/data";
import { type GoldenCase, loadGolden } from "@hooke/testkit/golden";
import { expect, it } from "vitest";
import { samplesOf } from "../method/samples.ts";
import { gradientBoosting } from "./gradient-boosting.ts";
import { sumTrees } from "./trees.ts";

const golden = loadGolden("trees")
  .cases.filter(({ operation }) => operation === "boosting")
  .map((entry) => [entry.name, entry] as const);

/** The table of a case: `x0`, `x1`, ... and `y`. */
function tableFrom({ inputs }: GoldenCase): Table {
  const { x, missing, y } = inputs;
  const [rows, width] = x!.shape as [number, number];
  const columns = Array.from({ length: width }, (_, c) => [
    `x${c}`,
    Array.from({ length: rows }, (_, r) => (missing!.data[r * width + c] ? Number.NaN : x!.data[r * width + c]!)),
  ]);
  return tableOf({ ...Object.fromEntries(columns), y: Array.from(y!.data) });
}

it.each(golden)("equals LightGBM: %s", async (_, entry) => {
  const { rounds, categories, classes, ...options } = entry.config;
  const table = tableFrom(entry);
  const fitOptions = {
    categories: categories === 0 ? [] : [(table.columns.at(-2) as Column).name],
    ...(classes !== undefined && { classes: true }),
    ...(entry.inputs.weights && { weights: entry.inputs.weights.data }),
  };
  const fitted = await gradientBoosting({ rounds: rounds as number, ...options }).fit(table, "y", fitOptions);
  const sums = sumTrees(fitted.state.trees, samplesOf(table, "y", fitOptions));
  const expected = entry.outputs.sums!.data;
  expect(sums).toHaveLength(expected.length);
  // LightGBM keeps gradients as 32-bit floats.
  let worst = 0;
  for (let i = 0; i < sums.length; i++) worst = Math.max(worst, Math.abs(sums[i]! - expected[i]!));
  expect(worst).toBeLessThan(2e-6);
});
