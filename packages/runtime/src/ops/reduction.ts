// Reductions, running sums and sorting.
import { describe, type HostArray } from "../array.ts";
import { fail } from "../error.ts";
import { asTensor, bind } from "../record.ts";
import type { Tensor } from "../tensor.ts";
import { add, and, equal, full, greaterEqual, less, mul, type Operand, select } from "./elementwise.ts";
import { broadcastTo, gather, iota, normalizeAxes, normalizeAxis, reshape, transpose } from "./structure.ts";

/** Which axes a reduction removes (default all), and whether they stay with size 1. */
export interface ReductionOptions {
  readonly axes?: number | readonly number[];
  readonly keepDims?: boolean;
}

function reduce(primitive: "sum" | "max" | "min", x: Operand, options: ReductionOptions): Tensor {
  for (const name of Object.keys(options ?? {})) {
    if (name !== "axes" && name !== "keepDims")
      fail(primitive, `received the unknown option "${name}"; it has "axes" and "keepDims".`, "unknown-option");
  }
  const value = asTensor(x);
  const axes = normalizeAxes(primitive, options.axes, value.rank);
  const result = axes.length === 0 ? value : bind(primitive, [value], { axes })[0]!;
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

/** First index of the maximum along an axis (default the last), `i32`. */
export function argMax(x: Operand, axis = -1): Tensor {
  const value = asTensor(x);
  return bind("argMax", [value], { axis: normalizeAxis("argMax", axis, value.rank) })[0]!;
}

/** Running sum along an axis; from the end if `reverse`. */
export function cumsum(x: Operand, axis = 0, reverse = false): Tensor {
  const value = asTensor(x);
  return bind("cumsum", [value], { axis: normalizeAxis("cumsum", axis, value.rank), reverse })[0]!;
}

/** Ascending along an axis (default the last), NaN last. */
export function sort(x: Operand, axis = -1): Tensor {
  const value = asTensor(x);
  return bind("sort", [value], { axis: normalizeAxis("sort", axis, value.rank) })[0]!;
}

/** Indices (`i32`) that sort ascending along an axis (default the last); stable, NaN last. */
export function argSort(x: Operand, axis = -1): Tensor {
  const value = asTensor(x);
  return bind("argSort", [value], { axis: normalizeAxis("argSort", axis, value.rank) })[0]!;
}

/**
 * `x` at `indices` (`i32`, as many dimensions, equal off the axis) along an axis: NumPy's take_along_axis. An index out of
 * range reads 0.
 */
export function takeAlongAxis(x: Tensor | HostArray, indices: Tensor | HostArray, axis: number): Tensor {
  const value = asTensor(x);
  const at = normalizeAxis("takeAlongAxis", axis, value.rank);
  const others = value.shape.map((_, i) => i).filter((i) => i !== at);
  const where = asTensor(indices);
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

/** One at each index, zero elsewhere: a new last axis of size `classes`. Default dtype `f32`. */
export function oneHot(indices: Tensor | HostArray, classes: number, dtype: "f32" | "f64" = "f32"): Tensor {
  const value = asTensor(indices);
  const shape = [...value.shape, classes];
  const hit = equal(iota(shape, -1), broadcastTo(reshape(value, [...value.shape, 1]), shape));
  return select(hit, full(shape, 1, dtype), full(shape, 0, dtype));
}
