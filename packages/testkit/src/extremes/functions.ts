// The functions that golden/extremes.py lists, and how exact each must be beyond the rule.
import { activate, binaryCrossEntropy, crossEntropy, gaussianNll, huber, type Loss, mae, mse } from "@hooke/core";
import {
  abs,
  acos,
  acosh,
  asin,
  asinh,
  atan,
  atanh,
  ceil,
  clip,
  concat,
  cos,
  cosh,
  div,
  erf,
  exp,
  expm1,
  full,
  fullLike,
  log,
  log1p,
  logSoftmax,
  logSumExp,
  mean,
  mod,
  mul,
  norm,
  pow,
  reshape,
  round,
  rsqrt,
  sigmoid,
  sin,
  sinh,
  softmax,
  sqrt,
  square,
  sum,
  type Tensor,
  tan,
  tanh,
  variance,
} from "@hooke/runtime";

/** The size that errors of a result are relative to where that is more than the result's own: by the function's argument. */
type Scale = (x: number) => number;

/** Sizes that errors are relative to. */
export interface Scales {
  readonly value?: Scale;
  readonly first?: Scale;
  readonly second?: Scale;
}

/** Results that are wrong by a few roundings of something larger than themselves, and why. */
interface Coarse extends Scales {
  readonly because: string;
}

/** A function of each number of a vector. */
export interface FunctionOfNumbers {
  readonly name: string;
  readonly fn: (x: Tensor) => Tensor;
  readonly coarse?: Coarse;
}

/** A function of a row `[1, n]`, to a scalar. */
export interface FunctionOfRows {
  readonly name: string;
  readonly fn: (row: Tensor) => Tensor;
  readonly coarse?: Coarse;
}

const one: Scale = () => 1;
const own: Scale = () => 0;
const above0: Scale = (x) => (x > 0 ? 1 : 0);
const ofOutput = "derivatives come of the output, as PyTorch's and JAX's: what saturates has lost the rest";
const zeroBetween = "zeros between values of size 1";
const bounded: Coarse = { value: one, first: one, second: one, because: zeroBetween };

/** Losses reduce to a scalar: one number at a time, as a batch of one. */
const loss =
  (of: Loss, target: number, around: (x: Tensor) => Tensor = (x) => x) =>
  (x: Tensor): Tensor =>
    of(around(reshape(x, [1, 1])), full([1, 1], target, x.dtype as "f32"));
const beside = (other: number, before: boolean) => (x: Tensor) =>
  concat(before ? [fullLike(x, other), x] : [x, fullLike(x, other)], 1);

/** Functions of vectors, number by number. */
export const ofNumbers: readonly FunctionOfNumbers[] = [
  { name: "exp", fn: exp },
  { name: "expm1", fn: expm1 },
  { name: "log", fn: log },
  { name: "log1p", fn: log1p },
  { name: "sin", fn: sin, coarse: bounded },
  { name: "cos", fn: cos, coarse: bounded },
  { name: "tan", fn: tan },
  { name: "tanh", fn: tanh, coarse: { value: own, first: one, second: one, because: ofOutput } },
  { name: "sigmoid", fn: sigmoid, coarse: { first: above0, second: (x) => Number(x > -1), because: ofOutput } },
  { name: "erf", fn: erf },
  { name: "sqrt", fn: sqrt },
  { name: "rsqrt", fn: rsqrt },
  { name: "abs", fn: abs },
  { name: "square", fn: square },
  { name: "reciprocal", fn: (x) => div(1, x) },
  { name: "asin", fn: asin },
  { name: "acos", fn: acos },
  { name: "atan", fn: atan },
  { name: "sinh", fn: sinh },
  { name: "cosh", fn: cosh },
  { name: "asinh", fn: asinh },
  { name: "acosh", fn: acosh },
  { name: "atanh", fn: atanh },
  { name: "round", fn: round },
  { name: "ceil", fn: ceil },
  { name: "mod 3", fn: (x) => mod(x, 3) },
  { name: "clip", fn: (x) => clip(x, -2, 1) },
  ...[2, 3, -1, -2, 16, 0.5, 1.5].map((exponent) => ({ name: `pow ${exponent}`, fn: (x: Tensor) => pow(x, exponent) })),
  ...(["relu", "leakyRelu", "elu", "selu", "softplus"] as const).map((name) => ({
    name,
    fn: (x: Tensor) => activate(name, x),
  })),
  {
    name: "gelu",
    fn: (x) => activate("gelu", x),
    coarse: { value: Math.abs, first: one, second: one, because: "1 + erf cancels below 0, as in PyTorch" },
  },
  {
    name: "gelu tanh",
    fn: (x) => activate({ name: "gelu", approximate: "tanh" }, x),
    coarse: { first: above0, second: (x) => (x > 0 ? 1 + Math.min(x, 10) ** 4 : 0), because: ofOutput },
  },
  { name: "silu", fn: (x) => activate("silu", x), coarse: { first: above0, second: above0, because: ofOutput } },
  { name: "mish", fn: (x) => activate("mish", x), coarse: { first: above0, second: above0, because: ofOutput } },
];

