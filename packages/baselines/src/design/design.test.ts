// The design matrix against numbers worked out by hand.
import { parseCsv } from "@hooke/data";
import { expect, it } from "vitest";
import { samplesOf } from "../method/samples.ts";
import { designMatrix, fitDesign } from "./design.ts";

const samples = samplesOf(parseCsv("a,b,c,d,e,y\n1,x,5,2,,1\n3,,5,,,1\n5,z,5,4,7,1"), "y", {});
const warnings: string[] = [];
const design = fitDesign("ridge", samples, (sentence) => void warnings.push(sentence));

it("scales numbers, names gaps, and gives categories a column each", () => {
  expect(design.names).toEqual(["a", "b=x", "b=z", "d", "d missing", "e", "e missing"]);
  const s = Math.sqrt(8 / 3);
  expect(Array.from(designMatrix(design, samples))).toEqual([
    ...[-2 / s, 1, 0, -1, 0, 0, 1],
    ...[0, 0, 0, 0, 1, 0, 1],
    ...[2 / s, 0, 1, 1, 0, 0, 0],
  ]);
  expect(warnings).toEqual(['"c": the same in every row, and so left out.']);
});

it("weighs rows as so many", () => {
  const weighted = fitDesign("ridge", { ...samples, weights: Float64Array.of(1, 0, 3) }, () => undefined);
  expect(weighted.parts[0]).toEqual({ input: "a", type: "number", mean: 4, scale: Math.sqrt(3), missing: false });
});

it("finds inputs by name, whatever their order", () => {
  const { columns } = samples;
  expect(designMatrix(design, { ...samples, columns: columns.toReversed() })).toEqual(designMatrix(design, samples));
});

it("refuses inputs that are all the same", () => {
  const flat = samplesOf(parseCsv("a,y\n1,1\n1,2"), "y", {});
  expect(() => fitDesign("ridge", flat, () => undefined)).toThrow("the same in every row");
});
