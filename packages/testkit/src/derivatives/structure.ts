// Primitives that move, reduce, multiply, convolve, pool, index and sort.
import {
  add,
  argSort,
  array,
  asTensor,
  averagePool,
  bind,
  broadcastTo,
  type Complex,
  concat,
  conv,
  convTranspose,
  cumprod,
  cumsum,
  einsum,
  exp,
  fft,
  gather,
  type HostArray,
  ifft,
  irfft,
  matmul,
  max,
  maxPool,
  mean,
  min,
  mul,
  pad,
  prod,
  reshape,
  reverse,
  rfft,
  type Shape,
  scatterAdd,
  scatterMax,
  scatterSet,
  segmentMax,
  segmentMean,
  segmentSoftmax,
  segmentSum,
  sin,
  slice,
  sort,
  splitAxis,
  square,
  stack,
  sub,
  sum,
  sumPool,
  type Tensor,
  takeAlongAxis,
  tanh,
  tile,
  topK,
  transpose,
  tril,
  triu,
  variance,
} from "@hooke/runtime";
import { sample } from "../cases/samples.ts";
import type { DerivativeCase, DerivativeCases } from "./case.ts";

const a = (shape: Shape, seed = 1): HostArray => sample(shape, "f64", { low: -1, high: 1, seed });

/** Rows with no zero, one and several. */
const zeros = array(
  [
    [0.7, -0.4, 1.2, 0.5],
    [0.7, 0, 1.2, 0.5],
    [0, -0.4, 0, 0],
  ],
  { dtype: "f64" },
);

const parts = ({ re, im }: Complex, change: (part: Tensor) => Tensor): Complex => ({ re: change(re), im: change(im) });
const squares = (x: Complex): [Tensor, Tensor] => [square(x.re), square(x.im)];

const picks = array([1, 0, 1, 7], { dtype: "i32" });

