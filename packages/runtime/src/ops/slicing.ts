// Parts of arrays: slices in steps of either direction, and cuts along an axis.

import { describe } from "../array.ts";
import { fail } from "../error.ts";
import { show } from "../options/show.ts";
import { structure } from "../primitives/structure.ts";
import { emit, tensorFor } from "../record.ts";
import type { Tensor } from "../tensor.ts";
import { type ArrayOperand, normalizeAxis, reverse } from "./structure.ts";

/** Where a slice begins or ends; negative ones count from the end, null is as far as the axis goes. */
export type Bound = number | null;

/** The first element, the place after the last, and the distance of a slice along an axis that is `size` long, all in ascending order. */
function span(size: number, start: Bound, limit: Bound, stride: number): readonly [number, number] | undefined {
  const counted = (bound: number): number => (bound < 0 ? bound + size : bound);
  const back = stride < 0;
  const from = start === null ? (back ? size - 1 : 0) : counted(start);
  const to = limit === null ? (back ? -1 : size) : counted(limit);
  if (![from, to, stride].every(Number.isInteger) || stride === 0) return undefined;
  if (!back) return from >= 0 && from <= to && to <= size ? [from, to] : undefined;
  if (to < -1 || to > from || from >= size) return undefined;
  const count = Math.ceil((to - from) / stride);
  return count === 0 ? [to + 1, to + 1] : [from + (count - 1) * stride, from + 1];
}

/**
 * Elements `start` (inclusive) to `limit` (exclusive) on every axis, in steps of `strides` (default 1). A negative step goes backwards, from
 * `start` down to and without `limit`. Negative bounds count from the end, and null is as far as the axis goes, as a bound that is left out in
 * NumPy; unlike there, a bound beyond the axis is an error.
 *
 * @example
 * ```ts
 * import { array, referenceBackend, run, slice, type Tensor } from "@hooke/runtime";
 *
 * const everyOtherFromTheEnd = (x: Tensor) => slice(x, [null], [null], [-2]);
 * console.log((await run(referenceBackend(), everyOtherFromTheEnd, array([1, 2, 3, 4]))).data); // Float32Array(2) [ 4, 2 ]
 * ```
 */
export function slice(
  x: ArrayOperand,
  start: readonly Bound[],
  limit: readonly Bound[],
  strides?: readonly number[],
  ...more: []
): Tensor {
  const value = tensorFor("slice", x, more);
  const steps = strides ?? value.shape.map(() => 1);
  if ([start, limit, steps].some((given) => !Array.isArray(given) || given.length !== value.rank)) {
    const lists = `starts ${show(start)}, limits ${show(limit)} and strides ${show(steps)}`;
    fail("slice", `received ${describe(value)}, ${lists}; it takes a list of each, one for every axis.`, "mismatch");
  }
  const spans = value.shape.map((size, axis) => {
    const [from, to, by] = [start[axis]!, limit[axis]!, steps[axis]!];
    const found = span(size, from, to, by);
    return (
      found ?? fail("slice", `${from} to ${to} by ${by} does not fit axis ${axis} of ${describe(value)}.`, "mismatch")
    );
  });
  const [part] = emit(structure, "slice", [value], {
    start: spans.map(([from]) => from),
    limit: spans.map(([, to]) => to),
    strides: steps.map(Math.abs),
  });
  const back = steps.flatMap((stride, axis) => (stride < 0 ? [axis] : []));
  return back.length === 0 ? part! : reverse(part!, back);
}

/** Elements `start` to `limit` of one axis, in steps of `stride` (default 1), with bounds as in {@link slice}. */
export function sliceAxis(x: ArrayOperand, axis: number, start: Bound, limit: Bound, stride = 1, ...more: []): Tensor {
  const value = tensorFor("sliceAxis", x, more);
  const at = normalizeAxis("sliceAxis", axis, value.rank);
  const only = <T>(one: T, other: T): T[] => value.shape.map((_, i) => (i === at ? one : other));
  return slice(value, only<Bound>(start, null), only<Bound>(limit, null), only(stride, 1));
}

/**
 * Cuts along an axis, in order: into `parts` of equal size, or into parts of the sizes in a list, as `torch.split` does. (`split` of datasets
 * is another function, so that both can be imported side by side.)
 *
 * @throws unless the parts are all of the axis
 * @example
 * ```ts
 * import { array, referenceBackend, run, splitAxis, type Tensor } from "@hooke/runtime";
 *
 * const [head, tail] = await run(referenceBackend(), (x: Tensor) => splitAxis(x, 0, [1, 2]), array([1, 2, 3]));
 * console.log(head!.data, tail!.data); // Float32Array(1) [ 1 ] Float32Array(2) [ 2, 3 ]
 * ```
 */
export function splitAxis(x: ArrayOperand, axis: number, parts: number | readonly number[], ...more: []): Tensor[] {
  const value = tensorFor("splitAxis", x, more);
  const at = normalizeAxis("splitAxis", axis, value.rank);
  const size = value.shape[at]!;
  const sizes = typeof parts === "number" ? Array.from({ length: Math.max(parts, 0) }, () => size / parts) : parts;
  const whole = sizes.length > 0 && sizes.every((part) => Number.isInteger(part) && part >= 0);
  if (!whole || sizes.reduce((a, b) => a + b, 0) !== size) {
    const wanted = typeof parts === "number" ? `${parts} equal parts` : `parts of [${parts.join(", ")}]`;
    fail(
      "splitAxis",
      `${wanted} are not axis ${at} of ${describe(value)}; sizes are whole and add up to ${size}.`,
      "mismatch",
    );
  }
  let end = 0;
  return sizes.map((part) => {
    end += part;
    return sliceAxis(value, at, end - part, end);
  });
}
