// Bayesian linear regression in closed form, of every column of targets at once.
import { symmetricEigen } from "@hooke/baselines/linear";
import { fail, type HostArray } from "@hooke/runtime";
import { chooseByEvidence, type Evidence } from "./evidence.ts";

/** What is learned of one column. */
export interface Column {
  readonly evidence: Evidence;
  /** Posterior mean of the weights, and the bias. */
  readonly weights: Float64Array;
  readonly bias: number;
}

/** What is learned of all. */
export interface Regression {
  readonly width: number;
  /** Rows that the bias was learned from; Infinity where there is none. */
  readonly biasRows: number;
  readonly centre: Float64Array;
  /** Eigenvalues of the products of the features less their centre, and unit vectors, one a row. */
  readonly values: Float64Array;
  readonly vectors: Float64Array;
  readonly columns: readonly Column[];
}

/** Bayesian linear regression of each column. */
export async function regress(
  features: HostArray,
  targets: HostArray,
  biased: boolean,
  rest: () => Promise<void> | undefined,
): Promise<Regression> {
  const [count, width] = features.shape as [number, number];
  const outputs = targets.shape[1]!;
  const centre = new Float64Array(width);
  if (biased) for (let i = 0; i < features.data.length; i++) centre[i % width]! += features.data[i]! / count;
  const centred = Float64Array.from(features.data, (value, i) => value - centre[i % width]!);
  const gram = new Float64Array(width * width);
  for (let row = 0; row < count; row++) {
    await rest();
    const from = row * width;
    for (let i = 0; i < width; i++)
      for (let j = 0; j < width; j++) gram[i * width + j]! += centred[from + i]! * centred[from + j]!;
  }
  const eigen = await symmetricEigen(gram, width, rest);
  const values = eigen.values.map((value) => Math.max(0, value));
  const columns = Array.from({ length: outputs }, (_, column): Column => {
    let [mean, square] = [0, 0];
    if (biased) for (let row = 0; row < count; row++) mean += targets.data[row * outputs + column]! / count;
    const product = new Float64Array(width);
    for (let row = 0; row < count; row++) {
      const target = targets.data[row * outputs + column]! - mean;
      square += target * target;
      for (let i = 0; i < width; i++) product[i]! += centred[row * width + i]! * target;
    }
    const along = values.map((_, k) => dot(eigen.vectors, k * width, product));
    const misfit = (ratio: number): number =>
      // The likeliest weights explain this much of the square; rounding may explain more than there is.
      Math.max(
        square * 1e-14,
        along.reduce((left, value, k) => left - value ** 2 / (values[k]! + ratio), square),
      );
    if (!(square > 0))
      fail(
        "lastLayerLaplace",
        `the targets of column ${column} are all the same; there is nothing to learn.`,
        "invalid-data",
      );
    const evidence = chooseByEvidence({ count: biased ? count - 1 : count, curvatures: values, misfit });
    const ratio = evidence.prior / evidence.precision;
    const weights = new Float64Array(width);
    for (const [k, value] of along.entries()) {
      const share = value / (values[k]! + ratio);
      for (let i = 0; i < width; i++) weights[i]! += share * eigen.vectors[k * width + i]!;
    }
    // A flat prior on the bias leaves the rows of the mean out: their density is 1 / sqrt(count).
    const logEvidence = evidence.logEvidence - (biased ? 0.5 * Math.log(count) : 0);
    return { evidence: { ...evidence, logEvidence }, weights, bias: mean - dot(weights, 0, centre) };
  });
  return {
    width,
    biasRows: biased ? count : Number.POSITIVE_INFINITY,
    centre,
    values,
    vectors: eigen.vectors,
    columns,
  };
}

const dot = (a: Float64Array, from: number, b: Float64Array): number =>
  b.reduce((sum, value, i) => sum + a[from + i]! * value, 0);

/** Means of rows, and variances of what is not known of them. */
export function posterior({ width, biasRows, centre, values, vectors, columns }: Regression, features: HostArray) {
  const count = features.shape[0]!;
  const mean = new Float64Array(count * columns.length);
  const spread = new Float64Array(mean.length);
  const own = new Float64Array(width);
  for (let row = 0; row < count; row++) {
    for (let i = 0; i < width; i++) own[i] = features.data[row * width + i]! - centre[i]!;
    const along = values.map((_, k) => dot(vectors, k * width, own) ** 2);
    for (const [c, { evidence, weights, bias }] of columns.entries()) {
      const at = row * columns.length + c;
      mean[at] = bias + dot(weights, 0, own) + dot(weights, 0, centre);
      spread[at] = 1 / (biasRows * evidence.precision);
      for (const [k, square] of along.entries())
        spread[at]! += square / (evidence.prior + evidence.precision * values[k]!);
    }
  }
  return { mean, spread, noise: columns.map(({ evidence }) => 1 / Math.sqrt(evidence.precision)) };
}
