// Sums of a million terms and more, of every kind: a sum that merely runs on in f32 is off by percents there. The inputs are a few
// numbers, repeated or counted by the program itself; the results are known in closed form.
import {
  add,
  array,
  averagePool,
  broadcastTo,
  conv,
  convert,
  cumsum,
  div,
  grad,
  type HostArray,
  iota,
  less,
  logSumExp,
  matmul,
  mean,
  mul,
  neg,
  type Program,
  record,
  rem,
  reshape,
  type Shape,
  scatterAdd,
  slice,
  softmax,
  square,
  sub,
  sum,
  sumPool,
  type Tensor,
  variance,
} from "@hooke/runtime";

/** A program whose results are known. */
export interface KnownProgram {
  readonly name: string;
  readonly program: Program;
  readonly inputs: readonly HostArray[];
  readonly expected: () => readonly HostArray[];
  /** Largest error, relative to the value: nothing cancels, so that it is the sum of the absolute terms. 0 for integers. */
  readonly relative: number;
}

/** What every backend must keep to, up to 1e8 terms. */
const bound = 2e-6;

/** As f32 holds them: constant terms round alike each time, so that errors add up as fast as they can. */
const [tenth, third, large] = [0.1, -1 / 3, 0.7].map(Math.fround) as [number, number, number];
const row = array([tenth, third, large]);
const times = (count: number): HostArray => array([tenth * count, third * count, large * count]);

type Fill = (shape: Shape) => Tensor;

function known(
  name: string,
  inputs: readonly HostArray[],
  fn: (...tensors: Tensor[]) => Tensor | readonly Tensor[],
  expected: KnownProgram["expected"],
  relative = bound,
): KnownProgram {
  const { program } = record(fn as never, ...(inputs as never[])) as { program: Program };
  return { name, program, inputs, expected, relative };
}

/** A program of arrays that hold 0.1 everywhere. */
const ofTenths = (name: string, fn: (tenths: Fill) => Tensor, expected: () => HostArray): KnownProgram =>
  known(
    name,
    [array(tenth)],
    (x) => fn((shape) => broadcastTo(x!, shape)),
    () => [expected()],
  );

const scalar = (value: number): HostArray => array(value);
const repeated = (shape: Shape, value: number): HostArray =>
  array(new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value), { shape });
const counted = (length: number, value: (i: number) => number): HostArray =>
  array(new Float32Array(length).map((_, i) => value(i)));

/** 0, -0.1, 0, -0.1 ... */
const alternating = (tenths: Fill, terms: number): Tensor =>
  mul(convert(rem(iota([terms]), 2), "f32"), neg(tenths([terms])));

function reductions(terms: number): readonly KnownProgram[] {
  return [
    ofTenths(
      "all of a vector",
      (x) => sum(x([terms])),
      () => scalar(terms * tenth),
    ),
    known(
      "the leading axis",
      [row],
      (x) => sum(broadcastTo(x!, [terms, 3]), { axes: 0 }),
      () => [times(terms)],
    ),
    known(
      "the leading axis of a column",
      [array([tenth])],
      (x) => sum(broadcastTo(x!, [terms, 1]), { axes: 0 }),
      () => [array([terms * tenth])],
    ),
    known(
      "a middle axis",
      [row],
      (x) => sum(broadcastTo(x!, [2, terms / 2, 3]), { axes: 1 }),
      () => [array([...times(terms / 2).data, ...times(terms / 2).data], { shape: [2, 3] })],
    ),
    known(
      "the trailing axis",
      [row],
      (x) => sum(broadcastTo(reshape(x!, [3, 1]), [3, terms]), { axes: 1 }),
      () => [times(terms)],
    ),
    ofTenths(
      "axes around one that stays",
      (x) => sum(x([terms / 10_000, 2, 10_000]), { axes: [0, 2] }),
      () => array([terms * tenth, terms * tenth]),
    ),
    ofTenths(
      "squares computed on the way",
      (x) => sum(square(sub(x([terms]), third))),
      () => scalar(terms * (tenth - third) ** 2),
    ),
    known(
      "the moments of rows",
      [array(5)],
      (x) => {
        const rows = add(div(iota([terms, 2], 0, "f32"), terms), x!);
        return [mean(rows, { axes: 0 }), variance(rows, { axes: 0 })];
      },
      () => [repeated([2], 5.5 - 0.5 / terms), repeated([2], (1 - terms ** -2) / 12)],
    ),
    ofTenths(
      "a mean square",
      (x) => mean(square(x([terms, 1]))),
      () => scalar(tenth ** 2),
    ),
    ofTenths(
      "logSumExp",
      (x) => logSumExp(alternating(x, terms)),
      () => scalar(Math.log((terms / 2) * (1 + Math.exp(-tenth)))),
    ),
    ofTenths(
      "softmax",
      (x) => slice(softmax(alternating(x, terms)), [0], [1]),
      () => repeated([1], 2 / (terms * (1 + Math.exp(-tenth)))),
    ),
    known(
      "a count",
      [array(terms / 4)],
      (x) => sum(convert(less(iota([terms]), convert(x!, "i32")), "f32")),
      () => [scalar(terms / 4)],
    ),
  ];
}

