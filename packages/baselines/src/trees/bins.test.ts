// Bins by hand.
import { parseCsv, tableOf } from "@hooke/data";
import { expect, it } from "vitest";
import { samplesOf } from "../method/samples.ts";
import { binColumns } from "./bins.ts";

const binned = (values: readonly number[], bins: number, minimumBinRows: number) => {
  const samples = samplesOf(tableOf({ x: values, y: values.map(() => 0) }), "y", {});
  return binColumns(samples, { bins, minimumBinRows });
};

it("gives each distinct value a bin, and missing ones the last", () => {
  const { columns, bins } = binned([3, 1, Number.NaN, 2, 1, -0, 0], 255, 1);
  expect(columns[0]).toMatchObject({ count: 4, missing: 4, least: Float64Array.of(-0, 1, 2, 3) });
  expect(Array.from(bins)).toEqual([3, 1, 4, 2, 1, 0, 0]);
});

it("joins values until a bin has rows enough", () => {
  const { columns, bins } = binned([1, 2, 3, 4, 5, 6, 7], 255, 3);
  expect(Array.from(bins)).toEqual([0, 0, 0, 1, 1, 1, 2]);
  expect(columns[0]!.greatest).toEqual(Float64Array.of(3, 6, 7));
});

it("puts about the same rows in each bin, frequent values ending one", () => {
  const values = [...Array.from({ length: 40 }, (_, i) => i), ...Array.from({ length: 60 }, () => 20.5)];
  const { columns, bins } = binned(values, 5, 1);
  expect(columns[0]!.count).toBe(5);
  expect(Array.from(columns[0]!.greatest)).toEqual([9, 19, 20.5, 30, 39]);
  expect(new Set(bins.slice(40))).toEqual(new Set([2]));
});

it("knows columns without a value", () => {
  const { columns, bins } = binned([Number.NaN, Number.NaN], 255, 3);
  expect(columns[0]).toMatchObject({ count: 0, missing: 0 });
  expect(Array.from(bins)).toEqual([0, 0]);
});

it("gives the most frequent categories a bin each, and the rest that of missing ones", () => {
  const samples = samplesOf(parseCsv("k,y\nb,0\nb,0\nc,0\na,0\na,0\na,0\n,0"), "y", {});
  const { columns, bins } = binColumns(samples, { bins: 2, minimumBinRows: 1 });
  expect(columns[0]).toMatchObject({ count: 2, missing: 2 });
  expect(Array.from(bins)).toEqual([1, 1, 2, 0, 0, 0, 2]);
});
