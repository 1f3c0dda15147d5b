// The elastic net along a path of penalties, each fit beginning where the one before ended.
import { type Descent, descentFrom } from "./coordinate-descent.ts";
import { spaced } from "./penalties.ts";
import type { Rest } from "./rest.ts";
import { columnMeans, dot, type Linear, type Rows } from "./rows.ts";

/** Penalties of a path; glmnet and scikit-learn have as many. */
const pathLength = 100;

/** The root mean square that a sweep may still change, of that of the targets: while a penalty is chosen, and at the end. */
export const roughly = { tolerance: 1e-5, sweeps: 1000 };
const exactly = { tolerance: 1e-11, sweeps: 100_000 };

/** Rows ready for descents. */
export interface NetProblem {
  readonly descent: Descent;
  /** Of the targets, weighted. */
  readonly deviation: number;
  /** The least penalty at which every weight is 0. @param mixing above 0 */
  readonly most: (mixing: number) => number;
  readonly linear: () => Linear;
}

/** @param weights of rows, above 0. Default 1 each */
export function netProblem(given: Rows, targets: Float64Array, weights?: Float64Array): NetProblem {
  const { count, width } = given;
  const total = weights === undefined ? count : weights.reduce((sum, weight) => sum + weight, 0);
  const shares = Float64Array.from({ length: count }, (_, i) => (weights?.[i] ?? 1) / total);
  const centre = columnMeans(given, weights);
  const mean = dot(shares, targets);
  const residual = targets.map((target) => target - mean);
  const descent = descentFrom({ rows: given, centre, shares, residual }, new Float64Array(width));
  return {
    descent,
    deviation: Math.sqrt(residual.reduce((sum, value, i) => sum + shares[i]! * value ** 2, 0)),
    most: (mixing) => descent.steepest / mixing,
    linear: () => ({ weights: [descent.weights.slice()], bias: [mean - dot(descent.weights, centre)] }),
  };
}

/** From the least penalty at which nothing is left, down to 1e-4 of it, or 1e-2 where there are fewer rows than columns. */
export function pathOf({ count, width }: Rows, most: number, length = pathLength): number[] {
  // Where the targets are all the same, any penalty is as good.
  const first = most > 0 ? most : 1;
  return spaced(length, first, first * (count > width ? 1e-4 : 1e-2));
}

/** Settles a descent at `penalty * (mixing * sum|w| + (1 - mixing) / 2 * sum w^2)` beside half the mean squared error. */
export function settleAt(
  { descent, deviation }: NetProblem,
  { penalty, mixing }: { readonly penalty: number; readonly mixing: number },
  rest: Rest,
  { tolerance, sweeps } = exactly,
): Promise<boolean> {
  const penalties = { magnitudes: penalty * mixing, squares: penalty * (1 - mixing) };
  return descent.settle(penalties, { tolerance: tolerance * deviation, sweeps }, rest);
}