export const ofArrays: DerivativeCases = {
  reshape: [(x) => tanh(reshape(x, [3, 2])), [a([2, 3])]],
  transpose: [(x, y) => tanh(mul(transpose(x, [2, 0, 1]), y)), [a([2, 3, 2]), a([2, 2, 3], 2)]],
  broadcast: [(x) => square(tanh(broadcastTo(x, [2, 3, 2]))), [a([3, 1])]],
  slice: [(x) => tanh(slice(x, [1, 0], [4, 3], [2, 1])), [a([4, 3])]],
  pad: [(x) => tanh(add(pad(x, [1], [2], 0.5), 0.3)), [a([3])]],
  "pad inside": [
    (x) => tanh(add(bind("pad", [x], { low: [1], high: [0], interior: [2], value: 0 })[0]!, 0.3)),
    [a([3])],
  ],
  "pad, continued": [(x) => tanh(mul(pad(pad(x, [2], [1], "reflect"), [1], [3], "wrap"), 1.3)), [a([3])]],
  "slice backwards": [(x) => tanh(mul(slice(x, [-1, null], [null, 0], [-2, -1]), 1.3)), [a([4, 3])]],
  splitAxis: [(x) => splitAxis(x, 1, [1, 2]).reduce((y, z) => tanh(mul(y, z))), [a([2, 3])]],
  tile: [(x) => tanh(mul(tile(x, [2, 1, 2]), 1.3)), [a([2, 2])]],
  triu: [(x) => tanh(add(triu(square(x), 1), tril(x, -1))), [a([3, 3])]],
  fft: [(x, y) => add(...squares(fft({ re: tanh(x), im: mul(x, y) }, { axes: [0, 1] }))), [a([2, 3]), a([2, 3], 2)]],
  ifft: [(x) => add(...squares(ifft({ re: x, im: sin(x) }))), [a([17])]],
  "rfft and back": [(x) => irfft(parts(rfft(x), tanh), { length: 5 }), [a([5])]],
  einsum: [(x, y) => tanh(einsum("iij,jk->ki", x, y)), [a([2, 2, 2]), a([2, 3], 2)]],
  "einsum of three": [(x, y) => tanh(einsum("ij,kj,...i->...k", x, x, y)), [a([2, 2]), a([3, 2], 2)]],
  scatterSet: [(x, y) => tanh(mul(scatterSet(x, picks, square(y), 1), 1.3)), [a([2, 3]), a([2, 4], 2)]],
  scatterMax: [(x, y) => tanh(mul(scatterMax(square(x), picks, y, 1), 1.3)), [a([2, 3]), a([2, 4], 2)]],
  segmentSum: [(x) => tanh(segmentSum(square(x), picks, 3)), [a([4, 2])]],
  segmentMean: [(x) => tanh(segmentMean(square(x), picks, 3)), [a([4, 2])]],
  segmentMax: [(x) => tanh(mul(segmentMax(square(x), picks, 3), 1.3)), [a([4, 2])]],
  segmentSoftmax: [(x) => tanh(mul(segmentSoftmax(square(x), picks, 3), 1.3)), [a([4, 2])]],
  concat: [(x, y) => tanh(concat([x, mul(y, y), x], 1)), [a([2, 1]), a([2, 2], 2)]],
  stack: [(x, y) => tanh(stack([x, mul(x, y)], 1)), [a([3]), a([3], 2)]],
  reverse: [(x) => mul(x, tanh(reverse(x, 0))), [a([4])]],
  sum: [(x) => tanh(sum(square(x), { axes: 1 })), [a([2, 3])]],
  mean: [(x) => exp(mean(square(x))), [a([2, 3])]],
  variance: [(x) => sin(variance(x, { axes: 0 })), [a([3, 2])]],
  max: [(x) => tanh(max(square(x), { axes: 1 })), [a([2, 4])]],
  min: [(x) => tanh(min(x, { axes: 0, keepDims: true })), [a([3, 2])]],
  cumsum: [(x) => tanh(cumsum(x, 1)), [a([2, 3])]],
  "cumsum in reverse": [(x) => tanh(cumsum(x, 0, { reverse: true })), [a([3])]],
  "cumsum, exclusive": [(x) => tanh(cumsum(x, 1, { exclusive: true })), [a([2, 3])]],
  cumprod: [(x) => tanh(cumprod(x, 1)), [zeros]],
  "cumprod in reverse, exclusive": [(x) => tanh(cumprod(x, 0, { reverse: true, exclusive: true })), [zeros]],
  prod: [(x) => tanh(prod(x, { axes: 1, keepDims: true })), [zeros]],
  "prod of all": [(x) => add(prod(x), sum(sin(x))), [zeros]],
  topK: [(x) => tanh(topK(mul(x, x), 2).values), [a([2, 4])]],
  "sort, descending": [(x) => mul(sin(x), sort(x, 0, { descending: true })), [a([4, 2])]],
  sort: [(x) => tanh(mul(sort(square(x), 0), array([1, 2, 3], { dtype: x.dtype, shape: [3, 1] }))), [a([3, 2])]],
  takeAlongAxis: [(x) => tanh(takeAlongAxis(x, argSort(x, 0), 0)), [a([3, 2])]],
  gather: [
    (x) =>
      tanh(
        gather(
          x,
          array(
            [
              [0, 2],
              [2, 9],
            ],
            { dtype: "i32" },
          ),
          1,
        ),
      ),
    [a([2, 3])],
  ],
  scatterAdd: [(x) => tanh(scatterAdd(picks, square(x), 1, 3)), [a([2, 4])]],
};

const flags = [false, true];
const transposed = flags.flatMap((transposeA) => flags.map((transposeB) => ({ transposeA, transposeB })));
const multiply = (x: Tensor, y: Tensor): Tensor => tanh(matmul(x, y));

export const products: DerivativeCases = {
  ...Object.fromEntries(
    transposed.map((options): [string, DerivativeCase] => {
      const left = a([2, ...(options.transposeA ? [3, 2] : [2, 3])]);
      const right = a([2, ...(options.transposeB ? [2, 3] : [3, 2])], 2);
      return [`matmul ${JSON.stringify(options)}`, [(x, y) => tanh(matmul(x, y, options)), [left, right]]];
    }),
  ),
  "a vector times a matrix": [multiply, [a([3]), a([3, 2], 2)], 2],
  "matrices times a vector": [multiply, [a([2, 2, 3]), a([3], 2)], 2],
  "matrices times a matrix": [multiply, [a([2, 2, 3]), a([3, 2], 2)], 2],
  "stacks that broadcast": [multiply, [a([2, 1, 2, 2]), a([3, 2, 1], 2)], 2],
};

