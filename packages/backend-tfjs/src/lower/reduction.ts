// Reductions, running sums and sorting. Every one runs over the rows of a matrix: the only layout all engines agree on.
//
// Kernels of tfjs 4.22 that are not used as they are:
//  - ArgMax overlooks NaN, which counts as the maximum: it looks for the first hit instead.
//  - Cumsum in reverse computes with a stale length on WebGPU: rows are turned around before and after.
//  - TopK is the only sort: descending, NaN anywhere.
import { type Aval, type Shape, sizeOf } from "@hooke/runtime";
import type { Kernels } from "../plan/kernels.ts";
import type { Ref } from "../plan/step.ts";
import { complement, ordered } from "./integer.ts";
import { cumulateRows, sumRows } from "./steady.ts";
import { flip } from "./structure.ts";
import type { Lowerings } from "./table.ts";

const keptAxes = (shape: Shape, axes: readonly number[]): number[] =>
  shape.flatMap((_, axis) => (axes.includes(axis) ? [] : [axis]));

/** A matrix whose rows hold what is reduced. */
function rows(k: Kernels, x: Ref, axes: readonly number[]): Ref {
  const turned = k.transpose(x, [...keptAxes(x.shape, axes), ...axes]);
  const length = sizeOf(axes.map((axis) => x.shape[axis]!));
  return k.reshape(turned, [sizeOf(turned.shape.slice(0, turned.shape.length - axes.length)), length]);
}

const reducedShape = (x: Ref, axes: readonly number[]): number[] =>
  keptAxes(x.shape, axes).map((axis) => x.shape[axis]!);

/** Reduces axes where they are, by an engine's own kernel: one run of neighbours after the other, the last first. */
function reduceMiddle(k: Kernels, kernel: string, x: Ref, axes: readonly number[]): Ref {
  const last = axes.at(-1)!;
  const count = axes.findLastIndex((axis, i) => axis !== last - (axes.length - 1 - i)) + 1;
  const first = axes[count]!;
  const [outer, inner] = [x.shape.slice(0, first), x.shape.slice(last + 1)];
  const middle = k.reshape(x, [sizeOf(outer), sizeOf(x.shape.slice(first, last + 1)), sizeOf(inner)]);
  const reduced = k.call(kernel, { x: middle }, {}, [middle.shape[0]!, middle.shape[2]!], x.dtype);
  const shaped = k.reshape(reduced, [...outer, ...inner]);
  return count === 0 ? shaped : reduceMiddle(k, kernel, shaped, axes.slice(0, count));
}

/** Reduces axes, which disappear. */
function reduce(k: Kernels, kernel: "Sum" | "Max" | "Min", x: Ref, axes: readonly number[]): Ref {
  const shape = reducedShape(x, axes);
  if (sizeOf(x.shape) === sizeOf(shape)) return k.reshape(x, shape);
  if (kernel === "Sum" && sizeOf(x.shape) === 0) return k.zeros(shape, x.dtype);
  const ordered = axes.toSorted((a, b) => a - b);
  if (k.offers(`${kernel}Middle`)) return reduceMiddle(k, `${kernel}Middle`, x, ordered);
  const matrix = rows(k, x, axes);
  return k.reshape(kernel === "Sum" ? sumRows(k, matrix) : k.reduceRows(kernel, matrix), shape);
}

/** The sum over axes, which disappear. */
export const sum = (k: Kernels, x: Ref, axes: readonly number[]): Ref => reduce(k, "Sum", x, axes);

/** The largest or smallest over axes, which disappear. */
export const extremum = (k: Kernels, kernel: "Max" | "Min", x: Ref, axes: readonly number[]): Ref =>
  reduce(k, kernel, x, axes);

/** The index of the first maximum along an axis. */
export function argMax(k: Kernels, x: Ref, axis: number): Ref {
  const shape = reducedShape(x, [axis]);
  if (sizeOf(shape) === 0) return k.zeros(shape, "int32");
  const matrix = rows(k, x, [axis]);
  const largest = k.reshape(k.reduceRows("Max", matrix), [matrix.shape[0]!, 1]);
  const equal = k.binary("Equal", matrix, largest, "bool");
  const isFloat = x.dtype === "float32";
  const hit = isFloat ? k.binary("LogicalOr", equal, isMissing(k, matrix)) : equal;
  return k.reshape(k.reduceRows("ArgMax", k.cast(hit, "float32"), "int32"), shape);
}

