// What random programs are made of: every family of primitives, at arguments where values stay near 1 and rounding decides nothing.
import {
  abs,
  add,
  and,
  argMax,
  argMin,
  argSort,
  array,
  averagePool,
  bernoulli,
  broadcastTo,
  type ConvParams,
  cholesky,
  concat,
  conv,
  convert,
  convTranspose,
  cos,
  cumprod,
  cumsum,
  div,
  equal,
  erf,
  exp,
  expm1,
  floor,
  fold,
  gather,
  iota,
  less,
  lessEqual,
  log,
  log1p,
  logSoftmax,
  logSumExp,
  matmul,
  max,
  maximum,
  maxPool,
  mean,
  min,
  minimum,
  mul,
  neg,
  norm,
  not,
  notEqual,
  or,
  type PoolOptions,
  pack,
  pad,
  pow,
  randomBits,
  randomKey,
  rem,
  reshape,
  reverse,
  rsqrt,
  type Shape,
  scatterAdd,
  scatterMax,
  scatterSet,
  segmentMax,
  segmentMean,
  segmentSoftmax,
  segmentSum,
  select,
  shiftLeft,
  shiftRight,
  sigmoid,
  sign,
  sin,
  sizeOf,
  slice,
  softmax,
  solvePositive,
  sort,
  sqrt,
  square,
  squeeze,
  stopGradient,
  sub,
  sum,
  sumPool,
  type Tensor,
  takeAlongAxis,
  tan,
  tanh,
  tile,
  transpose,
  triangularSolve,
  tril,
  triu,
  uniform,
  unpack,
  variance,
  xor,
} from "@hooke/runtime";
import { type Draw, type Drawn, fitted, isEmpty, isOf, isOfFloats } from "./draw.ts";
import { loop } from "./loops.ts";

/** Makes a value of another one, or nothing where that does not fit. */
type Maker = (draw: Draw, x: Drawn) => Drawn | undefined;

/** Whether there is nothing to choose or share out along an axis. */
const isBare = (x: Drawn): boolean => x.tensor.rank === 0 || isEmpty(x);

/** Numbers of at most so many elements stay together. */
const most = 6000;

const rounded = (tensor: Tensor): Drawn => ({ tensor, exact: 0 });
const whole = (tensor: Tensor): Drawn => ({ tensor, exact: 1 });
const like = (x: Drawn, tensor: Tensor): Drawn => ({ ...x, tensor });

/** Indices, most of them within so many places; now and then they are computed, so that no backend knows them beforehand. */
function places(draw: Draw, shape: Shape, size: number): Tensor {
  const reach = draw.chance(0.2) ? 2 : 0;
  const known = Int32Array.from({ length: sizeOf(shape) }, () => draw.from(-reach, Math.max(0, size - 1) + reach));
  const source = draw.value((value) => isOf("i32")(value) && !isEmpty(value));
  const moved = source && draw.chance(0.5) ? and(min(source.tensor), 1) : 0;
  return add(array(known, { shape }), moved);
}

/** Of an array: numbers near 1 instead of sums of many. */
const scaled = (x: Drawn, total: Tensor, count: number): Drawn =>
  isOfFloats(x) ? rounded(mul(total, 1 / Math.max(1, count))) : whole(total);

const positive = (x: Tensor): Tensor => add(square(x), 0.5);

