// Whatever takes options, or no more arguments, refuses what it would leave out, in its own name.
import { expect, it } from "vitest";
import { record } from "../record.ts";
import type { Tensor } from "../tensor.ts";
import * as linear from "./linear.ts";
import * as norms from "./norm.ts";
import * as ordering from "./ordering.ts";
import * as random from "./random.ts";
import * as reductions from "./reduction.ts";
import * as rounding from "./rounding.ts";
import * as running from "./running.ts";
import * as scans from "./scan.ts";
import * as softmaxes from "./softmax.ts";
import * as statistics from "./statistics.ts";

const operations = {
  ...linear,
  ...norms,
  ...ordering,
  ...random,
  ...reductions,
  ...rounding,
  ...running,
  ...softmaxes,
  ...statistics,
  scan: scans.scan,
};
type Name = keyof typeof operations;

/** What stands before the options, beside `x[2, 3]`. */
const before: { readonly [K in Name]?: (x: Tensor) => readonly unknown[] } = {
  matmul: (x) => [x, x],
  conv: (x) => [x, x],
  convTranspose: (x) => [x, x, [1]],
  maxPool: (x) => [x],
  sumPool: (x) => [x],
  averagePool: (x) => [x],
  norm: (x) => [x],
  sort: (x) => [x, -1],
  argSort: (x) => [x, -1],
  uniform: () => [random.randomKey(0), [2]],
  sum: (x) => [x],
  max: (x) => [x],
  min: (x) => [x],
  prod: (x) => [x],
  mean: (x) => [x],
  variance: (x) => [x],
  logSumExp: (x) => [x],
  cumsum: (x) => [x, 0],
  cumprod: (x) => [x, 0],
  scan: (x) => [() => [], [], x],
};
const calling = (name: Name, given: (x: Tensor) => readonly unknown[]) => (): unknown =>
  record((x) => (operations[name] as (...all: readonly unknown[]) => Tensor)(...given(x)), {
    shape: [2, 3],
    dtype: "f32",
  });

it("the table is complete", () => {
  const takesOptions = Object.entries(operations).filter(([, fn]) => /^[^{]*(options|params)\b/i.test(String(fn)));
  expect(takesOptions.map(([name]) => name).sort()).toEqual(Object.keys(before).sort());
});

it.each(Object.entries(before))("%s refuses other options, and what are none", (name, given) => {
  for (const wrong of [null, 0, [0], "axis", true])
    expect(calling(name as Name, (x) => [...given(x), wrong])).toThrow(
      `${name}: received ${JSON.stringify(wrong)}; it takes options in a record, { `,
    );
  expect(calling(name as Name, (x) => [...given(x), { ddof: 1 }])).toThrow(
    `${name}: received the unknown option "ddof".`,
  );
});

it("an axis by itself is none of the options", () => {
  expect(calling("sum", (x) => [x, 0])).toThrow("sum: received 0; it takes options in a record, { axes: ... }.");
});

it.each<[Name, unknown[]]>([
  ["topK", [1, 1, false]],
  ["topK", [1, 1, { largest: false }]],
  ["round", [2]],
  ["softmax", [0, "f64"]],
  ["logSoftmax", [0, "f64"]],
  ["argMax", [0, true]],
  ["argMin", [0, true]],
])("%s takes no more than %j without the last", (name, given) => {
  expect(calling(name, (x) => [x, ...given])).toThrow(
    `${name}: received ${JSON.stringify(given.at(-1))} beyond its arguments.`,
  );
});
