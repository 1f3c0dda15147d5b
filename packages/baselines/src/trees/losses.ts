// Losses of boosting: where to begin, derivatives by row, and what the trees' sums mean.
import { exp, log } from "./exp-log.ts";

/** What a loss works on: sums `[rows, outputs]`, targets, and how much each row counts. */
export interface LossData {
  readonly targets: ArrayLike<number>;
  readonly weights: Float64Array | undefined;
}

export interface Loss {
  /** Numbers that trees add up to in a row. */
  readonly outputs: number;
  /** Whether second derivatives are 1, times the weight. */
  readonly isFlat: boolean;
  /** What all rows get before the first tree: what lowers the loss most. */
  base(data: LossData): Float64Array;
  /** Derivatives in one output, into `gradient` and `hessian`. */
  derive(data: LossData, sums: Float64Array, output: number, gradient: Float64Array, hessian: Float64Array): void;
  /** The weighted mean over some rows. */
  mean(data: LossData, sums: Float64Array, rows: Int32Array): number;
  /** Where the best value of a leaf is no Newton step: it, of residuals and weights. */
  readonly leaf?: (residuals: Float64Array, weights: Float64Array | undefined) => number;
  readonly link: Link;
}

/** What sums of trees are: predictions, log-odds of the second of two classes, log-probabilities but for a constant. */
export type Link = "identity" | "logit" | "softmax";

const weightOf = (weights: Float64Array | undefined, row: number): number =>
  weights === undefined ? 1 : weights[row]!;

function meanOver(rows: Int32Array, weights: Float64Array | undefined, of: (row: number) => number): number {
  let [sum, total] = [0, 0];
  for (const row of rows) {
    const weight = weightOf(weights, row);
    sum += weight * of(row);
    total += weight;
  }
  return total > 0 ? sum / total : 0;
}

/** Half the squared residual. */
export function squared(): Loss {
  return {
    outputs: 1,
    isFlat: true,
    base({ targets, weights }) {
      let [sum, total] = [0, 0];
      for (let row = 0; row < targets.length; row++) {
        const weight = weightOf(weights, row);
        sum += weight * targets[row]!;
        total += weight;
      }
      return Float64Array.of(sum / total);
    },
    derive({ targets, weights }, sums, _, gradient, hessian) {
      if (weights === undefined) {
        for (let row = 0; row < targets.length; row++) gradient[row] = sums[row]! - targets[row]!;
        hessian.fill(1);
        return;
      }
      for (let row = 0; row < targets.length; row++) {
        gradient[row] = weights[row]! * (sums[row]! - targets[row]!);
        hessian[row] = weights[row]!;
      }
    },
    mean: ({ targets, weights }, sums, rows) => meanOver(rows, weights, (row) => (sums[row]! - targets[row]!) ** 2 / 2),
    link: "identity",
  };
}

/**
 * The pinball loss of a quantile: `level` times what the target is above, `1 - level` times what it is below (Koenker & Bassett 1978). Trees
 * are grown on its sign; each leaf then gets the quantile of its residuals.
 */
export function quantileLoss(level: number): Loss {
  return {
    outputs: 1,
    isFlat: true,
    base: ({ targets, weights }) => Float64Array.of(quantileOf(Float64Array.from(targets), weights, level)),
    derive({ targets, weights }, sums, _, gradient, hessian) {
      for (let row = 0; row < targets.length; row++) {
        const weight = weightOf(weights, row);
        gradient[row] = weight * (sums[row]! >= targets[row]! ? 1 - level : -level);
        hessian[row] = weight;
      }
    },
    mean: ({ targets, weights }, sums, rows) =>
      meanOver(rows, weights, (row) => {
        const above = targets[row]! - sums[row]!;
        return above > 0 ? level * above : (level - 1) * above;
      }),
    leaf: (residuals, weights) => quantileOf(residuals, weights, level),
    link: "identity",
  };
}