/** `u32` in the order of `i32`, there and back. */
const inOrder = (k: Kernels, { dtype }: Aval, x: Ref): Ref => (dtype === "u32" ? ordered(k, x) : x);

const isMissing = (k: Kernels, x: Ref): Ref => k.binary("NotEqual", x, x, "bool");

/** The largest entries of each row first; equal ones in their order. */
function descending(k: Kernels, matrix: Ref): readonly [values: Ref, indices: Ref] {
  const results = [matrix, { shape: matrix.shape, dtype: "int32" }] as const;
  return k.calls("TopK", { x: matrix }, { k: matrix.shape[1]!, sorted: true }, results) as [Ref, Ref];
}

/** Turns the order of numbers around without overflow; NaN counts as the largest. */
const opposite = (k: Kernels, matrix: Ref): Ref =>
  matrix.dtype === "float32"
    ? k.unary("Neg", k.select(isMissing(k, matrix), k.scalar(Infinity), matrix))
    : complement(k, matrix);

function sortRows(k: Kernels, matrix: Ref): Ref {
  const [values] = descending(k, opposite(k, matrix));
  if (matrix.dtype !== "float32") return complement(k, values);
  const length = matrix.shape[1]!;
  const missing = k.reduceRows("Sum", k.cast(isMissing(k, matrix), "int32"));
  const numbers = k.reshape(k.binary("Sub", k.scalar(length, "int32"), missing), [matrix.shape[0]!, 1]);
  const place = k.integers(
    Array.from({ length }, (_, i) => i),
    [1, length],
  );
  return k.select(k.binary("Less", place, numbers, "bool"), k.unary("Neg", values), k.scalar(Number.NaN));
}

function argSortRows(k: Kernels, matrix: Ref): Ref {
  const [, order] = descending(k, opposite(k, matrix));
  if (matrix.dtype !== "float32") return order;
  // Infinity and NaN are mixed now: a second, stable pass brings numbers before NaN.
  const [count, length] = matrix.shape as [number, number];
  const starts = k.integers(
    Array.from({ length: count }, (_, row) => row * length),
    [count, 1],
  );
  const at = (x: Ref, indices: Ref): Ref =>
    k.reshape(k.pickAxis(k.flat(x), 0, k.binary("Add", indices, starts)), matrix.shape);
  const isNumber = k.cast(k.binary("Equal", matrix, matrix, "bool"), "float32");
  const [, numbersFirst] = descending(k, at(isNumber, order));
  return at(order, numbersFirst);
}

/** A function of rows, applied along an axis. */
function alongAxis(k: Kernels, x: Ref, axis: number, apply: (matrix: Ref) => Ref): Ref {
  if (sizeOf(x.shape) === 0) return k.zeros(x.shape, x.dtype);
  const order = [...keptAxes(x.shape, [axis]), axis];
  const result = apply(rows(k, x, [axis]));
  const shaped = k.reshape(
    result,
    order.map((i) => x.shape[i]!),
  );
  return k.transpose(
    shaped,
    order.map((_, i) => order.indexOf(i)),
  );
}

export const reduction: Pick<Lowerings, "sum" | "max" | "min" | "argMax" | "cumsum" | "sort" | "argSort"> = {
  sum: (k, [x], { axes }) => sum(k, x!, axes),
  max: (k, [x], { axes }, { output }) => inOrder(k, output, extremum(k, "Max", inOrder(k, output, x!), axes)),
  min: (k, [x], { axes }, { output }) => inOrder(k, output, extremum(k, "Min", inOrder(k, output, x!), axes)),
  argMax: (k, [x], { axis }, { inputs }) => argMax(k, inOrder(k, inputs[0]!, x!), axis),
  cumsum: (k, [x], { axis, reverse }) =>
    alongAxis(k, x!, axis, (matrix) => {
      const start = reverse ? flip(k, matrix, 1) : matrix;
      const totals = cumulateRows(k, start);
      return reverse ? flip(k, totals, 1) : totals;
    }),
  sort: (k, [x], { axis }, { output }) =>
    inOrder(
      k,
      output,
      alongAxis(k, inOrder(k, output, x!), axis, (matrix) => sortRows(k, matrix)),
    ),
  argSort: (k, [x], { axis }, { inputs }) =>
    alongAxis(k, inOrder(k, inputs[0]!, x!), axis, (matrix) => argSortRows(k, matrix)),
};