/** Smooth functions of one or two floats. */
const smooth: readonly Maker[] = [
  (draw, { tensor: x }) => rounded(draw.of([tanh, sin, cos, sigmoid, erf])(x)),
  (draw, { tensor: x }) => rounded(draw.of([sin, cos])(mul(x, 3))),
  (draw, { tensor: x }) => {
    const near = tanh(x);
    return rounded(mul(draw.of([exp, expm1, tan, square])(near), 0.5));
  },
  (draw, { tensor: x }) => rounded(draw.of([log, sqrt, rsqrt])(positive(x))),
  (_, { tensor: x }) => rounded(log1p(square(x))),
  (draw, x) => rounded(tanh(mul(x.tensor, draw.like(x).tensor))),
  (draw, x) => rounded(div(x.tensor, add(square(draw.like(x).tensor), 1))),
  (draw, x) =>
    rounded(pow(positive(tanh(x.tensor)), draw.chance(0.5) ? tanh(draw.like(x).tensor) : draw.of([2, 3, 0.5, -1]))),
  (draw, x) => {
    const other = draw.like(x);
    const half = mul(draw.of([add, sub])(x.tensor, other.tensor), 0.5);
    return { tensor: half, exact: Math.max(0, Math.min(x.exact, other.exact) - 1) };
  },
  (draw, x) => like(x, draw.of([neg, stopGradient])(x.tensor)),
  // Rows and columns, and numbers by themselves.
  (draw, x) => {
    const { shape } = x.tensor;
    const part = shape.slice(draw.from(0, shape.length)).map((length) => (draw.chance(0.3) ? 1 : length));
    return rounded(tanh(mul(add(x.tensor, fitted(draw, part)), 0.7)));
  },
];

/** Continuous, with kinks. */
const kinked: readonly Maker[] = [
  (_, x) => like(x, abs(x.tensor)),
  (draw, x) => {
    const other = draw.like(x);
    return { tensor: draw.of([maximum, minimum])(x.tensor, other.tensor), exact: Math.min(x.exact, other.exact) };
  },
  (draw, x) =>
    x.tensor.rank === 0 ? undefined : like(x, sort(x.tensor, draw.axis(x), { descending: draw.chance(0.3) })),
  (draw, x) => reduced(draw, x, (axes, keepDims) => like(x, draw.of([max, min])(x.tensor, { axes, keepDims })), 1),
  (draw, x) => {
    const pooled = pooling(draw, x);
    return pooled && like(x, maxPool(pooled.x, pooled.options));
  },
  (draw, x) => {
    const { tensor } = x;
    if (tensor.rank === 0) return undefined;
    const [length, count] = [tensor.shape[0]!, draw.from(1, 5)];
    return rounded(segmentMax(tensor, places(draw, [length], count), count));
  },
];

/** What jumps, of floats that are exact. */
const jumping: readonly Maker[] = [
  (draw, x) => like(x, draw.of([floor, sign])(x.tensor)),
  (draw, x) => {
    const other = draw.like(x);
    return whole(draw.of([less, lessEqual, equal, notEqual])(x.tensor, other.exact > 0 ? other.tensor : 0.25));
  },
  (draw, x) => (x.tensor.rank === 0 ? undefined : whole(argSort(x.tensor, draw.axis(x)))),
  (draw, x) => {
    if (x.tensor.rank === 0) return undefined;
    const axis = draw.axis(x);
    return x.tensor.shape[axis] === 0 ? undefined : whole(draw.of([argMax, argMin])(x.tensor, axis));
  },
  (_, x) => whole(convert(mul(x.tensor, 4), "i32")),
  (_, x) => whole(convert(abs(mul(x.tensor, 4)), "u32")),
  (_, x) => whole(convert(x.tensor, "bool")),
  (draw, x) => rounded(rem(x.tensor, draw.of([0.75, -1.25]))),
  // Rounded to eight digits.
  (draw, x) => {
    if (draw.differentiated) return undefined;
    const halves = unpack(pack(convert(x.tensor, "f32")), x.tensor.shape, "f32");
    return like(x, convert(halves, draw.dtype));
  },
];