function gradients(terms: number): readonly KnownProgram[] {
  const windows = Math.sqrt(terms) / 2;
  return [
    known(
      "the gradient of a bias",
      [row, array([0, 0, 0])],
      (x, bias) => grad((b: Tensor) => sum(square(add(broadcastTo(x!, [terms, 3]), b))))(bias!),
      () => [times(2 * terms)],
    ),
    known(
      "the gradient of a kernel of a dense layer",
      [row, array([[0, 0, 0]])],
      (x, kernel) => {
        const ones = div(broadcastTo(x!, [terms, 3]), broadcastTo(x!, [terms, 3]));
        return grad((k: Tensor) => sum(mul(matmul(broadcastTo(slice(x!, [0], [1]), [terms, 1]), k), ones)))(kernel!);
      },
      () => [array([[1, 1, 1].map(() => terms * tenth)])],
    ),
    known(
      "the gradient of a kernel of a convolution along a line",
      [array(tenth), array(new Float32Array(6), { shape: [3, 1, 2] })],
      (x, kernel) => grad((k: Tensor) => sum(conv(broadcastTo(x!, [1, terms / 10 + 2, 1]), k)))(kernel!),
      () => [repeated([3, 1, 2], (terms / 10) * tenth)],
    ),
    known(
      "the gradient of a kernel of a convolution over images",
      [array(tenth), array(new Float32Array(18), { shape: [3, 3, 1, 2] })],
      (x, kernel) => grad((k: Tensor) => sum(conv(broadcastTo(x!, [terms / 10_000, 102, 102, 1]), k)))(kernel!),
      () => [repeated([3, 3, 1, 2], terms * tenth)],
    ),
    ofTenths(
      "the gradient of windows that overlap",
      (x) => {
        const pooled = (t: Tensor): Tensor => sum(mul(sumPool(t, { window: [windows], stride: [1] }), tenth));
        return slice(grad(pooled)(mul(x([1, 2 * windows - 1, 1]), 1)), [0, windows - 1, 0], [1, windows, 1]);
      },
      () => repeated([1, 1, 1], windows * tenth),
    ),
  ];
}

