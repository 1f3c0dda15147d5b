// The learning curve: a method whose errors are known to follow a power of the rows.
import { defineMethod, samplesOf } from "@hooke/baselines";
import { tableOf } from "@hooke/data";
import { randomKey } from "@hooke/runtime";
import { expect, it } from "vitest";
import { Measurement } from "../comparison/measurement.ts";
import { splits } from "../splits/splits.ts";
import { learningCurve } from "./learning-curve.ts";

/** Its errors are `rows^exponent`, times what a row of 16 scatters. */
const power = defineMethod({
  name: "acme/power",
  tasks: ["regression"],
  options: { required: { exponent: () => undefined }, optional: { scatter: () => undefined } },
  learn: async ({ rowCount }, { exponent }: { readonly exponent: number; readonly scatter?: number }) => ({
    error: rowCount ** exponent,
  }),
  predict: ({ error }, { columns: [x] }, { scatter = 0 }) =>
    Float64Array.from(x!.values, (value) => value + error * (1 + scatter * (((value * 7) % 16) / 16 - 0.5))),
});

async function curveOf(options: { readonly exponent: number; readonly scatter?: number }) {
  const x = Array.from({ length: 160 }, (_, i) => i);
  const measurement = new Measurement({
    samples: samplesOf(tableOf({ x, y: x }), "y", {}),
    split: splits.random(),
    error: "rmse",
    key: randomKey(0),
    backend: undefined,
    pause: () => undefined,
    signal: undefined,
  });
  for (const fold of measurement.foldsOf(0).keys()) await measurement.run("power", power(options), 0, fold);
  return (await learningCurve(measurement, "power", power(options)))!;
}

it("finds the exponent, whatever is usual, where all folds say the same", async () => {
  const curve = await curveOf({ exponent: -0.8 });
  expect(curve.exponent).toBeCloseTo(-0.8, 10);
  expect(curve.points.map(({ rows }) => rows)).toEqual([64, 128]);
  expect(curve.atTwice.error).toBeCloseTo(256 ** -0.8, 10);
  expect(curve.atTwice.band[1] - curve.atTwice.band[0]).toBeLessThan(1e-10);
  // 0.9^(1 / -0.8) times the rows, less those that are there.
  expect(curve.rowsForTenthLess.rows).toBe(Math.ceil(160 * (0.9 ** (1 / -0.8) - 1)));
});

it("promises nothing of rows that do not help", async () => {
  const { atTwice, rowsForTenthLess } = await curveOf({ exponent: 0 });
  expect(atTwice.error).toBeCloseTo(1, 10);
  expect(rowsForTenthLess.rows).toBe(Number.POSITIVE_INFINITY);
});
