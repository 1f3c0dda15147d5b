// Functions of rows of three numbers: reductions, norms of vectors and of layers, attention, cross-entropies and penalties.
import { scaledDotProduct } from "@hooke/attention";
import {
  apply,
  batchNorm,
  crossEntropy,
  groupNorm,
  instanceNorm,
  type Layer,
  layerNorm,
  type Penalty,
  rmsNorm,
  type TensorTree,
} from "@hooke/core";
import { elasticNet, l1, l2 } from "@hooke/regularization";
import {
  array,
  broadcastTo,
  concat,
  full,
  logSoftmax,
  logSumExp,
  max,
  mean,
  min,
  mul,
  norm,
  reshape,
  scan,
  softmax,
  stack,
  sum,
  type Tensor,
  transpose,
  variance,
} from "@hooke/runtime";
import { type Coarse, type FunctionOfRows, none, ofOutput, one, zeroBetween } from "./functions.ts";
import { ofSamples } from "./losses.ts";

type Row = readonly number[];

const axes = -1;
const largest = "sums of terms that cancel";
const top = (row: Row): number => Math.max(...row.map(Math.abs));
const bounded: Coarse<Row> = { value: one, first: one, second: one, because: zeroBetween };
const cancelling: Coarse<Row> = { value: top, first: one, second: one, because: largest };
const fromOutput: Coarse<Row> = { second: one, because: ofOutput };

/** How golden/extremes.py makes one number of a row of results. */
const cotangent = [1, -0.5, 0.25];
const weights = ({ dtype }: Tensor): Tensor => stack(cotangent.map((c) => full([], c, dtype)));
const weighted = (rows: Tensor): Tensor => sum(mul(rows, weights(rows)), { axes });

const classOf = (target: number) => (rows: Tensor) => full([rows.shape[0]!], target, "i32");
const probabilities = ({ shape: [n], dtype }: Tensor): Tensor =>
  concat([full([n!, 2], 0.5, dtype), full([n!, 1], 0, dtype)], 1);

/** What a query of 1 makes of values of the cotangent's, with the row's numbers as keys. */
const attention =
  (mask?: readonly boolean[]) =>
  (rows: Tensor): Tensor => {
    const [n] = rows.shape as [number];
    const values = broadcastTo(reshape(weights(rows), [3, 1]), [n, 3, 1]);
    const keyMask = mask && reshape(array(mask), [3]);
    return reshape(scaledDotProduct(full([n, 1, 1], 1, rows.dtype), reshape(rows, [n, 3, 1]), values, { keyMask }), [
      n,
    ]);
  };

const affine = (channels: number, { dtype }: Tensor): TensorTree => ({
  scale: full([channels], 1, dtype),
  bias: full([channels], 0, dtype),
});

/** A norm of a sample over its three numbers, as `shape`. */
const sampleNorm =
  (layer: Layer, ...shape: number[]) =>
  (rows: Tensor): Tensor => {
    const n = rows.shape[0]!;
    const variables = { params: affine(shape.at(-1)!, rows), state: {} };
    return weighted(reshape(apply(layer, variables, reshape(rows, [n, ...shape])).output, [n, 3]));
  };

/** A batch of three, with the rows as channels. */
function normalizedBatch(rows: Tensor): { readonly output: Tensor; readonly mean: Tensor; readonly variance: Tensor } {
  const n = rows.shape[0]!;
  const zeros = full([n], 0, rows.dtype);
  const variables = { params: affine(n, rows), state: { mean: zeros, variance: zeros } };
  const { output, state } = apply(batchNorm(), variables, transpose(rows), { training: true });
  return { output, ...(state as { readonly mean: Tensor; readonly variance: Tensor }) };
}

/** What derivatives of a norm are made of: powers of 1 / deviation. */
const perDeviation = (power: number) => (row: Row) => {
  const centre = row.reduce((a, b) => a + b / 3, 0);
  return row.reduce((a, b) => a + (b - centre) ** 2 / 3, 1e-5) ** (-power / 2);
};
const standard: Coarse<Row> = {
  value: one,
  first: perDeviation(1),
  second: perDeviation(2),
  because: largest,
};