function products(terms: number): readonly KnownProgram[] {
  const side = Math.sqrt(terms);
  const shapes: readonly (readonly [
    string,
    Shape,
    Shape,
    { readonly transposeA?: boolean; readonly transposeB?: boolean },
  ])[] = [
    ["a product of rows and columns", [2, terms], [terms, 3], {}],
    ["a product with its first operand transposed", [terms, 2], [terms, 3], { transposeA: true }],
    ["a product with its second operand transposed", [2, terms], [3, terms], { transposeB: true }],
    ["a product of vectors", [1, terms], [terms, 1], {}],
  ];
  return [
    ...shapes.map(([name, a, b, options]) =>
      known(
        name,
        [array(tenth), array(large)],
        (x, y) => matmul(broadcastTo(x!, a), broadcastTo(y!, b), options),
        () => [repeated([a[options.transposeA ? 1 : 0]!, b[options.transposeB ? 0 : 1]!], terms * tenth * large)],
      ),
    ),
    ofTenths(
      "a convolution with a large window",
      (x) => conv(x([1, side, side, 1]), x([side, side, 1, 1])),
      () => repeated([1, 1, 1, 1], terms * tenth ** 2),
    ),
    ofTenths(
      "an average over a large window",
      (x) => averagePool(x([1, side, side, 2]), { window: [side, side] }),
      () => repeated([1, 1, 1, 2], tenth),
    ),
  ];
}

function running(terms: number): readonly KnownProgram[] {
  return [
    ofTenths(
      "a running sum",
      (x) => cumsum(x([terms])),
      () => counted(terms, (i) => (i + 1) * tenth),
    ),
    ofTenths(
      "a running sum in reverse",
      (x) => cumsum(x([terms]), 0, { reverse: true }),
      () => counted(terms, (i) => (terms - i) * tenth),
    ),
    known(
      "running sums of columns",
      [row],
      (x) => slice(cumsum(broadcastTo(x!, [terms, 3]), 0), [terms - 1, 0], [terms, 3]),
      () => [array(times(terms).data, { shape: [1, 3] })],
    ),
    known(
      "updates of two rows",
      [row],
      (x) => scatterAdd(rem(iota([terms]), 2), broadcastTo(x!, [terms, 3]), 0, 2),
      () => [array([...times(terms / 2).data, ...times(terms / 2).data], { shape: [2, 3] })],
    ),
    ofTenths(
      "updates of one number",
      (x) => scatterAdd(rem(iota([terms]), 1), x([terms]), 0, 1),
      () => array([terms * tenth]),
    ),
  ];
}

/** Whole numbers wrap around modulo 2^32, wherever they are added. */
function wholeNumbers(terms: number): readonly KnownProgram[] {
  const triangle = (terms * (terms - 1)) / 2;
  const last = (dtype: "i32" | "u32"): HostArray =>
    array(dtype === "i32" ? Int32Array.of(triangle) : Uint32Array.of(triangle));
  return (["i32", "u32"] as const).flatMap((dtype) => [
    known(
      `a sum of ${dtype}`,
      [],
      () => reshape(sum(iota([terms], 0, dtype)), [1]),
      () => [last(dtype)],
      0,
    ),
    known(
      `a running sum of ${dtype}`,
      [],
      () => slice(cumsum(iota([terms], 0, dtype)), [terms - 1], [terms]),
      () => [last(dtype)],
      0,
    ),
    known(
      `updates of ${dtype}`,
      [],
      () => scatterAdd(rem(iota([terms]), 1), iota([terms], 0, dtype), 0, 1),
      () => [last(dtype)],
      0,
    ),
  ]);
}

/** Ten million terms, where the others have a million. */
function longest(terms: number): readonly KnownProgram[] {
  const count = 10 * terms;
  return [
    ofTenths(
      "ten times as many terms",
      (x) => sum(x([count])),
      () => scalar(count * tenth),
    ),
    known(
      "ten times as many rows",
      [array([tenth, third])],
      (x) => mean(broadcastTo(x!, [count, 2]), { axes: 0 }),
      () => [array([tenth, third])],
    ),
  ];
}

/**
 * Every kind of sum.
 *
 * @param terms of most of them, the square of a multiple of 100: a million; some have ten times as many
 */
export const longSums = (terms = 1e6): readonly KnownProgram[] => [
  ...reductions(terms),
  ...gradients(terms),
  ...products(terms),
  ...running(terms),
  ...wholeNumbers(terms),
  ...longest(terms),
];