const onWholes: readonly Maker[] = [
  (draw, x) => whole(draw.of([add, sub, mul, maximum, minimum, and, or, xor])(x.tensor, draw.like(x).tensor)),
  (draw, x) => whole(draw.of([div, rem])(x.tensor, or(draw.like(x).tensor, 1))),
  (draw, x) =>
    whole(
      draw.of([shiftLeft, shiftRight])(x.tensor, draw.chance(0.5) ? draw.from(0, 31) : and(draw.like(x).tensor, 31)),
    ),
  (draw, x) => whole(draw.of([less, lessEqual, equal, notEqual])(x.tensor, draw.like(x).tensor)),
  (_, x) => whole(not(x.tensor)),
  (draw, x) => whole(draw.of(x.tensor.dtype === "i32" ? [neg, abs, sign] : [neg])(x.tensor)),
  (_, x) => whole(convert(x.tensor, "bool")),
  // Of so many digits that floats round them.
  (draw, x) => rounded(mul(convert(mul(x.tensor, 123_456_789), draw.dtype), 2 ** -31)),
  (draw, x) => ({ tensor: mul(convert(and(x.tensor, 7), draw.dtype), 0.25), exact: 10 }),
  (_, x) => whole(convert(x.tensor, x.tensor.dtype === "i32" ? "u32" : "i32")),
  (draw, x) => (x.tensor.rank === 0 ? undefined : whole(draw.of([sort, argSort])(x.tensor, draw.axis(x)))),
  (draw, x) => reduced(draw, x, (axes, keepDims) => whole(draw.of([max, min])(x.tensor, { axes, keepDims })), 1),
];

const onBooleans: readonly Maker[] = [
  (_, x) => whole(not(x.tensor)),
  (draw, x) => whole(draw.of([and, or, xor])(x.tensor, draw.like(x).tensor)),
  (draw, x) => whole(draw.of([less, lessEqual, equal, notEqual])(x.tensor, draw.like(x).tensor)),
  (draw, x) => ({ tensor: convert(x.tensor, draw.of(["i32", "u32", draw.dtype] as const)), exact: 10 }),
  (draw, x) => {
    const { shape } = x.tensor;
    const value = draw.value((v) => isOfFloats(v) && String(v.tensor.shape) === String(shape));
    if (value === undefined) return undefined;
    const other = draw.like(value);
    return { tensor: select(x.tensor, value.tensor, other.tensor), exact: Math.min(value.exact, other.exact) };
  },
  (_, x) => whole(unpack(pack(x.tensor), x.tensor.shape, "bool")),
];

/** What moves elements of any dtype. */
const moving: readonly Maker[] = [
  (draw, x) => like(x, transpose(x.tensor, draw.shuffled(x.tensor.shape.map((_, axis) => axis)))),
  (draw, x) => like(x, reshape(x.tensor, factored(draw, sizeOf(x.tensor.shape)))),
  (_, x) => like(x, squeeze(x.tensor)),
  (draw, x) => {
    const { shape } = x.tensor;
    const target = [...draw.shape(draw.from(0, Math.max(0, 6 - shape.length)), 12), ...shape];
    return sizeOf(target) <= most ? like(x, broadcastTo(x.tensor, target)) : undefined;
  },
  (draw, x) => {
    const axes = draw.some(x.tensor.shape.map((_, axis) => axis));
    return axes.length === 0 ? undefined : like(x, reverse(x.tensor, axes));
  },
  (draw, x) => {
    const start = x.tensor.shape.map((length) => (draw.chance(0.4) ? draw.from(0, length) : 0));
    const limit = x.tensor.shape.map((length, i) => (draw.chance(0.4) ? draw.from(start[i]!, length) : length));
    const strides = x.tensor.shape.map(() => (draw.chance(0.3) ? draw.from(1, 4) : 1));
    return x.tensor.rank === 0 ? undefined : like(x, slice(x.tensor, start, limit, strides));
  },
  (draw, x) => {
    const { rank, dtype } = x.tensor;
    if (rank === 0) return undefined;
    const amounts = () => x.tensor.shape.map(() => (draw.chance(0.4) ? draw.from(0, 3) : 0));
    const fill = isEmpty(x) || dtype === "bool" ? 0 : draw.of([0, 0, 1, "reflect", "edge", "wrap"] as const);
    return like(x, pad(x.tensor, amounts(), amounts(), fill));
  },
  (draw, x) => {
    if (x.tensor.rank === 0) return undefined;
    const axis = draw.axis(x);
    const others = Array.from({ length: draw.from(1, 3) }, () => draw.like(x));
    return {
      tensor: concat(
        [x, ...others].map(({ tensor }) => tensor),
        axis,
      ),
      exact: Math.min(x.exact, ...others.map(({ exact }) => exact)),
    };
  },
  (draw, x) => {
    if (x.tensor.rank === 0) return undefined;
    const axis = draw.axis(x);
    return like(x, gather(x.tensor, places(draw, draw.shape(draw.from(0, 2), 20), x.tensor.shape[axis]!), axis));
  },
  (draw, x) => {
    if (x.tensor.rank === 0) return undefined;
    const axis = draw.axis(x);
    const shape = x.tensor.shape.map((length, i) => (i === axis ? draw.from(1, 4) : length));
    return like(x, takeAlongAxis(x.tensor, places(draw, shape, x.tensor.shape[axis]!), axis));
  },
  (draw, x) =>
    like(
      x,
      tile(
        x.tensor,
        x.tensor.shape.map(() => (draw.chance(0.3) ? draw.from(0, 3) : 1)),
      ),
    ),
  (draw, x) => (x.tensor.rank < 2 ? undefined : like(x, draw.of([tril, triu])(x.tensor, draw.from(-2, 2)))),
];

