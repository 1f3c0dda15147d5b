// Logistic regression with a penalty on magnitudes: least squares of working targets, class by class, by coordinate descent (Friedman,
// Hastie and Tibshirani, J. Stat. Softw. 33, 2010).
import { descentFrom } from "./coordinate-descent.ts";
import type { Rest } from "./rest.ts";
import { columnMeans, dot, type Linear, type Rows } from "./rows.ts";
import { logLoss, type SoftmaxProblem, softmaxInPlace } from "./softmax-fit.ts";

/** A probability that is nearer to 0 or 1 than this weighs as if it were there. */
const least = 1e-5;

/** Weights that move towards the least of a penalized cross-entropy. */
export interface SparseSoftmax {
  /** The least penalty at which every weight is 0. @param mixing above 0 */
  readonly most: (mixing: number) => number;
  /**
   * Moves until no weight changes a logit by more than `tolerance` (root mean square).
   *
   * @returns whether it got there in `rounds`
   */
  readonly settle: (
    penalty: { readonly penalty: number; readonly mixing: number },
    stop: { readonly tolerance: number; readonly rounds: number },
    rest: Rest,
  ) => Promise<boolean>;
  /** By class; of two classes the first has weights and bias 0. */
  readonly linear: () => Linear;
}

/**
 * The sum of cross-entropies, weighted, and `penalty * (mixing * sum|w| + (1 - mixing) / 2 * sum w^2)`: scikit-learn's with `C = 1 / penalty`
 * and `l1_ratio = mixing`. Of two classes the second alone has weights.
 */
export function sparseSoftmax({ rows, labels, classes, weights: counts }: SoftmaxProblem): SparseSoftmax {
  const { count, width } = rows;
  const total = counts === undefined ? count : counts.reduce((sum, weight) => sum + weight, 0);
  const shares = Float64Array.from({ length: count }, (_, i) => (counts?.[i] ?? 1) / total);
  const weights = Array.from({ length: classes }, () => new Float64Array(width));
  const free = classes === 2 ? [1] : weights.map((_, c) => c);
  const bias = startingBias(shares, labels, classes);
  const logits = new Float64Array(count * classes);
  for (let i = 0; i < count; i++) logits.set(bias, i * classes);

  const loss = (values: Float64Array): number => {
    let sum = 0;
    for (let i = 0; i < count; i++) {
      sum += shares[i]! * logLoss(values.subarray(i * classes, (i + 1) * classes), labels[i]!);
    }
    return sum;
  };

  /** The problem of one class: how much each row weighs there, and by how much its logit should rise. */
  const working = (c: number) => {
    const hessian = new Float64Array(count);
    const rise = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      const row = logits.slice(i * classes, (i + 1) * classes);
      softmaxInPlace(row);
      const curvature = Math.max(least, row[c]! * (1 - row[c]!));
      hessian[i] = shares[i]! * curvature;
      rise[i] = ((labels[i] === c ? 1 : 0) - row[c]!) / curvature;
    }
    const sum = hessian.reduce((all, each) => all + each, 0);
    const own = hessian.map((each) => each / sum);
    const centre = columnMeans(rows, own);
    const mean = dot(own, rise);
    const residual = rise.map((each) => each - mean);
    return { sum, centre, mean, descent: descentFrom({ rows, centre, shares: own, residual }, weights[c]!) };
  };

  return {
    most(mixing) {
      const largest = free.map((c) => {
        const { sum, descent } = working(c);
        return sum * descent.steepest;
      });
      return (total * Math.max(...largest)) / mixing;
    },
    async settle({ penalty, mixing }, { tolerance, rounds }, rest) {
      const penaltyOf = (own: Float64Array): number =>
        own.reduce((sum, w) => sum + mixing * Math.abs(w) + ((1 - mixing) / 2) * w ** 2, 0) * (penalty / total);
      let before = loss(logits);
      for (let round = 0; round < rounds; round++) {
        let most = 0;
        for (const c of free) {
          const { sum, centre, mean, descent } = working(c);
          const factor = penalty / total / sum;
          const penalties = { magnitudes: factor * mixing, squares: factor * (1 - mixing) };
          await descent.settle(penalties, { tolerance: tolerance / 2, sweeps: 100 }, rest);
          const step = descent.weights.map((weight, j) => weight - weights[c]![j]!);
          const shift = mean - dot(step, centre);
          const rises = Float64Array.from({ length: count }, (_, i) => shift + dot(step, rows.data, i * width));
          // A whole step may lead too far where probabilities change much along it.
          for (let length = 1; ; length /= 2) {
            const moved = weights[c]!.map((weight, j) => weight + length * step[j]!);
            const trial = logits.slice();
            for (let i = 0; i < count; i++) trial[i * classes + c]! += length * rises[i]!;
            const after = loss(trial);
            const rise = after + penaltyOf(moved) - before - penaltyOf(weights[c]!);
            if (rise > 1e-15 * Math.max(1, Math.abs(before)) && length > 1e-4) continue;
            weights[c]!.set(moved);
            bias[c]! += length * shift;
            logits.set(trial);
            before = after;
            break;
          }
          most = Math.max(most, Math.sqrt(rises.reduce((all, rise, i) => all + shares[i]! * rise ** 2, 0)));
        }
        if (most <= tolerance) return true;
      }
      return false;
    },
    linear: () => ({ weights: weights.map((each) => each.slice()), bias: bothAlike(bias, classes) }),
  };
}

/** The logarithms of the classes' shares; of two classes the first has 0. A class without rows counts as half a one. */
function startingBias(shares: Float64Array, labels: ArrayLike<number>, classes: number): Float64Array {
  const sums = new Float64Array(classes).fill(0.5 / shares.length);
  for (let i = 0; i < shares.length; i++) sums[labels[i]!]! += shares[i]!;
  const logs = sums.map(Math.log);
  return classes === 2 ? logs.map((each) => each - logs[0]!) : logs;
}

/** Of more than two classes a number may be added to all: their mean is made 0. */
function bothAlike(bias: Float64Array, classes: number): number[] {
  const mean = classes === 2 ? 0 : bias.reduce((sum, each) => sum + each, 0) / classes;
  return Array.from(bias, (each) => each - mean);
}

/** Rows whose columns are those of the problem: what a fit says of each, by class. */
export function logitsOf({ weights, bias }: Linear, { data, width }: Rows, row: number): Float64Array {
  return Float64Array.from(bias, (each, c) => each + dot(weights[c]!, data, row * width));
}
