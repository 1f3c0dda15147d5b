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
  if (weights.length === 0) {
    const rank = Math.ceil(reached(ends.length, level));
    return rank > ends.length ? Number.POSITIVE_INFINITY : ends.sort()[rank - 1]!;
  }
  const many = reached(
    weights.reduce((sum, weight) => sum + weight, 0),
    level,
  );
  let below = 0;
  for (const i of Array.from(ends.keys()).sort((a, b) => ends[a]! - ends[b]!)) {
    below += weights[i]!;
    if (below >= many) return ends[i]!;
  }
  return Number.POSITIVE_INFINITY;
}

/** How many ends, and one more, make the level; such as 0.55 of 20 is 11 and a rounding more. */
const reached = (total: number, level: number): number => level * (total + 1) * (1 - 4 * Number.EPSILON);

/**
 * Bounds of new rows by CV+: Barber, Candes, Ramdas and Tibshirani, "Predictive inference with the jackknife+", Annals of Statistics 49, 2021.
 *
 * @param level how many new rows shall be within; 2 level - 1 at least are, whatever the model
 */
export function crossBounds(fitted: CrossFitted, level: number): Bounds {
  const { predicted, errors } = fitted;
  const rows = predicted[0]!.length;
  const isSearched = rows >= severalRows && errors.length >= severalErrors * predicted.length;
  const ends = (isSearched ? searchedEnds : sortedEnds)(fitted, level);
  return {
    lower: Float64Array.from({ length: rows }, (_, row) => -ends(row, -1)),
    upper: Float64Array.from({ length: rows }, (_, row) => ends(row, 1)),
  };
}

/** Rows, and errors of a fold, from which on ends are searched: to sort those of all folds for every row takes long. */
const [severalRows, severalErrors] = [10, 32];

/** The end of a new row above it, or with sign -1 that below, times -1; NaN where a model of a fold says no number. */
type Ends = (row: number, sign: 1 | -1) => number;

/** How far a fold's model reaches from a row, to the side of a sign. */
const reachAt = ({ reaches }: CrossFitted, fold: number, row: number, sign: number): number =>
  reaches?.[fold]?.[sign < 0 ? "below" : "above"][row] ?? 1;

// Where an error is none, its end is the centre, however far that reaches.
const endOf = (from: number, error: number, reach: number): number => (error === 0 ? from : from + error * reach);

function sortedEnds(fitted: CrossFitted, level: number): Ends {
  const { predicted, foldOf, errors, weights } = fitted;
  const ends = new Float64Array(errors.length);
  return (row, sign) => {
    for (let i = 0; i < ends.length; i++) {
      const fold = foldOf[i]!;
      ends[i] = endOf(sign * predicted[fold]![row]!, errors[i]!, reachAt(fitted, fold, row, sign));
      if (Number.isNaN(ends[i])) return Number.NaN;
    }
    return conformalEnd(ends, weights, level);
  };
}

/** Within a fold ends rise as errors do: what may be the one that is looked for is cut down in all folds at once. */
function searchedEnds(fitted: CrossFitted, level: number): Ends {
  const { predicted } = fitted;
  const sorted = sortedFolds(fitted);
  const count = sorted.length;
  const [low, high, above] = [new Int32Array(count), new Int32Array(count), new Int32Array(count)];
  const [from, reach] = [new Float64Array(count), new Float64Array(count)];
  const counted = (places: Int32Array): number => {
    let sum = 0;
    for (let fold = 0; fold < count; fold++) sum += sorted[fold]!.counts[places[fold]!]!;
    return sum;
  };
  /** The first place of a fold whose end is above, or at least at, another end. */
  const firstPlace = (fold: number, end: number, isAbove: boolean): number => {
    const { errors } = sorted[fold]!;
    let [a, b] = [low[fold]!, high[fold]!];
    while (a < b) {
      const middle = (a + b) >> 1;
      const found = endOf(from[fold]!, errors[middle]!, reach[fold]!);
      if (isAbove ? found > end : found >= end) b = middle;
      else a = middle + 1;
    }
    return a;
  };
  for (let fold = 0; fold < count; fold++) high[fold] = sorted[fold]!.errors.length;
  const total = counted(high);
  const many = reached(total, level);
  return (row, sign) => {
    if (many > total) return Number.POSITIVE_INFINITY;
    for (let fold = 0; fold < count; fold++) {
      low[fold] = 0;
      high[fold] = sorted[fold]!.errors.length;
      from[fold] = sign * predicted[fold]![row]!;
      reach[fold] = reachAt(fitted, fold, row, sign);
      // Nothing is above it, and nothing below.
      if (Number.isNaN(from[fold]! + reach[fold]!)) return Number.NaN;
    }
    for (;;) {
      let widest = 0;
      for (let fold = 1; fold < count; fold++) {
        if (high[fold]! - low[fold]! > high[widest]! - low[widest]!) widest = fold;
      }
      const middle = (low[widest]! + high[widest]!) >> 1;
      const end = endOf(from[widest]!, sorted[widest]!.errors[middle]!, reach[widest]!);
      for (let fold = 0; fold < count; fold++) above[fold] = firstPlace(fold, end, true);
      if (counted(above) < many) {
        low.set(above);
        continue;
      }
      for (let fold = 0; fold < count; fold++) high[fold] = firstPlace(fold, end, false);
      if (counted(high) < many) return end;
    }
  };
}

/** The errors of a fold, rising, and how much the first of them count together. */
interface SortedFold {
  readonly errors: Float64Array;
  readonly counts: Float64Array;
}

function sortedFolds({ predicted, foldOf, errors, weights }: CrossFitted): SortedFold[] {
  const members = predicted.map((): number[] => []);
  for (let row = 0; row < errors.length; row++) members[foldOf[row]!]!.push(row);
  return members.map((rows) => {
    rows.sort((a, b) => errors[a]! - errors[b]!);
    const counts = new Float64Array(rows.length + 1);
    for (const [i, row] of rows.entries()) counts[i + 1] = counts[i]! + (weights[row] ?? 1);
    return { errors: Float64Array.from(rows, (row) => errors[row]!), counts };
  });
}
