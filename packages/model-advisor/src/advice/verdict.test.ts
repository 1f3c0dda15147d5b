// The verdict on errors that are made up: who is recommended of those that predict alike, and when there is anything to find.
import { ridge, samplesOf } from "@hooke/baselines";
import { tableOf } from "@hooke/data";
import { randomKey } from "@hooke/runtime";
import { expect, it } from "vitest";
import { comparisonOf } from "../comparison/comparison.ts";
import { Measurement } from "../comparison/measurement.ts";
import { withAllRows } from "../curve/learning-curve.ts";
import { type Split, splits } from "../splits/splits.ts";
import type { Candidate } from "./candidates.ts";
import type { Readability } from "./options.ts";
import { expectedOf } from "./prior.ts";
import { signalOf, verdictOf } from "./verdict.ts";

const legible = new Set(["dummy", "ridge", "quadratic"]);

/** Errors of five folds a repeat by method, the simplest first, judged; `NaN` where it failed. What is predicted is `said`, of the numbers 0 to 19. */
function judged(
  errors: Readonly<Record<string, readonly number[]>>,
  said: (row: number) => number = () => 0,
  classes: readonly string[] = [],
  {
    readable = "preferred",
    groups,
    split = groups ? splits.grouped() : splits.random(),
  }: { readonly readable?: Readability; readonly groups?: readonly number[]; readonly split?: Split } = {},
) {
  const x = Array.from({ length: 20 }, (_, i) => i);
  const targets = classes.length === 0 ? x : x.map((value) => classes[value % classes.length]!);
  const measurement = new Measurement({
    samples: { ...samplesOf(tableOf({ x, y: targets }), "y", {}), ...(groups && { groups }) },
    split,
    error: "rmse",
    key: randomKey(0),
    backend: undefined,
    pause: () => undefined,
    signal: undefined,
  });
  for (const [method, all] of Object.entries(errors)) {
    for (const [i, error] of all.entries()) {
      const [repeat, fold] = [Math.floor(i / 5), i % 5];
      const rows = Int32Array.from({ length: 4 }, (_, place) => 4 * fold + place);
      if (Number.isNaN(error)) {
        measurement.failed.push({ method, repeat, fold, error: "no" });
        continue;
      }
      measurement.measured.push({
        method,
        repeat,
        fold,
        error,
        seconds: 0,
        predicted: Float64Array.from(
          { length: rows.length * Math.max(1, classes.length) },
          classes.length === 0 ? (_, place) => said(rows[place]!) : (_, at) => said(classes.length * rows[0]! + at),
        ),
        rows,
        ratio: 0.25,
      });
    }
  }
  const candidates = Object.keys(errors).map(
    (name): Candidate => ({ name, method: ridge(), readable: legible.has(name), quick: true }),
  );
  const comparison = comparisonOf(measurement, 0.03);
  const options = { split: "by row", readable, laws: new Set<string>() };
  return {
    comparison,
    signal: signalOf(measurement, comparison),
    verdict: verdictOf(comparison, expectedOf(measurement, comparison), candidates, options),
  };
}
const scaled = (by: number): number[] => [1, 1.2, 0.9, 1.1, 1].map((error, i) => by * error + 0.01 * (i % 2));

it("recommends a model that can be read for a little error, and no other than the best where none can", () => {
  const near = judged({ dummy: scaled(5), ridge: scaled(1.02), forest: scaled(1.01), boosting: scaled(1) });
  expect(near.verdict.recommended).toMatchObject({ method: "ridge" });
  expect(near.verdict.recommended!.because).toMatch(/^It is the simplest of those that predict alike: forest and/);
  const opaque = judged({ dummy: scaled(5), ridge: scaled(3), forest: scaled(1.02), boosting: scaled(1) });
  expect(opaque.verdict.recommended).toMatchObject({ method: "boosting" });
  expect(opaque.verdict.recommended!.because).toBe("It is the best; forest predicts about as well.");
  expect(opaque.verdict.equivalent).toEqual(["forest", "boosting"]);
});

it("finds what is plain on every fold, however unlike folds are, and nothing where folds disagree", () => {
  const dummy = [100, 130, 900, 110, 90];
  expect(judged({ dummy, ridge: dummy.map((error, i) => error * (0.5 + 0.03 * i)) }).signal.found).toBe(true);
  expect(judged({ dummy, ridge: [70, 135, 850, 118, 88] }).signal.found).toBe(false);
});

