// Functions that are made of several primitives, with their derivatives to third order.
import {
  acos,
  acosh,
  add,
  argMin,
  argSort,
  array,
  asin,
  asinh,
  atan,
  atan2,
  atanh,
  ceil,
  clip,
  cosh,
  cumprod,
  cumsum,
  einsum,
  fft,
  isFinite as finite,
  grad,
  type HostArray,
  inversePositive,
  irfft,
  logDeterminantPositive,
  isNaN as missing,
  mod,
  mul,
  pad,
  pow,
  prod,
  rfft,
  round,
  type Shape,
  scatterMax,
  scatterSet,
  segmentMax,
  segmentMean,
  segmentSoftmax,
  segmentSum,
  sinh,
  slice,
  solvePositive,
  sort,
  splitAxis,
  square,
  sum,
  type Tensor,
  tanh,
  tile,
  topK,
  tril,
  triu,
} from "@hooke/runtime";
import { heavy } from "../cases/factorization.ts";
import { largeIntegers, sample, specials, ties } from "../cases/samples.ts";
import type { Tolerance } from "../compare.ts";
import { type ProgramCase, programCase } from "./program-case.ts";

type Function = (...x: Tensor[]) => Tensor;

/** The sum of a function's elements, bent so that its derivatives are not constant. */
const bent =
  (fn: Function) =>
  (x: readonly Tensor[]): Tensor =>
    sum(tanh(mul(fn(...x), 0.5)));

/** A function, and the gradients of three orders: each of half the squares of the last. */
function jet(fn: Function): (...x: Tensor[]) => Tensor[] {
  return (...x) => {
    const results = [fn(...x)];
    let scalar = bent(fn);
    for (let order = 1; order <= 3; order++) {
      const before = scalar;
      const gradients = (at: readonly Tensor[]): readonly Tensor[] => grad(before)(at);
      results.push(...gradients(x));
      scalar = (at) =>
        gradients(at)
          .map((gradient) => sum(mul(square(gradient), 0.5)))
          .reduce((a, b) => add(a, b));
    }
    return results;
  };
}

const none = Number.NaN;
/** One twice, and two out of range. */
const picks = array([1, 0, 1, 7, -1], { dtype: "i32" });

/** Which elements are the largest and smallest. */
const orders = (x: Tensor): Tensor[] => [
  sort(x, 0, { descending: true }),
  argSort(x, 0, { descending: true }),
  ...Object.values(topK(x, 3)),
  argMin(x),
];

/** Rounding of a hundred operations, some of which cancel. */
const loose: Tolerance = { relative: { f32: 1e-3, f64: 1e-11 }, magnitude: "largest or 1" };

