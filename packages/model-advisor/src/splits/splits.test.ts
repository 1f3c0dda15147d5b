// Splits: every row is held back as the purpose says, and nothing that belongs together is on both sides.
import { samplesOf } from "@hooke/baselines";
import { tableOf } from "@hooke/data";
import { randomKey } from "@hooke/runtime";
import { expect, it } from "vitest";
import { foldsFor, sameInputs, splits } from "./splits.ts";

const i = Array.from({ length: 90 }, (_, row) => row);
const table = tableOf({
  x: i.map((row) => Math.floor(row / 2)),
  far: i.map((row) => (row % 3) * 100 + (row % 5)),
  specimen: i.map((row) => `S${row % 9}`),
  y: i.map((row) => (row * 31) % 90),
});
const samples = samplesOf(table, "y", { groups: "specimen" });
const key = randomKey(0);
const all = (folds: readonly { readonly test: Int32Array }[]) =>
  folds.flatMap(({ test }) => [...test]).sort((a, b) => a - b);

it.each([splits.random(), splits.grouped({ folds: 3 }), splits.clusters({ count: 3 })])(
  "holds every row back once: $kind",
  (split) => {
    const folds = foldsFor(split, samples, key, 0);
    expect(all(folds)).toEqual(i);
    for (const { train, test } of folds) expect(train.length + test.length).toBe(90);
    expect(foldsFor(split, samples, key, 0)).toEqual(folds);
  },
);

it("keeps rows of the same inputs together, and rows of one group", () => {
  const { x, far } = { x: samples.columns[0]!.values, far: samples.columns[1]!.values };
  for (const { train, test } of foldsFor(splits.random(), samples, key, 1)) {
    const seen = new Set([...train].map((row) => `${x[row]} ${far[row]}`));
    expect([...test].some((row) => seen.has(`${x[row]} ${far[row]}`))).toBe(false);
  }
  for (const { train, test } of foldsFor(splits.grouped({ folds: 3 }), samples, key, 0)) {
    const seen = new Set([...train].map((row) => row % 9));
    expect([...test].some((row) => seen.has(row % 9))).toBe(false);
  }
});

it("finds clusters that lie apart", () => {
  const folds = foldsFor(splits.clusters({ count: 3 }), samplesOf(table, "y", { inputs: ["far"] }), key, 0);
  expect(folds.map(({ test }) => new Set([...test].map((row) => row % 3)).size)).toEqual([1, 1, 1]);
});

it("joins a cluster of few rows with the nearest, as its error would say how these scatter", () => {
  // 60 rows about 0, 28 about 100, and two at 130.
  const place = (row: number): number => (row < 60 ? 0 : row < 88 ? 100 : 130) + (row % 7);
  const apart = samplesOf(tableOf({ place: i.map(place), y: i }), "y", {});
  const sizes = foldsFor(splits.clusters({ count: 3 }), apart, key, 0).map(({ test }) => test.length);
  expect(sizes.toSorted((a, b) => a - b)).toEqual([30, 60]);
  // Of two there is none to join.
  const two = samplesOf(tableOf({ place: i.map((row) => (row < 88 ? row % 7 : 130)), y: i }), "y", {});
  expect(foldsFor(splits.clusters({ count: 2 }), two, key, 0).map(({ test }) => test.length)).toEqual([88, 2]);
});

it("holds back the largest targets, then the least; and later rows from those before", () => {
  const y = samples.target.values;
  const [most, least] = foldsFor(splits.beyond(), samples, key, 0).map(({ test }) => [...test].map((row) => y[row]!));
  expect(Math.min(...most!)).toBe(72);
  expect(Math.max(...least!)).toBe(17);
  for (const { train, test } of foldsFor(splits.later({ folds: 4 }), samples, key, 0)) {
    expect(Math.max(...train)).toBeLessThan(Math.min(...test));
  }
});

it("refuses groups that are not named, and more folds than groups, with the cure", () => {
  expect(() => foldsFor(splits.grouped(), samplesOf(table, "y", {}), key, 0)).toThrow('groups: "specimen"');
  expect(() => foldsFor(splits.grouped({ folds: 10 }), samples, key, 0)).toThrow(
    "has 9 groups; 10 folds need as many: give splits.grouped({ folds: 9 }).",
  );
});

it("numbers rows by their inputs, in the order in which these come", () => {
  const same = samplesOf(
    tableOf({ a: [1, 2, 1, 0, -0, Number.NaN, Number.NaN], b: ["x", "x", "x", "y", "y", "x", "x"], y: i.slice(0, 7) }),
    "y",
    {},
  );
  expect([...sameInputs(same)]).toEqual([0, 1, 0, 2, 2, 3, 3]);
  expect([...sameInputs({ ...same, columns: same.columns.slice(1) })]).toEqual([0, 0, 0, 1, 1, 0, 0]);
  expect([...sameInputs({ ...same, columns: [] })]).toEqual([0, 0, 0, 0, 0, 0, 0]);
});