it("finds what ranks rows as their targets are, where a few rows make the errors of folds disagree", () => {
  const errors = { dummy: [100, 130, 900, 110, 90], ridge: [70, 128, 850, 108, 88] };
  expect(judged(errors).signal.found).toBe(false);
  expect(judged(errors, (row) => row + 3 * (row % 3)).signal).toMatchObject({ found: true });
  expect(judged(errors, (row) => -row).signal.found).toBe(false);
});

it.each<[Readability, string, string]>([
  ["required", "ridge", "Of those that a person can read none is better by what matters; beside boosting that costs"],
  ["preferred", "ridge", "It is the simplest of those that predict alike: boosting is no better"],
  ["indifferent", "boosting", "It is the best; ridge predicts about as well."],
])("where a model that can be read is %s, recommends %s", (readable, method, because) => {
  const errors = { dummy: scaled(5), ridge: scaled(1.02), boosting: scaled(1) };
  const { recommended } = judged(errors, undefined, [], { readable }).verdict;
  expect(recommended!.method).toBe(method);
  expect(recommended!.because).toContain(because);
  expect(recommended!.readable).toBe(method === "ridge");
});

it("says of what was measured better by how much its error is less", () => {
  const dummy = [5, 6, 5, 6, 5];
  const process = [4, 0.3, 0.3, 0.3, 0.3];
  const unsure = judged({ dummy, neighbours: process.map(() => 0.26), "Gaussian process": process });
  expect(unsure.verdict.recommended).toMatchObject({ method: "Gaussian process" });
  const near = judged({ dummy, neighbours: process.map((error) => error / 1.002), "Gaussian process": process });
  expect(near.verdict.recommended!.because).toMatch(/^(It is|neighbours was measured as good; on other tables)/);
  // A quarter of the error is three quarters less, and not 300 % better.
  expect(unsure.verdict.recommended!.because).toMatch(/^neighbours was measured with 75 % less error, less than/);
});

it("finds what ranks rows as their targets are in each group, where groups are too few to be ranked", () => {
  const errors = { dummy: [100, 130, 900, 110, 90], ridge: [70, 128, 850, 108, 88] };
  const groups = Array.from({ length: 20 }, (_, row) => row >> 2);
  const inGroups = (sign: number) => (row: number) => -10 * groups[row]! + sign * (row % 4);
  expect(judged(errors, inGroups(1), [], { groups }).signal.found).toBe(true);
  expect(judged(errors, inGroups(-1), [], { groups }).signal.found).toBe(false);
  // Of rows by themselves this order is the wrong one.
  expect(judged(errors, inGroups(1)).signal.found).toBe(false);
});

it("finds what ranks rows as their targets are in each cluster and at each end of the range, and asks no ranks of later rows", () => {
  const errors = { dummy: [100, 130, 900, 110, 90], ridge: [70, 128, 850, 108, 88] };
  const split = splits.clusters({ count: 3 });
  expect(judged(errors, (row) => row, [], { split }).signal.found).toBe(true);
  expect(judged(errors, (row) => -row, [], { split }).signal.found).toBe(false);
  // The largest fifth and the least: two folds tell nothing by their errors.
  const beyond = splits.beyond();
  expect(judged(errors, (row) => row, [], { split: beyond }).signal.found).toBe(true);
  expect(judged(errors, (row) => (row < 10 ? row : row - 100), [], { split: beyond }).signal.found).toBe(true);
  expect(judged(errors, (row) => -row, [], { split: beyond }).signal.found).toBe(false);
  expect(judged(errors, (row) => row, [], { split: splits.later() }).signal.found).toBe(false);
});

it("expects errors on another cluster to be farther off than those on other rows", () => {
  const errors = { dummy: scaled(5), ridge: scaled(1) };
  const above = (split?: Split) => judged(errors, undefined, [], split && { split }).comparison.methods[0]!.range[1];
  expect(above(splits.clusters({ count: 3 }))).toBeGreaterThan(1.1 * above());
});

it("finds classes by ranks of their probabilities", () => {
  const errors = { dummy: [0.7, 0.6, 2, 0.7, 0.6], forest: [0.3, 0.6, 1.9, 0.8, 0.3] };
  const classes = ["a", "b", "c"];
  // At `3 row + k`: the class of a row is the rest of its number.
  const right = (at: number): number => (Math.floor(at / 3) % 3 === at % 3 ? 0.5 : 0.25);
  expect(judged(errors, () => 1 / 3, classes).signal.found).toBe(false);
  expect(judged(errors, right, classes).signal.found).toBe(true);
});

