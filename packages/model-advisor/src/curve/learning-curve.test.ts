// The learning curve: a method whose errors are known to follow a power of the rows.
import { defineMethod, dummy, samplesOf } from "@hooke/baselines";
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
    rowCount,
  }),
  predict: ({ error, rowCount }, { columns: [x] }, { scatter = 0 }) =>
    Float64Array.from(x!.values, (i) => i + error * (1 + scatter * (((i * (3 + rowCount)) % 13) / 13 - 0.5))),
});

interface Asked {
  readonly exponent: number;
  readonly scatter?: number;
  /** Whether guessing was measured, too. */
  readonly isGuessed?: boolean;
  readonly columns?: Readonly<Record<string, number[]>>;
}

const x = Array.from({ length: 160 }, (_, i) => i);

async function curveOf({ exponent, scatter = 0, isGuessed = false, columns = { x, y: x } }: Asked) {
  const measurement = new Measurement({
    samples: samplesOf(tableOf(columns), "y", {}),
    split: splits.random(),
    error: "rmse",
    key: randomKey(0),
    backend: undefined,
    pause: () => undefined,
    signal: undefined,
  });
  const method = power({ exponent, scatter });
  for (const fold of measurement.foldsOf(0).keys()) {
    await measurement.run("power", method, 0, fold);
    if (isGuessed) await measurement.run("dummy", dummy(), 0, fold);
  }
  return (await learningCurve(measurement, "power", method))!;
}

it("finds the exponent, whatever is usual, where all folds say the same", async () => {
  const curve = await curveOf({ exponent: -0.8, isGuessed: true });
  expect(curve.exponent).toBeCloseTo(-0.8, 10);
  expect(curve.points.map(({ rows }) => rows)).toEqual([64, 128]);
  expect(curve.points[0]!.error).toBeCloseTo(64 ** -0.8, 10);
  expect(curve.atTwice.error).toBeCloseTo(256 ** -0.8, 10);
  expect(curve.atTwice.band[1] - curve.atTwice.band[0]).toBeLessThan(1e-10);
  // 0.9^(1 / -0.8) times the rows, less those that are there.
  expect(curve.rowsForTenthLess.rows).toBe(Math.ceil(160 * (0.9 ** (1 / -0.8) - 1)));
});

it("expects the slope since guessing of a curve on which folds disagree, and is the less sure", async () => {
  // Guesses are off by about 46, the method by about 0.5 with 128 rows: a fall by 90 since there were three.
  const steep = Math.log(0.5 / 46) / Math.log(128 / 3);
  const sure = await curveOf({ exponent: -0.5, isGuessed: true, scatter: 0.1 });
  const unsure = await curveOf({ exponent: -0.5, isGuessed: true, scatter: 20 });
  expect(sure.exponent).toBeCloseTo(-0.5, 1);
  expect(unsure.exponent).toBeLessThan(sure.exponent);
  expect(unsure.exponent).toBeGreaterThan(steep);
  const widthOf = ({ atTwice: { band } }: typeof sure) => Math.log2(band[1] / band[0]);
  expect(widthOf(unsure)).toBeGreaterThan(2 * widthOf(sure));
});

it("promises nothing of rows that do not help", async () => {
  const { atTwice, rowsForTenthLess } = await curveOf({ exponent: 0 });
  expect(atTwice.error).toBeCloseTo(1, 10);
  expect(rowsForTenthLess.rows).toBe(Number.POSITIVE_INFINITY);
});

it("promises no error below what rows of the same inputs scatter by", async () => {
  // Pairs of rows, 1.2 apart: a standard deviation of 0.85.
  const pairs = { x: x.map((i) => i >> 1), y: x.map((i) => (i >> 1) + 1.2 * ((i % 2) - 0.5)) };
  const { points, atTwice, rowsForTenthLess } = await curveOf({ exponent: -0.1, columns: pairs });
  const floor = 1.2 / Math.SQRT2;
  expect(points[1]!.error).toBeGreaterThan(floor);
  expect(0.9 * points[1]!.error).toBeLessThan(floor);
  expect(atTwice.error).toBeGreaterThanOrEqual(floor - 1e-12);
  expect(atTwice.band[0]).toBeCloseTo(floor, 10);
  expect(rowsForTenthLess.rows).toBe(Number.POSITIVE_INFINITY);
});

it("says nothing where nothing is wrong, and does not stumble over a fold without errors", async () => {
  const right = defineMethod({
    name: "acme/right",
    tasks: ["classification"],
    options: { required: { wrongFrom: () => undefined } },
    learn: async ({ rowCount }) => ({ rowCount }),
    predict: ({ rowCount }, { columns: [column] }, { wrongFrom }: { readonly wrongFrom: number }) =>
      Float64Array.from(
        Array.from(column!.values).flatMap((i) => [Number(i % 2 === 0 || i + 64 / rowCount > wrongFrom), 0.5]),
      ),
  });
  const samples = samplesOf(tableOf({ x, y: x.map((i) => (i % 2 === 0 ? "a" : "b")) }), "y", {});
  const curve = async (wrongFrom: number) => {
    const measurement = new Measurement({
      ...{ samples, split: splits.later(), error: "wrong", key: randomKey(0) },
      ...{ backend: undefined, pause: () => undefined, signal: undefined },
    });
    for (const fold of measurement.foldsOf(0).keys()) await measurement.run("right", right({ wrongFrom }), 0, fold);
    return learningCurve(measurement, "right", right({ wrongFrom }));
  };
  expect(await curve(1000)).toBeUndefined();
  const some = (await curve(140))!;
  expect(Number.isFinite(some.atTwice.error) && Number.isFinite(some.exponent)).toBe(true);
});

it("halves groups, not their rows, where groups are held back whole", async () => {
  const seen: Set<number>[] = [];
  const spy = defineMethod({
    name: "acme/groups",
    tasks: ["regression"],
    options: {},
    learn: async ({ groups, rowCount }) => {
      seen.push(new Set(groups as number[]));
      return { error: 1 / rowCount };
    },
    predict: ({ error }, { columns: [column] }) => Float64Array.from(column!.values, (value) => value + error),
  });
  const samples = { ...samplesOf(tableOf({ x, y: x }), "y", {}), groups: x.map((i) => i % 20) };
  const measurement = new Measurement({
    ...{ samples, split: splits.grouped(), error: "rmse", key: randomKey(0) },
    ...{ backend: undefined, pause: () => undefined, signal: undefined },
  });
  for (const fold of measurement.foldsOf(0).keys()) await measurement.run("groups", spy(), 0, fold);
  const curve = (await learningCurve(measurement, "groups", spy()))!;
  expect(curve.points.map(({ rows }) => rows)).toEqual([64, 128]);
  expect(seen.map(({ size }) => size)).toEqual([...Array(5).fill(16), ...Array(10).fill(8)]);
});
