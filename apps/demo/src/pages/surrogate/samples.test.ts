// Which rows of a table a network is taught on, and what is refused, with what to do.
import { tableOf } from "@hooke/data";
import { expect, it } from "vitest";
import { initialOf } from "../../shell/settings.ts";
import { samplesOf } from "./samples.ts";
import { fields } from "./settings.ts";

const count = 30;
const range = Array.from({ length: count }, (_, i) => i);
const settings = { ...initialOf(fields), target: "y" };
const columns = { x: range, y: range.map((i) => 2 * i), lab: range.map((i) => (i % 2 ? "A" : "B")) };

it("holds a fifth of the rows back, and makes names columns of their own", () => {
  const { data, inputs, names, table, left, preprocessing } = samplesOf(tableOf(columns), settings);
  expect([data.train.count, data.validation.count, left]).toEqual([24, 6, 0]);
  expect([inputs, names, table.rowCount]).toEqual([["x", "lab"], ["lab"], 24]);
  expect(data.train.inputNames).toEqual(["x", "lab=A", "lab=B"]);
  expect(preprocessing.inputNames).toEqual(["x", "lab=A", "lab=B"]);
});

it("leaves rows with missing cells out, also of a target, but not of a column that is left out", () => {
  const holes = { ...columns, x: range.with(3, Number.NaN), y: columns.y.with(5, Number.NaN) };
  expect(samplesOf(tableOf(holes), settings).left).toBe(2);
  expect(samplesOf(tableOf(holes), { ...settings, left: '["x"]' }).left).toBe(1);
});

it("never holds back what belongs to a training row: its double, or its group", () => {
  const doubled = { x: range.map((i) => Math.floor(i / 3)), y: columns.y };
  const { data } = samplesOf(tableOf(doubled), settings);
  const [known, held] = [data.train, data.validation].map(({ inputs }) => new Set(inputs.data));
  expect([...held!].filter((x) => known!.has(x))).toEqual([]);
  const batched = tableOf({ ...columns, batch: range.map((i) => `b${i % 10}`) });
  const grouped = samplesOf(batched, { ...settings, groups: "batch" });
  expect(grouped.inputs).toEqual(["x", "lab"]);
  const batches = (rows: ArrayLike<number>) => Array.from(rows, (y) => (y / 2) % 10);
  const learned = new Set(batches(grouped.data.train.targets.data));
  expect(batches(grouped.data.validation.targets.data).filter((batch) => learned.has(batch))).toEqual([]);
});

it.each([
  ["a target of names", { target: "lab" }, /the target "lab" holds names.*Choose a column of numbers/],
  ["too many names", { names: '["x"]', more: 5 }, /column "x" has \d+ names, and 30 can be learned.*left out/],
])("refuses %s", (_, { more = 0, ...part }: { more?: number; target?: string; names?: string }, words) => {
  const long = Array.from({ length: count + more }, (_row, i) => i);
  const table = tableOf({ x: long, y: long, lab: long.map((i) => `${i % 2}`) });
  expect(() => samplesOf(table, { ...settings, ...part })).toThrow(words);
});

it("refuses too few rows and a target that does not vary", () => {
  const few = { x: range.slice(0, 25), y: range.slice(0, 25).map((i) => (i < 10 ? Number.NaN : i)) };
  expect(() => samplesOf(tableOf(few), settings)).toThrow(/15 rows, and 10 with missing cells: a network takes 20/);
  expect(() => samplesOf(tableOf({ x: range, y: range.map(() => 7) }), settings)).toThrow(/is 7 in every row/);
});