/** Every function that is no primitive, with three derivatives where it has any. */
export function functionPrograms(dtype: "f32" | "f64"): readonly ProgramCase[] {
  const x = (low: number, high: number, shape: Shape = [9], seed = 1): HostArray =>
    sample(shape, dtype, { low, high, seed });
  /** Rows with no zero, one and several. */
  const zeros = array(
    [
      [0.7, -0.4, 1.2, 0.5, -1.1],
      [0.7, -0.4, 0, 0.5, -1.1],
      [0, -0.4, 1.2, 0, 0],
    ],
    { dtype },
  );
  const smooth: Readonly<Record<string, readonly [fn: Function, ...inputs: HostArray[]]>> = {
    ceil: [ceil, x(-3, 3)],
    round: [(t) => round(t), x(-3, 3)],
    mod: [mod, x(-9, 9), x(1, 3, [9], 2)],
    clip: [clip, x(-2, 2), x(-1, 0, [9], 2), x(0, 1, [1], 3)],
    asin: [asin, x(-0.8, 0.8)],
    acos: [acos, x(-0.8, 0.8)],
    atan: [atan, x(-3, 3)],
    atan2: [atan2, x(-2, 2), x(-2, 2, [9], 2)],
    sinh: [sinh, x(-2, 2)],
    cosh: [cosh, x(-2, 2)],
    asinh: [asinh, x(-3, 3)],
    acosh: [acosh, x(1.2, 4)],
    atanh: [atanh, x(-0.8, 0.8)],
    prod: [(v) => prod(v, { axes: 1 }), zeros],
    cumprod: [(v) => cumprod(v, 1), zeros],
    "cumprod, exclusive, in reverse": [(v) => cumprod(v, 0, { exclusive: true, reverse: true }), zeros],
    "cumsum, exclusive": [(v) => cumsum(v, 1, { exclusive: true }), x(-2, 2, [3, 5])],
    "sort, descending": [(v) => sort(v, 0, { descending: true }), x(-2, 2, [5, 3])],
    topK: [(v) => topK(v, 2).values, x(-2, 2, [3, 5])],
    "slice backwards": [(v) => slice(v, [null, 3], [0, null], [-2, -1]), x(-2, 2, [4, 5])],
    splitAxis: [(v) => splitAxis(v, 0, [1, 3]).reduce((a, b) => mul(a, b)), x(-2, 2, [4, 2])],
    "triu and tril": [(v) => add(triu(v, 1), tril(square(v), -1)), x(-2, 2, [2, 3, 5])],
    tile: [(v) => tile(v, [2, 1, 3]), x(-2, 2, [3, 2])],
    fft: [
      (v, w) => {
        const { re, im } = fft({ re: v, im: w }, { axes: [0, 2] });
        return add(re, mul(im, 2));
      },
      x(-2, 2, [3, 2, 18]),
      x(-2, 2, [3, 2, 18], 2),
    ],
    "rfft and irfft": [
      (v) => {
        const { re, im } = rfft(v, { axes: [1, 0] });
        return irfft({ re: mul(re, re), im }, { axes: [1, 0], length: 3 });
      },
      x(-2, 2, [3, 7]),
    ],
    solvePositive: [solvePositive, heavy([2], 2, dtype), x(-2, 2, [2, 2, 1])],
    logDeterminantPositive: [logDeterminantPositive, heavy([2], 2, dtype)],
    inversePositive: [inversePositive, heavy([2], 2, dtype)],
    einsum: [(v, w) => einsum("bii...,jb->...jb", v, w), x(-2, 2, [2, 3, 3, 2]), x(-2, 2, [4, 2], 2)],
    "einsum of three": [(v, w) => einsum("ij,kj,...i->...k", v, v, w), x(-2, 2, [3, 4]), x(-2, 2, [2, 3], 2)],
    scatterSet: [(v, w) => scatterSet(v, picks, w, 1), x(-2, 2, [2, 3]), x(-2, 2, [2, 5], 2)],
    scatterMax: [(v, w) => scatterMax(v, picks, w, 1), x(-2, 2, [2, 3]), x(-2, 2, [2, 5], 2)],
    segmentSum: [(v) => segmentSum(v, picks, 3), x(-2, 2, [5, 2])],
    segmentMean: [(v) => segmentMean(v, picks, 3), x(-2, 2, [5, 2])],
    segmentMax: [(v) => segmentMax(v, picks, 3), x(-2, 2, [5, 2])],
    segmentSoftmax: [(v) => segmentSoftmax(v, picks, 3), x(-2, 2, [5, 2])],
    ...Object.fromEntries(
      (["reflect", "edge", "wrap"] as const).map((mode) => [
        `pad, ${mode}`,
        [(v) => pad(v, [2, 0], [0, 7], mode), x(-2, 2, [3, 4])],
      ]),
    ),
    ...Object.fromEntries([3, -2].map((exponent) => [`pow ${exponent}`, [(v) => pow(v, exponent), x(0.7, 1.5)]])),
  };
  return [
    ...Object.entries(smooth).map(([name, [fn, ...inputs]]) =>
      programCase(`${name}, ${dtype}`, inputs, jet(fn), { tolerance: loose }),
    ),
    programCase(
      `sort, argSort, topK and argMin of special values, ${dtype}`,
      [array([0.5, none, -Infinity, Infinity, 2, none, -1, 2, 0, Infinity], { dtype })],
      orders,
    ),
    programCase(`isNaN and isFinite, ${dtype}`, [specials(dtype)], (v) => [missing(v), finite(v)]),
  ];
}

const integers = ["i32", "u32"] as const;

/** Functions of whole numbers. */
export function wholePrograms(): readonly ProgramCase[] {
  const x = sample([17], "i32");
  return [
    programCase("mod of whole numbers, i32", [x, sample([17], "i32", { low: -3, high: 3, seed: 2 })], mod),
    programCase("clip of whole numbers, i32", [x], (v) => clip(v, -2, Infinity)),
    programCase("pow of whole numbers, i32", [x], (v) => [pow(v, 3), pow(v, 0)]),
    programCase("pow of whole numbers, u32", [sample([17], "u32")], (v) => pow(v, 7)),
    ...integers.flatMap((dtype) => [
      programCase(`sort, argSort, topK and argMin of large numbers, ${dtype}`, [largeIntegers([33], dtype)], orders),
      programCase(`sort, argSort, topK and argMin of ties, ${dtype}`, [ties([33], dtype)], orders),
      programCase(
        `scatterSet, scatterMax and einsum of large numbers, ${dtype}`,
        [ties([3, 2], dtype), largeIntegers([5, 2], dtype)],
        (v, w) => [scatterSet(v, picks, w), scatterMax(v, picks, w), einsum("ij,kj->ki", v, w)],
      ),
      programCase(`prod and cumprod of large numbers, ${dtype}`, [largeIntegers([7], dtype)], (v) => [
        prod(v),
        cumprod(v),
      ]),
    ]),
    ...(["i32", "u32", "bool"] as const).map((dtype) =>
      programCase(
        `slice backwards, triu, tile and pad of whole numbers and booleans, ${dtype}`,
        [sample([3, 4], dtype)],
        (v) => [slice(v, [null, null], [null, 1], [-1, -2]), triu(v), tile(v, 2), pad(v, [0, 5], [1, 0], "reflect")],
      ),
    ),
    programCase("isNaN and isFinite, i32", [x], (v) => [missing(v), finite(v)]),
  ];
}