/** Sums and what is made of many. */
const summing: readonly Maker[] = [
  (draw, x) => reduced(draw, x, (axes, keepDims, count) => scaled(x, sum(x.tensor, { axes, keepDims }), count), 0),
  (draw, x) => (x.tensor.rank === 0 ? undefined : running(draw, x)),
  (draw, x) => {
    const { tensor } = x;
    if (tensor.rank === 0) return undefined;
    const axis = draw.axis(x);
    const picks = places(draw, tensor.shape.slice(axis, axis + draw.from(1, 2)), 6);
    return scaled(x, scatterAdd(picks, tensor, axis, draw.from(1, 40)), sizeOf(picks.shape) / 3);
  },
  (draw, x) => {
    const { tensor } = x;
    if (tensor.rank === 0) return undefined;
    const axis = draw.axis(x);
    const picks = places(draw, [draw.from(0, 5)], tensor.shape[axis]!);
    const shape = tensor.shape.map((length, i) => (i === axis ? picks.shape[0]! : length));
    const updates = fitted(draw, shape, tensor.dtype);
    const write = draw.differentiated || draw.chance(0.5) ? scatterSet : scatterMax;
    return isOfFloats(x) ? rounded(write(tensor, picks, updates, axis)) : whole(write(tensor, picks, updates, axis));
  },
];

const summingFloats: readonly Maker[] = [
  (draw, x) =>
    reduced(
      draw,
      x,
      (axes, keepDims) => rounded(draw.of([mean, variance, logSumExp])(x.tensor, { axes, keepDims })),
      1,
    ),
  (draw, x) =>
    reduced(
      draw,
      x,
      (axes, keepDims, count) => rounded(mul(norm(add(x.tensor, 3), { axes, keepDims }), count ** -0.5)),
      1,
    ),
  (draw, x) => (isBare(x) ? undefined : rounded(softmax(x.tensor, draw.axis(x)))),
  (draw, x) => (isBare(x) ? undefined : rounded(mul(logSoftmax(x.tensor, draw.axis(x)), 0.2))),
  (draw, x) => {
    if (isBare(x)) return undefined;
    const axes = x.tensor.rank - 1;
    const centred = sub(x.tensor, mean(x.tensor, { axes, keepDims: true }));
    const length = x.tensor.shape[axes]!;
    const spread = rsqrt(add(mean(square(centred), { axes, keepDims: true }), 0.1));
    return rounded(add(mul(mul(centred, spread), fitted(draw, [length])), fitted(draw, [length])));
  },
  (draw, { tensor }) => {
    if (tensor.rank === 0) return undefined;
    const count = draw.from(1, 5);
    const segments = places(draw, [tensor.shape[0]!], count);
    return rounded(
      draw.chance(0.3)
        ? segmentSoftmax(tensor, segments, count)
        : draw.of([segmentSum, segmentMean])(mul(tensor, 0.2), segments, count),
    );
  },
];

