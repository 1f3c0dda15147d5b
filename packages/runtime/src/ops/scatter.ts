// Writing into arrays at indices: which update wins is decided by sorting, so that it is the same one everywhere and every time.

import { describe, sizeOf } from "../array.ts";
import { fail } from "../error.ts";
import { tensorsFor } from "../literal.ts";
import { tensorFor } from "../record.ts";
import type { Tensor } from "../tensor.ts";
import {
  add,
  and,
  full,
  greaterEqual,
  isNaN as isMissing,
  less,
  mul,
  notEqual,
  or,
  select,
  sub,
} from "./elementwise.ts";
import { argSort } from "./ordering.ts";
import { takeAlongAxis } from "./reduction.ts";
import { numbers } from "./requirements.ts";
import { sliceAxis } from "./slicing.ts";
import {
  type ArrayOperand,
  broadcastTo,
  concat,
  gather,
  iota,
  normalizeAxis,
  reshape,
  scatterAdd,
} from "./structure.ts";

/** Operands as columns: `x[outer, size, inner]` and `updates[outer, count, inner]`, with `count` indices along the middle. */
interface Columns {
  readonly picks: Tensor;
  readonly updates: Tensor;
  readonly outer: number;
  readonly size: number;
  readonly count: number;
  readonly inner: number;
}

function columnsOf(who: string, x: Tensor, indices: ArrayOperand, updates: ArrayOperand, axis: number): Columns {
  const at = normalizeAxis(who, axis, x.rank);
  const picks = tensorFor(who, indices);
  const values = tensorsFor(who, [x, updates])[1]!;
  const [before, after] = [x.shape.slice(0, at), x.shape.slice(at + 1)];
  const expected = { shape: [...before, ...picks.shape, ...after], dtype: x.dtype };
  if (picks.dtype !== "i32") fail(who, `received indices ${describe(picks)}; they are i32.`, "mismatch");
  if (describe(values) !== describe(expected)) {
    const given = `${describe(x)}, indices ${describe(picks)} along axis ${at}`;
    fail(who, `received ${given} and updates ${describe(values)}, which must be ${describe(expected)}.`, "mismatch");
  }
  const [outer, count, inner] = [sizeOf(before), sizeOf(picks.shape), sizeOf(after)];
  return {
    picks: reshape(picks, [1, count, 1]),
    updates: reshape(values, [outer, count, inner]),
    outer,
    size: x.shape[at]!,
    count,
    inner,
  };
}

/**
 * For every place `[outer, size, inner]`, where among all updates the last one for it is, or -1.
 *
 * @param order of the updates of each column, `[outer, count, inner]`
 * @param picks the index of each, in that order
 */
function lastOf(order: Tensor, picks: Tensor, size: number): Tensor {
  const [outer, count, inner] = order.shape as [number, number, number];
  // Stable: updates for one place stay in their order.
  const byPlace = argSort(picks, 1);
  const places = takeAlongAxis(picks, byPlace, 1);
  const next = concat([sliceAxis(places, 1, 1, null), full([outer, 1, inner], -1, "i32")], 1);
  const wins = and(notEqual(places, next), and(greaterEqual(places, 0), less(places, size)));
  const flat = (middle: Tensor, length: number): Tensor =>
    add(mul(add(mul(iota(order.shape, 0), length), middle), inner), iota(order.shape, 2));
  const cells = reshape(select(wins, flat(places, size), -1), [-1]);
  const sources = reshape(add(flat(takeAlongAxis(order, byPlace, 1), count), 1), [-1]);
  return sub(scatterAdd(cells, sources, 0, outer * size * inner), 1);
}

/**
 * `x` with `x[..., indices, ...]` along an axis (default the first) overwritten by `updates`, which have the axes of the indices (i32, any
 * rank) in its place. Where an index occurs more than once, its last update wins, on every
 * backend; an index out of range writes nothing. The derivative belongs to what is in the result: updates that won, elements of `x` that stayed.
 *
 * @example
 * ```ts
 * import { array, referenceBackend, run, scatterSet, type Tensor } from "@hooke/runtime";
 *
 * const places = array([2, 0, 2], { dtype: "i32" });
 * const write = (x: Tensor, updates: Tensor) => scatterSet(x, places, updates);
 * console.log((await run(referenceBackend(), write, array([1, 2, 3]), array([7, 8, 9]))).data); // Float32Array(3) [ 8, 2, 9 ]
 * ```
 */
export function scatterSet(
  x: ArrayOperand,
  indices: ArrayOperand,
  updates: ArrayOperand,
  axis = 0,
  ...more: []
): Tensor {
  const value = tensorFor("scatterSet", x, more);
  const columns = columnsOf("scatterSet", value, indices, updates, axis);
  const { picks, count, size } = columns;
  if (count === 0 || sizeOf(value.shape) === 0) return value;
  const sources = lastOf(iota([1, count, 1], 1), picks, size);
  const moved = gather(columns.updates, sources, 1);
  const isSet = broadcastTo(reshape(greaterEqual(sources, 0), [1, size, 1]), moved.shape);
  return reshape(select(isSet, moved, reshape(value, moved.shape)), value.shape);
}

/**
 * `x` with `x[..., indices, ...]` along an axis (default the first) raised to the largest of itself and its `updates`, which have the axes of
 * the indices (i32, any rank) in its place. NaN is the largest; an index out of range raises nothing. The derivative belongs to the element
 * of `x` or the update that is in the result: of equal ones to that of `x`, then to the last update.
 */
export function scatterMax(
  x: ArrayOperand,
  indices: ArrayOperand,
  updates: ArrayOperand,
  axis = 0,
  ...more: []
): Tensor {
  const value = numbers("scatterMax", x, more);
  const columns = columnsOf("scatterMax", value, indices, updates, axis);
  const { picks, count, size, outer, inner } = columns;
  if (count === 0 || sizeOf(value.shape) === 0) return value;
  const order = argSort(columns.updates, 1);
  const sources = lastOf(order, takeAlongAxis(broadcastTo(picks, [outer, count, inner]), order, 1), size);
  const largest = reshape(gather(reshape(columns.updates, [-1]), sources), value.shape);
  const isRaised = and(reshape(greaterEqual(sources, 0), value.shape), or(less(value, largest), isMissing(largest)));
  return select(isRaised, largest, value);
}
