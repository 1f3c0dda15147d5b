// Reductions, and picking along an axis.

import { describe, type HostArray } from "../array.ts";
import { fail } from "../error.ts";
import { reduction } from "../primitives/reduction.ts";
import { emit, tensorFor } from "../record.ts";
import type { Tensor } from "../tensor.ts";
import type { Operand } from "./align.ts";
import { add, and, equal, full, greaterEqual, less, mul, select } from "./elementwise.ts";
import { numbers, type ReductionOptions, reductionOptions } from "./requirements.ts";
import { sliceAxis } from "./slicing.ts";
import { broadcastTo, gather, iota, normalizeAxes, normalizeAxis, reshape, transpose } from "./structure.ts";

function reduce(primitive: "sum" | "max" | "min", x: Operand, options: ReductionOptions): Tensor {
  reductionOptions(primitive, options);
  const value = tensorFor(primitive, x);
  const axes = normalizeAxes(primitive, options.axes, value.rank);
  const result = axes.length === 0 ? value : emit(reduction, primitive, [value], { axes })[0]!;
  return options.keepDims === true
    ? reshape(
        result,
        value.shape.map((dimension, axis) => (axes.includes(axis) ? 1 : dimension)),
      )
    : result;
}

/** Sum over axes. */
export const sum = (x: Operand, options: ReductionOptions = {}): Tensor => reduce("sum", x, options);
/** Maximum over axes; NaN if any element is; the derivative splits ties evenly. */
export const max = (x: Operand, options: ReductionOptions = {}): Tensor => reduce("max", x, options);
/** Minimum over axes; NaN if any element is; the derivative splits ties evenly. */
export const min = (x: Operand, options: ReductionOptions = {}): Tensor => reduce("min", x, options);

/**
 * Product over axes; 1 over an empty one. Floats and whole numbers (modulo 2^32). Halves are multiplied with halves, so that all derivatives
 * are right where elements are 0: that of an element is the product of the others.
 *
 * @example
 * ```ts
 * import { array, grad, prod, referenceBackend, run, type Tensor } from "@hooke/runtime";
 *
 * const slope = (x: Tensor) => grad((y: Tensor) => prod(y))(x);
 * console.log((await run(referenceBackend(), slope, array([2, 0, 5]))).data); // Float32Array(3) [ 0, 10, 0 ]
 * ```
 */
export function prod(x: Operand, options: ReductionOptions = {}): Tensor {
  reductionOptions("prod", options);
  const value = numbers("prod", x);
  const axes = normalizeAxes("prod", options.axes, value.rank);
  const result = axes.reduce(productAlong, value);
  const kept = value.shape.filter((_, axis) => !axes.includes(axis));
  return options.keepDims === true ? result : reshape(result, kept);
}

/** The product along an axis, which stays with size 1. */
function productAlong(x: Tensor, axis: number): Tensor {
  let value = x;
  let rest: Tensor | undefined;
  for (let length = x.shape[axis]!; length > 1; length = Math.floor(length / 2)) {
    const half = Math.floor(length / 2);
    if (length % 2 === 1) {
      const last = sliceAxis(value, axis, length - 1, length);
      rest = rest === undefined ? last : mul(rest, last);
    }
    value = mul(sliceAxis(value, axis, 0, half), sliceAxis(value, axis, half, 2 * half));
  }
  if (x.shape[axis] === 0) return full(x.shape.with(axis, 1), 1, x.dtype);
  return rest === undefined ? value : mul(value, rest);
}

/**
 * `x` at `indices` (`i32`, as many dimensions, equal off the axis) along an axis: NumPy's take_along_axis. An index out of
 * range reads 0.
 */
export function takeAlongAxis(x: Tensor | HostArray, indices: Tensor | HostArray, axis: number, ...more: []): Tensor {
  const value = tensorFor("takeAlongAxis", x, more);
  const at = normalizeAxis("takeAlongAxis", axis, value.rank);
  const others = value.shape.map((_, i) => i).filter((i) => i !== at);
  const where = tensorFor("takeAlongAxis", indices);
  if (where.dtype !== "i32") fail("takeAlongAxis", `received indices ${describe(where)}; they are i32.`, "mismatch");
  if (where.rank !== value.rank || others.some((i) => where.shape[i] !== value.shape[i])) {
    fail(
      "takeAlongAxis",
      `received ${describe(value)} and indices ${describe(where)}; sizes off axis ${at} must agree.`,
      "mismatch",
    );
  }
  const order = [...others, at];
  const inverse = order.map((_, i) => order.indexOf(i));
  const rows = transpose(value, order);
  const picks = transpose(where, order);
  const length = value.shape[at]!;
  const count = picks.shape.at(-1)!;
  const outer = picks.shape.slice(0, -1).reduce((n, dimension) => n * dimension, 1);
  const base = mul(iota([outer, count], 0), full([], length, "i32"));
  const local = reshape(picks, [outer, count]);
  const inRange = and(greaterEqual(local, 0), less(local, length));
  const flat = gather(reshape(rows, [-1]), select(inRange, add(base, local), -1));
  return transpose(reshape(flat, picks.shape), inverse);
}

/** One at each index (`i32`), zero elsewhere: a new last axis of size `classes`. Default dtype `f32`. @throws on other dtypes of indices */
export function oneHot(
  indices: Tensor | HostArray,
  classes: number,
  dtype: "f32" | "f64" = "f32",
  ...more: []
): Tensor {
  const value = tensorFor("oneHot", indices, more);
  if (value.dtype !== "i32")
    fail("oneHot", `received indices ${describe(value)}; they are i32. Use convert(x, "i32").`, "mismatch");
  const shape = [...value.shape, classes];
  const hit = equal(iota(shape, -1), broadcastTo(reshape(value, [...value.shape, 1]), shape));
  return select(hit, full(shape, 1, dtype), full(shape, 0, dtype));
}