it("lets no outsider displace what is usually best by less than folds can tell", () => {
  const dummy = [5, 6, 5, 6, 5];
  const process = [1, 1.2, 0.9, 1.1, 1];
  const unsure = judged({ dummy, neighbours: [0.6, 1.5, 0.7, 1.3, 1], "Gaussian process": process });
  expect(unsure.comparison.methods[0]!.method).toBe("neighbours");
  expect(unsure.verdict.recommended).toMatchObject({ method: "Gaussian process" });
  expect(unsure.verdict.recommended!.because).toMatch(/^neighbours was measured with 2 % less error, less than/);
  const sure = judged({ dummy, neighbours: process.map((error) => 0.7 * error), "Gaussian process": process });
  expect(sure.verdict.recommended).toMatchObject({ method: "neighbours" });
});

it("takes a model that can be read for as good where it was measured so and is expected to be", () => {
  const dummy = [5, 6, 5, 6, 5];
  const blend = [1, 1.2, 0.9, 1.1, 1];
  const scattered = (by: number) => [0.6, 1.7, 0.8, 1.3, 0.8].map((error) => by * error);
  // On other tables quadratics are worse: 2 % that folds are not sure of do not refute that.
  const worse = judged({ dummy, quadratic: scattered(1.02), blend });
  expect(worse.verdict).toMatchObject({ recommended: { method: "blend" }, equivalent: ["blend"] });
  const sure = judged({ dummy, quadratic: blend.map((error) => 1.02 * error), blend });
  expect(sure.verdict.recommended).toMatchObject({ method: "quadratic" });
  // Nor does luck: 3 % better by folds that differ by more.
  expect(judged({ dummy, quadratic: scattered(0.97), blend }).verdict.recommended).toMatchObject({ method: "blend" });
});

it("compares a method that was left early on the folds that it was measured on", () => {
  const { comparison } = judged({
    dummy: [...scaled(5), ...scaled(9)],
    boosting: [...scaled(1), ...scaled(2)],
    forest: scaled(1.2),
  });
  const [first, second] = comparison.methods;
  expect([first!.method, second!.method]).toEqual(["boosting", "forest"]);
  // Its own mean is below that of the best, whose second repeat was harder.
  expect(second!.error).toBeLessThan(first!.error);
  expect(second!.price).toBeCloseTo(0.2, 1);
});

it("ranks and prices methods beside one that makes no error at all", () => {
  const none = [0, 0, 0, 0, 0];
  const { comparison, verdict, signal } = judged({
    dummy: scaled(5),
    ridge: [0, 0.1, 0, 0, 0],
    forest: scaled(1),
    quadratic: none,
  });
  expect(comparison.methods.map(({ method }) => method)).toEqual(["quadratic", "ridge", "forest", "dummy"]);
  expect(comparison.methods.map(({ price }) => Math.round(price))).toEqual([0, 99, 99, 99]);
  expect(comparison.tie).toEqual(["quadratic", "ridge"]);
  expect(verdict.recommended).toMatchObject({ method: "quadratic", price: 0, error: 0 });
  expect(signal.found).toBe(true);
  const both = judged({ dummy: scaled(5), ridge: none, quadratic: none });
  expect(both.comparison.methods.map(({ price }) => Math.round(price))).toEqual([0, 0, 99]);
  expect(both.verdict.recommended).toMatchObject({ method: "ridge" });
});

it("ranks no method that failed on a fold, however good it is on the others", () => {
  const { signal, verdict } = judged({ dummy: scaled(5), quadratic: [0.1, NaN, NaN, NaN, NaN], ridge: scaled(1) });
  expect(verdict.recommended).toMatchObject({ method: "ridge" });
  expect(signal.found).toBe(true);
});

it("expects of all rows what the curve promises, and no less than folds say at the upper end", () => {
  const curve = {
    points: [{ rows: 80, error: 2 }],
    exponent: -1,
    atTwice: { error: 1, band: [1, 1] },
    rowsForTenthLess: { rows: 1, band: [1, 1] },
  } as const;
  expect(withAllRows([1, 3], curve, 100)).toEqual([0.8, 3]);
  expect(withAllRows([1, 3], { ...curve, exponent: 0.2 }, 100)).toEqual([1, 3]);
});