/** Functions of one number, `[1]`, to a scalar. */
export const ofOne: readonly FunctionOfNumbers[] = [
  { name: "binaryCrossEntropy of 0", fn: loss(binaryCrossEntropy(), 0) },
  { name: "binaryCrossEntropy of 1", fn: loss(binaryCrossEntropy(), 1) },
  { name: "binaryCrossEntropy of 0.25", fn: loss(binaryCrossEntropy(), 0.25) },
  { name: "binaryCrossEntropy of 1, smoothed", fn: loss(binaryCrossEntropy({ labelSmoothing: 0.125 }), 1) },
  { name: "mse", fn: loss(mse(), 0) },
  { name: "mae", fn: loss(mae(), 0) },
  { name: "huber", fn: loss(huber(), 0) },
  { name: "huber 0.5", fn: loss(huber({ delta: 0.5 }), 0) },
  {
    name: "gaussianNll in log variance",
    fn: loss(gaussianNll(), 0, beside(1, true)),
    coarse: { first: one, because: zeroBetween },
  },
  { name: "gaussianNll in log variance, exact", fn: loss(gaussianNll(), 0, beside(0, true)) },
  { name: "gaussianNll in mean", fn: loss(gaussianNll(), 0, beside(0, false)) },
  { name: "gaussianNll in mean, log variance 80", fn: loss(gaussianNll(), 0, beside(80, false)) },
];

const weighted = (row: Tensor): Tensor =>
  sum(mul(row, { shape: [1, 3], dtype: row.dtype as "f32", data: cotangent(row) }));
const cotangent = ({ dtype }: Tensor): Float32Array =>
  (dtype === "f32" ? Float32Array.of(1, -0.5, 0.25) : Float64Array.of(1, -0.5, 0.25)) as Float32Array;
const classOf = (target: number): Tensor => full([1], target, "i32");
const probabilities = ({ dtype }: Tensor): Tensor => concat([full([1, 2], 0.5, dtype), full([1, 1], 0, dtype)], 1);
const largest = "sums of terms that cancel";

/** Functions of rows, `[1, 3]`, to a scalar. */
export const ofRows: readonly FunctionOfRows[] = [
  { name: "logSumExp", fn: (row) => logSumExp(row), coarse: { second: one, because: ofOutput } },
  { name: "softmax", fn: (row) => weighted(softmax(row)), coarse: bounded },
  {
    name: "logSoftmax",
    fn: (row) => weighted(logSoftmax(row)),
    coarse: { value: Math.abs, first: one, second: one, because: largest },
  },
  { name: "norm", fn: (row) => norm(row), coarse: { second: (x) => Math.min(1 / x, 1e308), because: largest } },
  {
    name: "variance",
    fn: (row) => variance(row),
    coarse: { value: own, first: Math.abs, second: own, because: largest },
  },
  { name: "mean", fn: (row) => mean(row), coarse: { value: Math.abs, because: largest } },
  {
    name: "crossEntropy of class 0",
    fn: (row) => crossEntropy()(row, classOf(0)),
    coarse: { second: one, because: ofOutput },
  },
  {
    name: "crossEntropy of class 2",
    fn: (row) => crossEntropy()(row, classOf(2)),
    coarse: { second: one, because: ofOutput },
  },
  {
    name: "crossEntropy of class 1, smoothed",
    fn: (row) => crossEntropy({ labelSmoothing: 0.125 })(row, classOf(1)),
    coarse: { value: Math.abs, first: one, second: one, because: largest },
  },
  {
    name: "crossEntropy of probabilities",
    fn: (row) => crossEntropy()(row, probabilities(row)),
    coarse: { value: Math.abs, first: one, second: one, because: largest },
  },
];
