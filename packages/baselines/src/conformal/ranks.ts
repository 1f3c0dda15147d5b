// The ranks of conformal prediction: the end that so many others, and a new one, lie below.
import type { Bounds } from "../method/method.ts";

/** How far below and above a prediction its target may lie: in what proportion, for every row. */
export interface Reach {
  readonly below: Float64Array;
  readonly above: Float64Array;
}

/** What CV+ makes bounds of. */
export interface CrossFitted {
  /** Of each fold: what the model that was fitted without it says of the new rows. */
  readonly predicted: readonly Float64Array[];
  /** Of each row that was learned from: the fold that left it out. */
  readonly foldOf: ArrayLike<number>;
  /** How far off that was, over how far off its model thought it might be where it says so. */
  readonly errors: Float64Array;
  /** Of each fold: how far below and above what it says new rows may lie, where models say so. Default: errors are distances. */
  readonly reaches?: readonly Reach[];
  /** How much each row counts, 1 on average; empty where all count the same. */
  readonly weights: Float64Array;
}

/**
 * The least of some ends that a share of them, and of one more that may lie anywhere, is at or below: Infinity where there are too few.
 * Vovk, Gammerman and Shafer, "Algorithmic learning in a random world", 2005.
 *
 * @param ends in any order; they are sorted
 * @param weights how much each end counts beside the one more, which counts 1; empty where all do
 * @param level above 0 and below 1
 * @example
 * ```ts
 * import { conformalEnd } from "@hooke/baselines";
 *
 * const errors = Float64Array.of(5, 1, 9, 3, 7, 2, 8, 4, 6);
 * console.log(conformalEnd(errors, new Float64Array(0), 0.8), conformalEnd(errors, new Float64Array(0), 0.95)); // 8 Infinity
 * ```
 */
export function conformalEnd(ends: Float64Array, weights: Float64Array, level: number): number {
  // A level such as 0.55 of 20 is 11 and a rounding more.
  const reached = (total: number): number => level * (total + 1) * (1 - 4 * Number.EPSILON);
  if (weights.length === 0) {
    const rank = Math.ceil(reached(ends.length));
    return rank > ends.length ? Number.POSITIVE_INFINITY : ends.sort()[rank - 1]!;
  }
  const many = reached(weights.reduce((sum, weight) => sum + weight, 0));
  let below = 0;
  for (const i of Array.from(ends.keys()).sort((a, b) => ends[a]! - ends[b]!)) {
    below += weights[i]!;
    if (below >= many) return ends[i]!;
  }
  return Number.POSITIVE_INFINITY;
}

/**
 * Bounds of new rows by CV+: Barber, Candes, Ramdas and Tibshirani, "Predictive inference with the jackknife+", Annals of Statistics 49, 2021.
 *
 * @param level how many new rows shall be within; 2 level - 1 at least are, whatever the model
 */
export function crossBounds({ predicted, foldOf, errors, reaches, weights }: CrossFitted, level: number): Bounds {
  const rows = predicted[0]!.length;
  const lower = new Float64Array(rows);
  const upper = new Float64Array(rows);
  const ends = new Float64Array(errors.length);
  const end = (row: number, sign: number): number => {
    for (let i = 0; i < ends.length; i++) {
      const fold = foldOf[i]!;
      const reach = reaches?.[fold]?.[sign < 0 ? "below" : "above"][row] ?? 1;
      ends[i] = sign * predicted[fold]![row]! + errors[i]! * reach;
    }
    return conformalEnd(ends, weights, level);
  };
  for (let row = 0; row < rows; row++) {
    lower[row] = -end(row, -1);
    upper[row] = end(row, 1);
  }
  return { lower, upper };
}
