// The verdict on errors that are made up: who is recommended of those that predict alike, and when there is anything to find.
import { ridge, samplesOf } from "@hooke/baselines";
import { tableOf } from "@hooke/data";
import { randomKey } from "@hooke/runtime";
import { expect, it } from "vitest";
import { comparisonOf } from "../comparison/comparison.ts";
import { Measurement } from "../comparison/measurement.ts";
import { withAllRows } from "../curve/learning-curve.ts";
import { splits } from "../splits/splits.ts";
import type { Candidate } from "./candidates.ts";
import { signalOf, verdictOf } from "./verdict.ts";

const readable = new Set(["dummy", "ridge", "quadratic"]);

/** Errors of five folds by method, the simplest first, judged; `NaN` where it failed. */
function judged(errors: Readonly<Record<string, readonly number[]>>) {
  const x = Array.from({ length: 20 }, (_, i) => i);
  const measurement = new Measurement({
    samples: samplesOf(tableOf({ x, y: x }), "y", {}),
    split: splits.random(),
    error: "rmse",
    key: randomKey(0),
    backend: undefined,
    pause: () => undefined,
    signal: undefined,
  });
  for (const [method, all] of Object.entries(errors)) {
    for (const [fold, error] of all.entries()) {
      if (Number.isNaN(error)) {
        measurement.failed.push({ method, repeat: 0, fold, error: "no" });
        continue;
      }
      measurement.measured.push({
        method,
        repeat: 0,
        fold,
        error,
        seconds: 0,
        predicted: new Float64Array(4),
        rows: Int32Array.from({ length: 4 }, (_, i) => 4 * fold + i),
        ratio: 0.25,
      });
    }
  }
  const candidates = Object.keys(errors).map(
    (name): Candidate => ({ name, method: ridge(), readable: readable.has(name), quick: true }),
  );
  const comparison = comparisonOf(measurement, 0.03);
  const options = { split: "by row", readableOnly: false, laws: new Set<string>() };
  return { signal: signalOf(measurement, comparison), verdict: verdictOf(comparison, candidates, options) };
}
const scaled = (by: number): number[] => [1, 1.2, 0.9, 1.1, 1].map((error, i) => by * error + 0.01 * (i % 2));

it("recommends a model that can be read for a little error, and no other than the best where none can", () => {
  const legible = judged({ dummy: scaled(5), ridge: scaled(1.02), forest: scaled(1.01), boosting: scaled(1) });
  expect(legible.verdict.recommended).toMatchObject({ method: "ridge" });
  expect(legible.verdict.recommended!.because).toMatch(/^It is the simplest of those that predict alike: forest and/);
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
