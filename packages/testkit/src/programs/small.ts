// Small programs: chains that backends fuse, and the corners of what a program may take and return.
import {
  add,
  array,
  broadcastTo,
  concat,
  conv,
  convert,
  cumsum,
  div,
  equal,
  erf,
  exp,
  fold,
  grad,
  greater,
  type HostArray,
  iota,
  less,
  log,
  logSumExp,
  matmul,
  max,
  maximum,
  maxPool,
  mean,
  mul,
  neg,
  normal,
  oneHot,
  pad,
  randomKey,
  reshape,
  rsqrt,
  type Shape,
  select,
  sigmoid,
  slice,
  sliceAxis,
  softmax,
  sort,
  square,
  sub,
  sum,
  tanh,
  transpose,
  uniform,
  variance,
} from "@hooke/runtime";
import { sample } from "../cases/samples.ts";
import { type ProgramCase, programCase } from "./program-case.ts";

/** Chains, reductions, products and their epilogues. */
export function fusedPrograms(dtype: "f32" | "f64"): readonly ProgramCase[] {
  const a = (shape: Shape, seed = 1): HostArray => sample(shape, dtype, { seed });
  return [
    programCase("an elementwise chain", [a([1031]), a([1031], 2)], (x, y) => tanh(add(mul(x, y), exp(neg(square(x)))))),
    programCase(
      "a chain with rows, columns and scalars",
      [a([7, 13]), a([13], 2), a([7, 1], 3), a([], 4)],
      (x, r, c, s) => mul(add(mul(x, r), c), sigmoid(sub(x, s))),
    ),
    programCase("a chain through a transpose", [a([5, 9]), a([9, 5], 2)], (x, y) =>
      add(transpose(mul(x, 2)), mul(y, y)),
    ),
    programCase("a chain of mixed dtypes", [a([33]), sample([33], "i32"), sample([33], "bool")], (x, i, b) =>
      select(b, mul(x, convert(i, dtype)), convert(greater(i, 3), dtype)),
    ),
    programCase(
      "rows and columns repeated in five and six dimensions",
      [a([2, 3, 1, 2, 5]), a([2, 1, 2, 1, 2, 5], 2), a([5], 3), a([2, 5], 4)],
      (x, y, row, matrix) => [add(x, row), mul(add(y, row), matrix), sub(reshape(matrix, [2, 1, 1, 1, 5]), x)],
    ),
    programCase("reductions of a chain", [a([17, 9]), a([9], 2)], (x, y) => [
      sum(mul(x, y), { axes: 1 }),
      sum(square(sub(x, y)), { axes: 0 }),
      mean(tanh(x)),
      max(mul(x, x), { axes: 1 }),
    ]),
    programCase("a chain after a reduction", [a([17, 9])], (x) => sub(x, mean(x, { axes: 1, keepDims: true }))),
    programCase("softmax and its logarithm", [a([7, 11])], (x) => [
      softmax(x),
      softmax(x, 0),
      logSumExp(x, { axes: 1 }),
    ]),
    programCase("layer normalisation", [a([5, 17]), a([17], 2), a([17], 3)], (x, scale, shift) => {
      const centred = sub(x, mean(x, { axes: 1, keepDims: true }));
      return add(mul(mul(centred, rsqrt(add(variance(x, { axes: 1, keepDims: true }), 1e-5))), scale), shift);
    }),
    programCase("a product with bias and activation", [a([17, 10]), a([10, 33], 2), a([33], 3)], (x, w, b) =>
      tanh(add(matmul(x, w), b)),
    ),
    programCase("a product of chains, reduced", [a([6, 10]), a([7, 10], 2)], (x, w) =>
      sum(square(matmul(tanh(x), transpose(exp(w)))), { axes: 0 }),
    ),
    programCase("a product with a broadcast operand", [a([3, 4, 5]), a([5, 6], 2), a([4, 5], 3)], (x, w, y) => [
      matmul(x, w),
      matmul(x, broadcastTo(transpose(y), [3, 5, 4])),
    ]),
    programCase(
      "convolution, bias, rectifier, pooling",
      [a([2, 8, 8, 3]), a([3, 3, 3, 5], 2), a([5], 3)],
      (x, k, b) => {
        const params = {
          padding: [
            [1, 1],
            [1, 1],
          ] as const,
        };
        return maxPool(maximum(add(conv(x, k, params), b), 0), { window: [2, 2] });
      },
    ),
    programCase("gradient of a convolution", [a([2, 6, 6, 2]), a([3, 3, 2, 3], 2)], (x, k) =>
      grad((kernel: typeof k) => sum(square(maxPool(tanh(conv(x, kernel)), { window: [2, 2] }))))(k),
    ),
    programCase("slices joined and padded", [a([5, 7]), a([5, 3], 2)], (x, y) => [
      concat([slice(x, [0, 1], [5, 6], [1, 2]), mul(y, 2), sliceAxis(x, 1, 0, 1)], 1),
      add(pad(sliceAxis(x, 0, 1, 3), [1, 0], [2, 0]), x),
    ]),
    programCase("a sort of a running sum", [a([4, 33])], (x) => sort(cumsum(x, 1), 1)),
    programCase("random numbers", [randomKey(7)], (key) => [
      uniform(fold(key, "a"), [33], { dtype }),
      normal(fold(key, "b"), [3, 7], dtype),
    ]),
    programCase("cross-entropy", [a([9, 4]), array(Int32Array.of(0, 1, 2, 3, 0, 1, 2, 3, 1))], (logits, labels) =>
      grad((z: typeof logits) => {
        const hit = oneHot(labels, 4, dtype);
        return neg(mean(sum(mul(hit, log(softmax(z))), { axes: 1 })));
      })(logits),
    ),
    programCase("Gaussian error linear unit to second order", [a([19])], (x) => {
      const gelu = (z: typeof x) => sum(mul(mul(z, 0.5), add(erf(mul(z, Math.SQRT1_2)), 1)));
      return grad((z: typeof x) => sum(square(grad(gelu)(z))))(x);
    }),
  ];
}

/** What may go in and come out: inputs as outputs, repeats, constants, nothing. */
export function edgePrograms(): readonly ProgramCase[] {
  const x = sample([5]);
  const y = sample([5], "f32", { seed: 2 });
  return [
    programCase("an output that is an input", [x, y], (a, b) => [b, a]),
    programCase("one value twice", [x], (a) => {
      const b = mul(a, 2);
      return [b, b, a, a];
    }),
    programCase("unused inputs", [x, y, sample([0]), sample([3], "bool")], (a) => neg(a)),
    programCase("constants", [x], () => [3, array([1, 2, 3]), iota([4])]),
    programCase("no inputs", [], () => add(array([1, 2]), 1)),
    programCase("no outputs", [x], () => []),
    programCase("an output that is an intermediate", [x], (a) => {
      const b = exp(a);
      return [b, div(b, sum(b))];
    }),
    programCase("reshapes of inputs as outputs", [sample([6])], (a) => [reshape(a, [2, 3]), reshape(a, [3, 2])]),
    programCase("empty arrays through everything", [sample([0, 3]), sample([3, 2])], (a, b) => [
      matmul(a, b),
      sum(a, { axes: 0 }),
      tanh(a),
      concat([a, transpose(b)], 0),
    ]),
    programCase(
      "every dtype at once",
      [sample([4], "i32"), sample([4], "u32"), sample([4], "bool"), sample([4], "f64")],
      (i, u, b, d) => [add(i, 1), mul(u, u), select(b, i, 0), convert(less(d, 0), "f64"), equal(convert(d, "f32"), 1)],
    ),
  ];
}
