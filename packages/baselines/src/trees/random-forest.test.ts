// Forests: what their trees hold, what rows out of the bag say, and what options do.
import { parseCsv, tableOf } from "@hooke/data";
import { threefry } from "@hooke/runtime";
import { expect, it } from "vitest";
import { decodeFitted, encodeFitted } from "../method/file.ts";
import { baselines } from "../plugin.ts";
import { randomForest } from "./random-forest.ts";

const random = (i: number): number => threefry(7, 7, i, 0)[0] / 2 ** 32;
const rows = 500;
const column = (of: (row: number) => number): number[] => Array.from({ length: rows }, (_, row) => of(row));
const x = column((row) => random(4 * row));
const z = column((row) => random(4 * row + 1));
const y = column((row) => 4 * x[row]! + (z[row]! > 0.5 ? 2 : 0) + random(4 * row + 2) - 0.5);
const table = tableOf({ x, z, y });
const rmse = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.sqrt(Array.from(a).reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0) / a.length);

it("gives leaves down to a row, the mean of their targets", async () => {
  const { state } = await randomForest({ trees: 1 }).fit(table, "y", { seed: 5 });
  const { column, cover, starts } = state.trees;
  expect(cover[0]).toBe(rows);
  const leaves = Array.from(cover.keys()).filter((node) => column[node]! < 0);
  expect(leaves.reduce((sum, leaf) => sum + cover[leaf]!, 0)).toBe(rows);
  // Two thirds of the rows are drawn, and have different targets.
  expect(leaves.length).toBeGreaterThan(0.6 * rows);
  expect(starts).toEqual(Int32Array.of(0, 2 * leaves.length - 1));
});

it("says out of the bag what new rows show", async () => {
  const { state, predict } = await randomForest({ trees: 200 }).fit(table, "y");
  const fresh = tableOf({ x: x.map((_, row) => random(row + 90_000)), z: x.map((_, row) => random(row + 95_000)) });
  const [freshX, freshZ] = [fresh.columns[0]!.values as Float64Array, fresh.columns[1]!.values as Float64Array];
  const truth = freshX.map((value, row) => 4 * value + (freshZ[row]! > 0.5 ? 2 : 0) + random(row + 99_000) - 0.5);
  const out = rmse(state.outOfBag, y);
  expect(Math.abs(out / rmse(predict(fresh).values, truth) - 1)).toBeLessThan(0.1);
  expect(rmse(predict(table).values, y)).toBeLessThan(0.6 * out);
});

it("says nothing out of the bag of rows that all trees saw", async () => {
  const { state } = await randomForest({ trees: 1 }).fit(table, "y");
  const share = state.outOfBag.filter(Number.isNaN).length / rows;
  expect(Math.abs(share - (1 - Math.exp(-1)))).toBeLessThan(0.08);
});

it("draws whole groups, so that rows out of the bag tell of new ones", async () => {
  const specimens = column((row) => row % 25);
  const level = specimens.map((specimen) => random(specimen + 7e6));
  const noted = tableOf({ x, level, specimen: specimens, y: specimens.map((specimen) => 10 * random(specimen + 8e6)) });
  const grouped = await randomForest({ trees: 100 }).fit(noted, "y", { groups: "specimen" });
  const single = await randomForest({ trees: 100 }).fit(noted, "y", { inputs: ["x", "level"] });
  const target = noted.columns.at(-1)!.values as Float64Array;
  expect(rmse(single.state.outOfBag, target)).toBeLessThan(0.5);
  expect(rmse(grouped.state.outOfBag, target)).toBeGreaterThan(2);
});

it("keeps its limits", async () => {
  const { state } = await randomForest({ trees: 5, minimumRows: 20 }).fit(table, "y");
  const { column, cover } = state.trees;
  expect(Math.min(...cover.filter((_, node) => column[node]! < 0))).toBeGreaterThanOrEqual(20);
  const small = await randomForest({ trees: 5, leaves: 4 }).fit(table, "y");
  expect(small.state.trees.column).toHaveLength(5 * 7);
  const flat = await randomForest({ trees: 5, depth: 2 }).fit(table, "y");
  expect(flat.state.trees.column).toHaveLength(5 * 7);
});

it("learns classes of numbers with gaps and of categories", async () => {
  const kinds = "pqrstu";
  const label = (row: number) =>
    row % 7 === 0 ? "gap" : "qsu".includes(kinds[row % 6]!) ? "odd" : x[row]! > 0.5 ? "high" : "low";
  const lines = x.map((value, row) => `${row % 7 === 0 ? "" : value},${kinds[row % 6]},${random(row)},${label(row)}`);
  const fitted = await randomForest({ trees: 60 }).fit(parseCsv(["x,kind,noise,label", ...lines].join("\n")), "label");
  const { values, probabilities, classes } = fitted.predict(
    parseCsv("x,kind,noise\n0.9,p,0.5\n0.1,r,0.5\n0.9,q,0.5\n,q,0.5"),
  );
  expect(Array.from(values, (value) => classes![value])).toEqual(["high", "low", "odd", "gap"]);
  for (let row = 0; row < 4; row++) {
    expect(probabilities!.slice(4 * row, 4 * row + 4).reduce((a, b) => a + b)).toBeCloseTo(1, 12);
  }
  expect(fitted.state.outOfBag).toHaveLength(rows * 4);
  expect(
    decodeFitted(encodeFitted(fitted), { plugins: [baselines] }).predict(parseCsv("x,kind,noise\n0.9,p,0.5")).values,
  ).toEqual(values.slice(0, 1));
});

it("leaves rows of no weight out, and lets others count more", async () => {
  const weights = x.map((value) => (value > 0.5 ? 0 : 1));
  const fitted = await randomForest({ trees: 20 }).fit(table, "y", { weights });
  expect(fitted.predict(tableOf({ x: [0.99], z: [0.1] })).values[0]).toBeLessThan(2.5);
  const text = parseCsv(
    ["x,z,y", ...x.map((value, row) => `${value},${z[row]},${value > 0.5 ? "a" : "b"}`)].join("\n"),
  );
  const one = await randomForest({ trees: 20 }).fit(text, "y", { weights });
  expect(Array.from(one.predict(text).probabilities!).every((p) => p === 0 || Math.abs(p - 1) < 1e-12)).toBe(true);
});

it("is decided by its seed", async () => {
  const method = randomForest({ trees: 5, columnsPerSplit: 1 });
  const [first, again] = [await method.fit(table, "y", { seed: 1 }), await method.fit(table, "y", { seed: 1 })];
  expect(encodeFitted(again)).toEqual(encodeFitted(first));
  expect((await method.fit(table, "y", { seed: 2 })).state.trees).not.toEqual(first.state.trees);
});

it("refuses more columns than there are", async () => {
  await expect(randomForest({ columnsPerSplit: 3 }).fit(table, "y")).rejects.toThrow("there are 2 inputs");
});