/** Logarithmic loss of two classes: sums are log-odds of the second one. */
export function logistic(): Loss {
  return {
    outputs: 1,
    isFlat: false,
    base({ targets, weights }) {
      let [second, total] = [0, 0];
      for (let row = 0; row < targets.length; row++) {
        const weight = weightOf(weights, row);
        second += weight * targets[row]!;
        total += weight;
      }
      return Float64Array.of(logShare(second, total) - logShare(total - second, total));
    },
    derive({ targets, weights }, sums, _, gradient, hessian) {
      for (let row = 0; row < targets.length; row++) {
        const weight = weightOf(weights, row);
        const share = sigmoid(sums[row]!);
        gradient[row] = weight * (share - targets[row]!);
        hessian[row] = weight * share * (1 - share);
      }
    },
    mean: ({ targets, weights }, sums, rows) =>
      meanOver(rows, weights, (row) => softplus(targets[row] === 1 ? -sums[row]! : sums[row]!)),
    link: "logit",
  };
}

/** Logarithmic loss of several classes: sums are log-probabilities, but for what all of them have in common (Friedman 2001, section 4.6). */
export function softmax(classes: number): Loss {
  const shares = new Float64Array(classes);
  return {
    outputs: classes,
    isFlat: false,
    base({ targets, weights }) {
      const rows = new Float64Array(classes);
      let total = 0;
      for (let row = 0; row < targets.length; row++) {
        rows[targets[row]!]! += weightOf(weights, row);
        total += weightOf(weights, row);
      }
      return rows.map((count) => logShare(count, total));
    },
    derive({ targets, weights }, sums, output, gradient, hessian) {
      for (let row = 0; row < targets.length; row++) {
        fillShares(shares, sums, row);
        const weight = weightOf(weights, row);
        const share = shares[output]!;
        gradient[row] = weight * (share - (targets[row] === output ? 1 : 0));
        hessian[row] = (weight * share * (1 - share) * classes) / (classes - 1);
      }
    },
    mean: ({ targets, weights }, sums, rows) =>
      meanOver(rows, weights, (row) => {
        fillShares(shares, sums, row);
        return -log(Math.max(shares[targets[row]!]!, Number.MIN_VALUE));
      }),
    link: "softmax",
  };
}

/** From sums to predictions: `[rows, outputs]` to a number a row, or to probabilities `[rows, classes]`. */
export const links: Readonly<Record<Link, (sums: Float64Array, outputs: number) => Float64Array>> = {
  identity: (sums) => sums,
  logit(sums) {
    const shares = new Float64Array(2 * sums.length);
    for (let row = 0; row < sums.length; row++) {
      const share = sigmoid(sums[row]!);
      shares[2 * row] = 1 - share;
      shares[2 * row + 1] = share;
    }
    return shares;
  },
  softmax(sums, outputs) {
    const all = new Float64Array(sums.length);
    for (let row = 0; row * outputs < sums.length; row++)
      fillShares(all.subarray(row * outputs, (row + 1) * outputs), sums, row);
    return all;
  },
};

/** The probabilities of one row, from its sums. */
function fillShares(shares: Float64Array, sums: Float64Array, row: number): void {
  const { length: classes } = shares;
  let most = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < classes; k++) most = Math.max(most, sums[row * classes + k]!);
  let total = 0;
  for (let k = 0; k < classes; k++) {
    shares[k] = exp(sums[row * classes + k]! - most);
    total += shares[k]!;
  }
  for (let k = 0; k < classes; k++) shares[k]! /= total;
}

const sigmoid = (x: number): number => {
  if (x >= 0) return 1 / (1 + exp(-x));
  const e = exp(x);
  return e / (1 + e);
};

/** `log(1 + exp(x))` */
const softplus = (x: number): number => Math.max(x, 0) + log(1 + exp(-Math.abs(x)));

/** Of a class that no row has, as if a thousandth of a row had it. */
const logShare = (rows: number, total: number): number => log(Math.max(rows, 1e-3) / total);

/** The middle of the numbers that lower the weighted pinball loss most. */
export function quantileOf(values: Float64Array, weights: Float64Array | undefined, level: number): number {
  const order = Int32Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
  let total = 0;
  for (const i of order) total += weightOf(weights, i);
  let below = 0;
  for (let k = 0; k < order.length; k++) {
    const weight = weightOf(weights, order[k]!);
    below += weight;
    if (weight === 0 || below < level * total * (1 - 1e-12)) continue;
    let next = k + 1;
    while (next < order.length && weightOf(weights, order[next]!) === 0) next++;
    const isTie = below <= level * total * (1 + 1e-12) && next < order.length;
    return isTie ? (values[order[k]!]! + values[order[next]!]!) / 2 : values[order[k]!]!;
  }
  return values[order[order.length - 1]!]!;
}