/** Products, convolutions, windows and factorizations. */
const products: readonly Maker[] = [
  (draw, { tensor: x }) => {
    if (x.rank < 2 || x.rank > 4) return undefined;
    const [transposeA, transposeB] = [draw.chance(0.3), draw.chance(0.3)];
    const terms = x.shape.at(transposeA ? -2 : -1)!;
    const columns = draw.length(0, 70);
    const batch = draw.chance(0.4) ? x.shape.slice(0, -2) : [];
    const other = fitted(draw, [...batch, ...(transposeB ? [columns, terms] : [terms, columns])]);
    const product = mul(matmul(x, other, { transposeA, transposeB }), 1 / Math.sqrt(Math.max(1, terms)));
    return rounded(draw.chance(0.5) ? tanh(add(product, fitted(draw, [columns]))) : product);
  },
  (draw) => {
    // Sums of many terms are divided, and their parts added up more precisely.
    const isLong = draw.chance(0.1);
    const [rows, columns] = isLong ? [draw.from(1, 9), draw.from(1, 9)] : [draw.length(0, 101), draw.length(0, 70)];
    const terms = isLong ? draw.of([300, 1025, 2049, 4200]) : draw.length(0, 101);
    return rounded(
      mul(matmul(fitted(draw, [rows, terms]), fitted(draw, [terms, columns])), 1 / Math.sqrt(Math.max(1, terms))),
    );
  },
  (draw) => {
    const made = convolving(draw);
    const { x, kernel, params, terms } = made;
    const result = mul(conv(x, kernel, params), 1 / Math.sqrt(terms));
    return rounded(draw.chance(0.5) ? tanh(add(result, fitted(draw, [kernel.shape.at(-1)!]))) : result);
  },
  (draw) => {
    const { x, kernel, params, terms } = convolving(draw);
    const { shape } = conv(x, kernel, params);
    return rounded(mul(convTranspose(fitted(draw, shape), kernel, x.shape.slice(1, -1), params), 1 / Math.sqrt(terms)));
  },
  (draw, x) => {
    const pooled = pooling(draw, x);
    return (
      pooled &&
      rounded(draw.chance(0.5) ? averagePool(pooled.x, pooled.options) : mul(sumPool(pooled.x, pooled.options), 0.2))
    );
  },
  (draw) => {
    const batch = draw.some([2, 3], 0.3);
    const n = batch.length === 0 && draw.chance(0.2) ? draw.of([33, 48, 70]) : draw.from(0, 19);
    const half = fitted(draw, [...batch, n, n + 1]);
    const identity = convert(equal(iota([n, n], 0), iota([n, n], 1)), draw.dtype);
    const matrix = add(mul(matmul(half, half, { transposeB: true }), 1 / (n + 1)), mul(identity, 2));
    const [lower, transposeA] = [draw.chance(0.5), draw.chance(0.5)];
    const right = fitted(draw, [...batch, n, draw.from(1, 18)]);
    const kind = draw.below(3);
    if (kind === 0) return rounded(cholesky(matrix));
    return rounded(kind === 1 ? solvePositive(matrix, right) : triangularSolve(matrix, right, { lower, transposeA }));
  },
];

