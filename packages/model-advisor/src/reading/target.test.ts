// What is said of targets.
import { samplesOf } from "@hooke/baselines";
import { tableOf } from "@hooke/data";
import { expect, it } from "vitest";
import { refuseUnlearnable, targetWarnings } from "./target.ts";

const x = Array.from({ length: 40 }, (_, i) => i);
const samples = (y: number[] | string[]) => samplesOf(tableOf({ x, y }), "y", {});

it.each([
  [x.map(() => 5), 'the target "y" is 5 in every row: there is nothing to predict'],
  [x.map(() => "ductile"), 'the target "y" is "ductile" in every row'],
  [x.map((i) => `note ${i}`), 'the target "y" is another class in every row, "note 0" first'],
])("refuses a target that says nothing, or something else in every row", (y, said) => {
  expect(() => refuseUnlearnable(samples(y))).toThrow(said);
});

it.each<[string, number[], string[]]>([
  ["two numbers", x.map((i) => i % 2), ["classes"]],
  ["powers of ten", x.map((i) => 10 ** (i / 8)), ["spread"]],
  ["one that is far off", x.map((i) => (i === 0 ? 1e9 : 1 + i)), []],
  ["signs", x.map((i) => 10 ** (i / 8) * (-1) ** i), []],
  ["counts", x.map((i) => i % 5), []],
])("says of %s what deserves a look", (_, y, kinds) => {
  refuseUnlearnable(samples(y));
  expect(targetWarnings(samples(y)).map(({ kind }) => kind)).toEqual(kinds);
});