const convolution: DerivativeCases = {
  "1-D, strided, dilated, padded": [
    (x, k) => conv(x, k, { stride: [2], dilation: [2], padding: [[1, 2]] }),
    [a([2, 6, 2]), a([2, 2, 3], 2)],
  ],
  "2-D": [
    (x, k) =>
      conv(x, k, {
        padding: [
          [1, 0],
          [0, 1],
        ],
      }),
    [a([1, 3, 3, 2]), a([2, 2, 2, 2], 2)],
  ],
  "2-D, strided past the end": [(x, k) => conv(x, k, { stride: [2, 2] }), [a([1, 4, 4, 1]), a([1, 3, 1, 2], 2)]],
  "2-D in groups": [(x, k) => conv(x, k, { groups: 2 }), [a([1, 3, 3, 4]), a([2, 2, 2, 2], 2)]],
  "3-D": [(x, k) => conv(x, k, { stride: [1, 2, 1] }), [a([1, 2, 3, 2, 1]), a([2, 1, 2, 1, 2], 2)]],
  transposed: [
    (x, k) =>
      convTranspose(x, k, [5, 4], {
        stride: [2, 1],
        padding: [
          [1, 0],
          [0, 1],
        ],
        dilation: [1, 2],
      }),
    [a([1, 3, 3, 2]), a([2, 2, 1, 2], 2)],
  ],
  "kernel gradient": [
    (x, y) =>
      bind("convKernelGradient", [x, y], {
        stride: [2],
        padding: [[1, 0]],
        dilation: [1],
        groups: 2,
        spatial: [2],
      })[0]!,
    [a([2, 5, 4]), a([2, 3, 2], 2)],
  ],
};

/** Of a smooth function of each, to second order. */
export const convolutions: DerivativeCases = {
  ...Object.fromEntries(
    Object.entries(convolution).map(([name, [fn, inputs]]) => [name, [(...x) => tanh(fn(...x)), inputs, 2]]),
  ),
  "to third order": [(x, k) => tanh(conv(tanh(x), k)), [a([1, 3, 2]), a([2, 2, 1], 2)]],
};

const pool = {
  window: [2, 2],
  stride: [1, 2],
  padding: [
    [1, 0],
    [0, 1],
  ],
} as const;
/** What each window takes: the largest of other numbers than those that are differentiated. */
const taken = (): Tensor => bind("maxPoolIndex", [asTensor(a([1, 3, 3, 2], 3))], pool)[0]!;

const pooling: DerivativeCases = {
  maxPool: [(x) => maxPool(square(x), pool), [a([1, 3, 3, 2])]],
  "maxPool of negative values": [(x) => maxPool(sub(x, 9), { window: [2] }), [a([2, 4, 2])]],
  sumPool: [(x) => sumPool(square(x), pool), [a([1, 3, 3, 2])]],
  averagePool: [(x) => averagePool(square(x), { window: [2, 1, 2], stride: [1, 1, 1] }), [a([1, 2, 2, 3, 1])]],
  poolGather: [(x) => bind("poolGather", [square(x), taken()], pool)[0]!, [a([1, 3, 3, 2])]],
  poolScatter: [(y) => bind("poolScatter", [square(y), taken()], { ...pool, spatial: [3, 3] })[0]!, [a([1, 3, 2, 2])]],
  sumPoolTranspose: [(y) => bind("sumPoolTranspose", [square(y)], { ...pool, spatial: [3, 3] })[0]!, [a([1, 3, 2, 2])]],
};

export const poolings: DerivativeCases = Object.fromEntries(
  Object.entries(pooling).map(([name, [fn, inputs]]) => [name, [(...x) => tanh(fn(...x)), inputs]]),
);
