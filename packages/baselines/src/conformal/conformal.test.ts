// Conformal bounds against their definition, and how many new rows they hold.
import { type Table, tableOf } from "@hooke/data";
import { randomKey } from "@hooke/runtime";
import { expect, it } from "vitest";
import { dummy } from "../dummy/dummy.ts";
import { ridge } from "../linear/ridge.ts";
import { defineMethod } from "../method/define-method.ts";
import { decodeFitted, encodeFitted } from "../method/file.ts";
import { randomFrom } from "../method/random.ts";
import { baselines } from "../plugin.ts";
import { conformal } from "./conformal.ts";
import { crossBounds } from "./ranks.ts";

/** A line and errors about it, of groups that have errors of their own. */
function line(seed: number, groups: number, each: number): Table {
  const random = randomFrom(randomKey(seed), "line");
  const x: number[] = [];
  const y: number[] = [];
  const heat: string[] = [];
  for (let group = 0; group < groups; group++) {
    const own = each > 1 ? random.uniform() : 0;
    for (let i = 0; i < each; i++) {
      x.push(random.uniform());
      y.push(3 * x.at(-1)! + own + 0.5 * (random.uniform() + random.uniform()));
      heat.push(`heat ${group}`);
    }
  }
  return tableOf({ x, heat, y });
}

it("is the definition: ranks of predictions without each row, and its error there", async () => {
  const table = line(1, 12, 1);
  const fitted = await conformal({ method: dummy(), folds: 12 }).fit(table, "y", { inputs: ["x"] });
  const y = table.columns[2]!.values as Float64Array;
  const sum = y.reduce((a, b) => a + b);
  const ends = [...y].map((value) => {
    const without = (sum - value) / 11;
    return [without - Math.abs(value - without), without + Math.abs(value - without)] as const;
  });
  // Of 12 rows: level 0.8 takes rank ceil(0.8 * 13) = 11 of the upper ends, and as far from below of the lower ones.
  const { bounds, values } = fitted.predict(table, { level: 0.8 });
  expect(values[0]).toBeCloseTo(sum / 12, 12);
  expect(bounds!.upper[0]).toBeCloseTo(ends.map(([, upper]) => upper).sort((a, b) => a - b)[10]!, 12);
  expect(bounds!.lower[0]).toBeCloseTo(ends.map(([lower]) => lower).sort((a, b) => a - b)[1]!, 12);
  const all = fitted.predict(table, { level: 0.95 }).bounds!;
  expect([all.lower[0], all.upper[0]]).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
});

async function held(groups: number, each: number, grouped: boolean): Promise<number> {
  let [inside, count] = [0, 0];
  for (let seed = 0; seed < 25; seed++) {
    const options = { inputs: ["x"], ...(grouped && { groups: "heat" }) };
    const fitted = await conformal({ method: ridge() }).fit(line(seed, groups, each), "y", options);
    const fresh = line(1000 + seed, 40, each);
    const { bounds } = fitted.predict(fresh, { level: 0.9 });
    for (const [row, value] of (fresh.columns[2]!.values as Float64Array).entries()) {
      count++;
      if (bounds!.lower[row]! <= value && value <= bounds!.upper[row]!) inside++;
    }
  }
  return inside / count;
}

it("holds 87 to 93 of 100 new rows at level 0.9, and as many rows of new groups where groups are given", async () => {
  const rows = await held(60, 1, false);
  expect(rows).toBeGreaterThan(0.87);
  expect(rows).toBeLessThan(0.93);
  const groups = await held(20, 5, true);
  expect(groups).toBeGreaterThan(0.87);
  expect(groups).toBeLessThan(0.94);
});

it("counts rows as often as their weights say: not at all, alike, or as the quantile of errors with repeats", async () => {
  const table = line(3, 24, 1);
  const bounds = async (of: Table, weights?: number[]) => {
    const options = { inputs: ["x"], ...(weights && { weights }) };
    return (await conformal({ method: dummy(), folds: 30 }).fit(of, "y", options)).predict(of, { level: 0.8 }).bounds!;
  };
  const [x, , y] = table.columns.map(({ values }) => [...values]) as [number[], string[], number[]];
  const wild = tableOf({ x: [...x, 0.5, 0.5], y: [...y, 1e6, -1e6] });
  const counted = [...y.map(() => 1), 0, 0];
  const plain = await bounds(table);
  expect((await bounds(wild, counted)).upper[0]).toBe(plain.upper[0]);
  expect(
    (
      await bounds(
        table,
        Array.from(y, () => 0.1),
      )
    ).upper[0],
  ).toBeCloseTo(plain.upper[0]!, 12);
  // Of the dummy without a row, predictions and errors follow from the weighted mean.
  const weights = y.map((_, i) => 1 + (i % 3));
  const total = weights.reduce((a, b) => a + b);
  const sum = y.reduce((a, value, i) => a + weights[i]! * value, 0);
  const ends = y.map((value, i) => {
    const without = (sum - weights[i]! * value) / (total - weights[i]!);
    return [without + Math.abs(value - without), weights[i]!] as const;
  });
  const sorted = ends.toSorted(([a], [b]) => a - b);
  let below = 0;
  const found = sorted.find(([, weight]) => {
    below += (weight * y.length) / total;
    return below >= 0.8 * (y.length + 1);
  });
  expect((await bounds(table, weights)).upper[0]).toBeCloseTo(found![0], 12);
});