/** What begins with nothing. */
const beginning: readonly Maker[] = [
  (draw) => {
    const shape = draw.shape(undefined, 300);
    // A key that no backend knows beforehand.
    const key = fold(randomKey(draw.below(1000)), convert(sum(places(draw, [2], 9)), "u32"));
    const kind = draw.below(4);
    if (kind === 0) return whole(randomBits(key, shape));
    if (kind === 1) return whole(bernoulli(key, 0.375, shape));
    // Of 24 bits each in both dtypes.
    const numbers = convert(uniform(key, shape), draw.dtype);
    if (kind === 2) return whole(numbers);
    // Normal ones as `normal` makes them, which would take other bits for f64.
    return rounded(mul(sqrt(mul(log(sub(1, numbers)), -2)), cos(mul(numbers, 2 * Math.PI))));
  },
  (draw) => {
    const shape = draw.shape(draw.from(1, 4), 300);
    return whole(iota(shape, draw.below(shape.length)));
  },
  (draw) => rounded(fitted(draw, draw.shape())),
];

/** Reduced along some axes. @param least the length that each must have */
function reduced(
  draw: Draw,
  { tensor }: Drawn,
  make: (axes: readonly number[], keepDims: boolean, count: number) => Drawn,
  least: number,
): Drawn | undefined {
  const axes = draw.some(tensor.shape.map((_, axis) => axis));
  if (axes.some((axis) => tensor.shape[axis]! < least)) return undefined;
  return make(
    axes,
    draw.chance(0.5),
    axes.reduce((count, axis) => count * tensor.shape[axis]!, 1),
  );
}

function running(draw: Draw, x: Drawn): Drawn {
  const axis = draw.axis(x);
  const options = { reverse: draw.chance(0.3) };
  if (draw.chance(0.3))
    return isOfFloats(x) ? rounded(cumprod(tanh(x.tensor), axis, options)) : whole(cumprod(x.tensor, axis, options));
  return scaled(x, cumsum(x.tensor, axis, options), x.tensor.shape[axis]!);
}

/** A shape of so many elements. */
function factored(draw: Draw, size: number): Shape {
  if (size === 0) return draw.shuffled([0, ...draw.shape(draw.from(0, 3), 30)]);
  const shape: number[] = [];
  for (let left = size; left > 1 && shape.length < 5; ) {
    const factors = Array.from({ length: left }, (_, i) => i + 1).filter((factor) => left % factor === 0);
    const factor = draw.of(factors);
    shape.push(factor);
    left /= factor;
    if (left > 1 && shape.length === 5) shape.push(left);
  }
  return shape;
}

const spatials = (draw: Draw, rank: number): number[] =>
  Array.from({ length: rank }, () => draw.from(1, [30, 12, 6][rank - 1]!));

/** An array of images, or what is taken for one, and windows on it. */
function pooling(draw: Draw, x: Drawn): { x: Tensor; options: PoolOptions } | undefined {
  const isImage = x.tensor.rank >= 3 && x.tensor.rank <= 5;
  if (!isOfFloats(x) || isEmpty(x)) return undefined;
  const rank = isImage ? x.tensor.rank - 2 : draw.from(1, 3);
  if (!isImage && draw.chance(0.5)) return undefined;
  const tensor = isImage
    ? x.tensor
    : reshape(x.tensor, [1, sizeOf(x.tensor.shape), ...Array.from({ length: rank }, () => 1)]);
  const spatial = tensor.shape.slice(1, -1);
  if (draw.chance(0.3)) {
    // Windows side by side that leave nothing out.
    const window = spatial.map((length) => draw.of([1, 2, 3, 4].filter((size) => length % size === 0)));
    return { x: tensor, options: { window, stride: window } };
  }
  const window = spatial.map((length) => draw.from(1, Math.min(4, length)));
  const padding = window.map((size) => [draw.below(size), draw.below(size)] as const);
  return { x: tensor, options: { window, stride: window.map(() => draw.from(1, 3)), padding } };
}

interface Convolving {
  readonly x: Tensor;
  readonly kernel: Tensor;
  readonly params: Partial<ConvParams>;
  /** Products that are added up. */
  readonly terms: number;
}

