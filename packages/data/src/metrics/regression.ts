// Errors of continuous predictions, in double precision. Sums run over all elements, whatever the shape, each by its row's weight. Predictions that are
// NaN give NaN.
import { checkArgument, type HostArray } from "@hooke/runtime";
import { hostArrayCheck } from "../arguments.ts";
import { checkCompute, checkSameShape, type Metric, type MetricOptions, rowWeights } from "./metric.ts";

function meanOf(
  who: string,
  predictions: HostArray,
  targets: HostArray,
  options: MetricOptions | undefined,
  term: (prediction: number, target: number) => number,
): number {
  checkCompute(who, predictions, targets, options);
  checkSameShape(who, predictions, targets);
  const { data } = targets;
  const rows = targets.shape[0] ?? 1;
  const width = data.length / rows;
  const weightOf = rowWeights(who, rows, options);
  let sum = 0;
  for (let row = 0, i = 0; row < rows; row++) {
    const weight = weightOf(row);
    for (const end = i + width; i < end; i++) sum += weight * term(predictions.data[i]!, data[i]!);
  }
  return sum / data.length;
}

/** Mean absolute error, in the units of the targets. */
export const mae: Metric = {
  name: "mae",
  direction: "minimize",
  weighted: true,
  compute: (predictions, targets, options) => meanOf("mae", predictions, targets, options, (p, t) => Math.abs(p - t)),
};

/** Root mean squared error, in the units of the targets: one mean over all elements, then the root. */
export const rmse: Metric = {
  name: "rmse",
  direction: "minimize",
  weighted: true,
  compute: (predictions, targets, options) =>
    Math.sqrt(meanOf("rmse", predictions, targets, options, (p, t) => (p - t) ** 2)),
};

/**
 * Mean absolute percentage error as a fraction: 0.1 is 10 %. A target of 0 counts as the smallest double step (2^-52), as in
 * scikit-learn, and makes the result huge.
 */
export const mape: Metric = {
  name: "mape",
  direction: "minimize",
  weighted: true,
  compute: (predictions, targets, options) =>
    meanOf("mape", predictions, targets, options, (p, t) => Math.abs(p - t) / Math.max(Math.abs(t), Number.EPSILON)),
};

/**
 * Coefficient of determination `1 - SS_res / SS_tot`, averaged over the columns of `[rows, columns]`. As in scikit-learn, a
 * constant target column scores 1 when predicted exactly and 0 otherwise, and fewer than two rows give NaN.
 */
export const r2: Metric = {
  name: "r2",
  direction: "maximize",
  weighted: true,
  compute(predictions, targets, options) {
    checkCompute("r2", predictions, targets, options);
    checkSameShape("r2", predictions, targets);
    if (oneRow(targets) !== undefined) return Number.NaN;
    const columns = targets.data.length / targets.shape[0]!;
    const weightOf = rowWeights("r2", targets.shape[0]!, options);
    let score = 0;
    for (let column = 0; column < columns; column++) score += columnR2(predictions, targets, column, columns, weightOf);
    return score / columns;
  },
  whyUndefined(targets) {
    checkArgument("r2", "targets", targets, hostArrayCheck);
    return oneRow(targets);
  },
};

const oneRow = ({ shape }: HostArray): string | undefined =>
  (shape[0] ?? 1) < 2 ? "there is one row, which varies about no mean; r2 needs two" : undefined;

function columnR2(
  { data: p }: HostArray,
  { data: t }: HostArray,
  column: number,
  columns: number,
  weightOf: (row: number) => number,
): number {
  // Counted from the first target, so that a constant column has a variance of 0 and not of its mean's rounding.
  const first = t[column]!;
  let [sum, residual, total] = [0, 0, 0];
  for (let i = column, row = 0; i < t.length; i += columns, row++) sum += weightOf(row) * (t[i]! - first);
  // Weights are 1 in the mean.
  const mean = (sum * columns) / t.length;
  for (let i = column, row = 0; i < t.length; i += columns, row++) {
    residual += weightOf(row) * (t[i]! - p[i]!) ** 2;
    total += weightOf(row) * (t[i]! - first - mean) ** 2;
  }
  if (total !== 0) return 1 - residual / total;
  return residual === 0 ? 1 : 0;
}