it("says where groups are too few to bound new ones by", async () => {
  const warningsOf = async (groups: number) =>
    (await conformal({ method: ridge() }).fit(line(1, groups, 4), "y", { inputs: ["x"], groups: "heat" })).warnings;
  expect(await warningsOf(9)).toEqual([expect.stringMatching(/^9 groups are few/)]);
  expect(await warningsOf(10)).toEqual([]);
});

it.each([
  ["searched", 40],
  ["sorted", 4],
])("is no number where a model of a fold says none, ends are %s", (_, errors) => {
  const predicted = [0, 1].map((fold) =>
    Float64Array.from({ length: 12 }, (_, row) => (row === 5 + fold ? Number.NaN : row)),
  );
  const rows = Array.from({ length: 2 * errors }, (_, i) => i);
  const fitted = {
    predicted,
    foldOf: rows.map((i) => i % 2),
    errors: Float64Array.from(rows),
    weights: new Float64Array(),
  };
  const { lower, upper } = crossBounds(fitted, 0.5);
  for (const ends of [lower, upper]) {
    expect(Array.from(ends.keys()).filter((row) => Number.isNaN(ends[row]))).toEqual([5, 6]);
  }
});

/** Predicts 0 and believes to be off by the input; by nothing at all where that is 0. */
const believing = defineMethod({
  name: "test/believing",
  tasks: ["regression"],
  options: {},
  learn: async () => ({}),
  predict: (_, { rowCount }) => new Float64Array(rowCount),
  bounds: (_, { columns }) => {
    const upper = Float64Array.from(columns[0]!.values as Float64Array);
    return { lower: upper.map((value) => -2 * value), upper };
  },
});

it("keeps the shape of a method's own bounds: their reach to either side, times the rank of errors over it", async () => {
  const x = Array.from({ length: 19 }, (_, i) => 1 + (i % 4));
  // Errors over the reach, 2 x below and x above, are 1, 2, ... 19 tenths.
  const y = x.map((value, i) => (i % 2 === 0 ? 0.1 * (i + 1) * value : -0.2 * (i + 1) * value));
  const fitted = await conformal({ method: believing() }).fit(tableOf({ x, y }), "y");
  const { bounds, deviation } = fitted.predict(tableOf({ x: [1, 10, 0] }), { level: 0.8 });
  const expected = [1.6, 16, 1.6e-3 * Math.sqrt(y.reduce((sum, value) => sum + (value - mean(y)) ** 2, 0) / 19)];
  for (const [row, value] of expected.entries()) {
    expect(bounds!.upper[row]).toBeCloseTo(value, 9);
    expect(bounds!.lower[row]).toBeCloseTo(row < 2 ? -2 * value : -value, 9);
  }
  // The root mean square of 0.1 ... 1.9, times half the width.
  const squares = x.reduce((sum, _, i) => sum + (0.1 * (i + 1)) ** 2, 0);
  expect(deviation![1]).toBeCloseTo(15 * Math.sqrt(squares / 19), 9);
});

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b) / values.length;

it("bounds many rows as it does each of them, in a moment of fifty thousand learned from", () => {
  const random = randomFrom(randomKey(4), "many");
  const uniform = (length: number): Float64Array => Float64Array.from({ length }, () => random.uniform());
  const made = (rows: number, count: number, folds: number) => ({
    predicted: Array.from({ length: folds }, () => uniform(rows)),
    foldOf: Int32Array.from({ length: count }, () => Math.floor(folds * random.uniform())),
    // Some are none, and many are equal.
    errors: uniform(count).map((error) => (error < 0.1 ? 0 : Math.round(50 * error) / 50)),
    reaches: Array.from({ length: folds }, () => ({ below: uniform(rows), above: uniform(rows) })),
  });
  for (const counts of [[], Array.from({ length: 300 }, (_, i) => 0.5 + (i % 3) / 2)]) {
    const all = { ...made(12, 300, 4), weights: Float64Array.from(counts) };
    for (const level of [0.1, 0.55, 0.9, 0.999]) {
      const { lower, upper } = crossBounds(all, level);
      for (const row of lower.keys()) {
        const one = {
          ...all,
          predicted: all.predicted.map((of) => of.slice(row, row + 1)),
          reaches: all.reaches.map(({ below, above }) => ({
            below: below.slice(row, row + 1),
            above: above.slice(row, row + 1),
          })),
        };
        expect(crossBounds(one, level)).toEqual({ lower: lower.slice(row, row + 1), upper: upper.slice(row, row + 1) });
      }
    }
  }
  const begun = performance.now();
  crossBounds({ ...made(5000, 50_000, 10), weights: new Float64Array(0) }, 0.9);
  // To sort the ends of every row takes half a minute and more.
  expect(performance.now() - begun).toBeLessThan(10_000);
});

it("comes back from a file, and refuses classes", async () => {
  const table = line(2, 30, 1);
  const fitted = await conformal({ method: ridge() }).fit(table, "y");
  const again = decodeFitted(encodeFitted(fitted), { plugins: [baselines] });
  expect(again.predict(table, { level: 0.9 })).toEqual(fitted.predict(table, { level: 0.9 }));
  await expect(conformal({ method: dummy() }).fit(table, "heat")).rejects.toThrow("predicts regression");
  expect(() => conformal({ method: "ridge" as never })).toThrow("a method, such as ridge()");
});