/** Those that backends compute in ways of their own: many channels under windows of 3, each channel by itself, a large kernel over few places. */
function convolvingByRule(draw: Draw): Convolving {
  const [kind, rank] = [draw.of(["tiles", "tiles", "apart", "apart", "few"] as const), draw.of([2, 2, 2, 3])];
  const groups = kind === "apart" ? draw.of([3, 4, 8, 17]) : 1;
  const [inner, outer] = { tiles: [draw.of([8, 12, 16]), draw.of([8, 16])], apart: [1, 1], few: [64, 256] }[kind];
  const spatial = Array.from({ length: kind === "few" ? 2 : rank }, () =>
    draw.from(3, kind === "few" ? 5 : 16 - 3 * rank),
  );
  const window = spatial.map(() => 3);
  const stride = window.map(() => (kind === "tiles" ? 1 : draw.of([1, 1, 2])));
  const padding = draw.chance(0.6) ? window.map(() => [1, 1] as const) : window.map(() => [0, 0] as const);
  const x = fitted(draw, [draw.from(1, 2), ...spatial, inner! * groups]);
  const kernel = fitted(draw, [...window, inner!, outer! * groups]);
  return { x, kernel, params: { stride, padding, groups }, terms: inner! * sizeOf(window) };
}

function convolving(draw: Draw): Convolving {
  if (draw.chance(0.3)) return convolvingByRule(draw);
  const rank = draw.of([1, 2, 2, 2, 3]);
  const groups = draw.of([1, 1, 1, 2, 3]);
  const [inner, outer] = [draw.of([1, 2, 3, 8]), draw.of([1, 1, 2, 4, 9])];
  const spatial = spatials(draw, rank);
  const window = spatial.map((length) => draw.of([1, 2, 3, 3, 5].filter((size) => size <= length)));
  const dilation = window.map((size, i) => (draw.chance(0.2) && (size - 1) * 2 + 1 <= spatial[i]! ? 2 : 1));
  const params = {
    stride: window.map(() => draw.of([1, 1, 2, 3])),
    padding: window.map((size) =>
      draw.chance(0.5) ? ([draw.below(size), draw.below(size)] as const) : ([0, 0] as const),
    ),
    dilation,
    groups,
  };
  const x = fitted(draw, [draw.of([0, 1, 1, 2, 3, 3, 3]), ...spatial, inner * groups]);
  const kernel = fitted(draw, [...window, inner, outer * groups]);
  return { x, kernel, params, terms: inner * sizeOf(window) };
}

/** Adds so many values to what has been drawn. @param loops how deep loops may lie in one another */
export function grow(draw: Draw, count: number, loops: number): void {
  const wanted = draw.pool.length + count;
  for (let tries = 0; draw.pool.length < wanted && tries < 20 * count; tries++) {
    const x = draw.value(({ tensor }) => sizeOf(tensor.shape) <= most / 2);
    if (x === undefined) return;
    const makers = familyOf(draw, x);
    const made = loops > 0 && draw.chance(0.08) ? loop(draw, x, loops - 1, grow) : draw.of(makers)(draw, x);
    if (made && sizeOf(made.tensor.shape) <= most) draw.pool.push(made);
  }
}

/** The makers of one family that the value is fit for. */
function familyOf(draw: Draw, x: Drawn): readonly Maker[] {
  if (draw.chance(0.25)) return moving;
  if (draw.chance(0.1)) return beginning;
  if (isOf("bool")(x)) return onBooleans;
  if (!isOfFloats(x)) return draw.chance(0.3) ? summing : onWholes;
  if (draw.chance(0.25)) return products;
  if (draw.chance(0.25)) return draw.of([summing, summingFloats]);
  if (draw.chance(0.25) && x.exact > 0) return jumping;
  if (draw.chance(0.3) && (x.exact > 0 || !draw.differentiated)) return kinked;
  return smooth;
}