/** The same with powers of the root mean square. */
const perRoot = (power: number) => (row: Row) => row.reduce((a, b) => a + b ** 2 / 3, 1e-5) ** (-power / 2);
const standardRoot: Coarse<Row> = {
  ...{ value: one, first: perRoot(1), second: perRoot(2) },
  because: largest,
};

/** Row by row: a penalty adds up all that it is given. */
const penalty =
  (of: Penalty) =>
  (rows: Tensor): Tensor =>
    scan((_: Record<never, Tensor>, kernel: Tensor) => [{}, of({ kernel })] as const, {}, rows)[1];

export const ofRows: readonly FunctionOfRows[] = [
  { name: "logSumExp", fn: (rows) => logSumExp(rows, { axes }), coarse: fromOutput },
  { name: "softmax", fn: (rows) => weighted(softmax(rows)), coarse: bounded },
  { name: "logSoftmax", fn: (rows) => weighted(logSoftmax(rows)), coarse: cancelling },
  {
    name: "norm",
    fn: (rows) => norm(rows, { axes }),
    coarse: { second: (row) => Math.min(1 / top(row), 1e308), because: largest },
  },
  { name: "norm 1", fn: (rows) => norm(rows, { axes, order: 1 }) },
  {
    name: "variance",
    fn: (rows) => variance(rows, { axes }),
    coarse: { value: none, first: top, second: none, because: largest },
  },
  { name: "max", fn: (rows) => max(rows, { axes }) },
  { name: "min", fn: (rows) => min(rows, { axes }) },
  { name: "mean", fn: (rows) => mean(rows, { axes }), coarse: { value: top, because: largest } },
  { name: "crossEntropy of class 0", fn: ofSamples(crossEntropy(), classOf(0)), coarse: fromOutput },
  { name: "crossEntropy of class 2", fn: ofSamples(crossEntropy(), classOf(2)), coarse: fromOutput },
  {
    name: "crossEntropy of class 1, smoothed",
    fn: ofSamples(crossEntropy({ labelSmoothing: 0.125 }), classOf(1)),
    coarse: cancelling,
  },
  {
    name: "crossEntropy of probabilities",
    fn: ofSamples(crossEntropy(), probabilities),
    coarse: cancelling,
  },
  { name: "attention", truth: "softmax", fn: attention(), coarse: bounded },
  { name: "attention without the second key", fn: attention([true, false, true]), coarse: bounded },
  { name: "attention without keys", fn: attention([false, false, false]) },
  { name: "layerNorm", fn: sampleNorm(layerNorm(), 3), coarse: standard },
  { name: "groupNorm", truth: "layerNorm", fn: sampleNorm(groupNorm({ groups: 1 }), 3), coarse: standard },
  { name: "instanceNorm", truth: "layerNorm", fn: sampleNorm(instanceNorm(), 3, 1), coarse: standard },
  { name: "rmsNorm", fn: sampleNorm(rmsNorm({ epsilon: 1e-5 }), 3), coarse: standardRoot },
  {
    name: "batchNorm",
    truth: "layerNorm",
    fn: (rows) => weighted(transpose(normalizedBatch(rows).output)),
    coarse: standard,
  },
  {
    name: "batchNorm's running mean",
    fn: (rows) => normalizedBatch(rows).mean,
    coarse: { value: top, because: largest },
  },
  {
    name: "batchNorm's running variance",
    fn: (rows) => normalizedBatch(rows).variance,
    coarse: { first: top, because: largest },
  },
  { name: "l1", fn: penalty(l1({ strength: 0.25 })) },
  { name: "l2", fn: penalty(l2({ strength: 0.25 })) },
  { name: "elasticNet", fn: penalty(elasticNet({ l1: 0.5, l2: 0.25 })) },
];
