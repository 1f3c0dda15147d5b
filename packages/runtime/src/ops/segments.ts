// Reductions of rows by segment, as networks of graphs need them: the messages that a node receives, the nodes of a graph.

import { describe } from "../array.ts";
import { fail } from "../error.ts";
import { tensorFor } from "../record.ts";
import type { Tensor } from "../tensor.ts";
import type { Operand } from "./align.ts";
import {
  abs,
  add,
  and,
  div,
  equal,
  exp,
  full,
  greaterEqual,
  less,
  maximum,
  notEqual,
  select,
  stopGradient,
  sub,
} from "./elementwise.ts";
import { argSort } from "./ordering.ts";
import { pad } from "./padding.ts";
import { floats, numbers } from "./requirements.ts";
import { sliceAxis } from "./slicing.ts";
import { type ArrayOperand, concat, gather, iota, reshape, scatterAdd } from "./structure.ts";

/** Which segment each row belongs to. @throws unless there is one whole number (i32) for each row, and some number of segments */
function segmentsOf(who: string, values: Tensor, segments: ArrayOperand, count: number): Tensor {
  const ids = tensorFor(who, segments);
  if (values.rank === 0 || ids.dtype !== "i32" || ids.rank !== 1 || ids.shape[0] !== values.shape[0]) {
    const expected = values.rank === 0 ? "rows [rows, ...] and i32[rows]" : `i32[${values.shape[0]}]`;
    fail(who, `received ${describe(values)} and segments ${describe(ids)}; expected ${expected}.`, "mismatch");
  }
  if (!Number.isSafeInteger(count) || count < 0)
    fail(who, `received ${count} as the number of segments; it takes a whole number from 0.`);
  return ids;
}

/** `[rows]` as a column for `values[rows, ...]`. */
const beside = (perRow: Tensor, { shape }: Tensor): Tensor =>
  reshape(perRow, [perRow.shape[0]!, ...shape.slice(1).map(() => 1)]);

const within = (ids: Tensor, count: number): Tensor => and(greaterEqual(ids, 0), less(ids, count));

/**
 * The sum of the rows of each segment: `values[rows, ...]` to `[count, ...]`. A segment without rows is 0; rows whose segment is out of
 * range, as padding's may be, add nothing.
 *
 * @param segments `i32[rows]`, in any order
 * @param count how many segments there are
 * @throws if there is not one segment for each row
 * @example
 * ```ts
 * import { array, referenceBackend, run, segmentSum, type Tensor } from "@hooke/runtime";
 *
 * const segments = array([1, 0, 1, -1], { dtype: "i32" });
 * const totals = (x: Tensor) => segmentSum(x, segments, 3);
 * console.log((await run(referenceBackend(), totals, array([1, 2, 3, 4]))).data); // Float32Array(3) [ 2, 4, 0 ]
 * ```
 */
export function segmentSum(values: Operand, segments: ArrayOperand, count: number, ...more: []): Tensor {
  const rows = numbers("segmentSum", values, more);
  return scatterAdd(segmentsOf("segmentSum", rows, segments, count), rows, 0, count);
}

/** The mean of the rows of each segment, 0 where it has none; else as {@link segmentSum}. @throws on whole numbers, too */
export function segmentMean(values: Operand, segments: ArrayOperand, count: number, ...more: []): Tensor {
  const rows = floats("segmentMean", values, more);
  const ids = segmentsOf("segmentMean", rows, segments, count);
  const sizes = maximum(scatterAdd(ids, full(ids.shape, 1, rows.dtype), 0, count), 1);
  return div(scatterAdd(ids, rows, 0, count), beside(sizes, rows));
}

/**
 * The largest row of each segment, element by element, 0 where it has none; else as {@link segmentSum}. NaN is the largest. Ties share the
 * derivative evenly, as those of {@link max}; where the largest is infinite it is 0.
 *
 * @throws on whole numbers, too
 */
export function segmentMax(values: Operand, segments: ArrayOperand, count: number, ...more: []): Tensor {
  const rows = floats("segmentMax", values, more);
  const ids = segmentsOf("segmentMax", rows, segments, count);
  const largest = largestOf(rows, ids, count);
  const isLargest = and(equal(rows, gather(largest, ids)), beside(within(ids, count), rows));
  const ties = scatterAdd(ids, select(isLargest, full(rows.shape, 1, rows.dtype), 0), 0, count);
  // What is subtracted from itself is 0 and leaves its derivative; infinities would leave NaN.
  const finite = select(and(isLargest, notEqual(abs(rows), Infinity)), rows, 0);
  const share = div(sub(finite, stopGradient(finite)), maximum(gather(ties, ids), 1));
  return add(largest, scatterAdd(ids, share, 0, count));
}

/**
 * `exp(x) / sum(exp(x))` over the rows of each segment: `values[rows, ...]` to the same shape. A row whose segment is out of range gets 0, and
 * so does each row of a segment in which all are -Infinity.
 *
 * @param segments `i32[rows]`, in any order
 * @param count how many segments there are
 * @throws on whole numbers, and if there is not one segment for each row
 */
export function segmentSoftmax(values: Operand, segments: ArrayOperand, count: number, ...more: []): Tensor {
  const rows = floats("segmentSoftmax", values, more);
  const ids = segmentsOf("segmentSoftmax", rows, segments, count);
  const belongs = beside(within(ids, count), rows);
  // The shift only keeps exp in range; -Infinity would leave NaN where all are.
  const largest = gather(largestOf(rows, ids, count), ids);
  const shift = select(equal(largest, -Infinity), 0, largest);
  const exponential = exp(sub(select(belongs, rows, -Infinity), shift));
  const total = gather(scatterAdd(ids, exponential, 0, count), ids);
  return div(exponential, select(equal(total, 0), 1, total));
}

/** The largest of each segment, a constant for derivatives. */
function largestOf(given: Tensor, ids: Tensor, count: number): Tensor {
  const values = stopGradient(given);
  const [length, ...row] = values.shape as readonly [number, ...number[]];
  if (length === 0 || count === 0) return full([count, ...row], 0, values.dtype);
  const order = argSort(ids, 0);
  const keys = gather(ids, order);
  let running = gather(values, order);
  // After each pass a row holds the largest of its segment among twice as many rows that end with it.
  for (let span = 1; span < length; span *= 2) {
    const before = (x: Tensor): Tensor => {
      const none = x.shape.map(() => 0);
      return pad(sliceAxis(x, 0, 0, length - span), [span, ...none.slice(1)], none, 0);
    };
    const joined = and(equal(keys, before(keys)), greaterEqual(iota([length]), span));
    running = select(beside(joined, running), maximum(running, before(running)), running);
  }
  const changes = notEqual(sliceAxis(keys, 0, 0, length - 1), sliceAxis(keys, 0, 1, length));
  const ends = select(concat([changes, full([1], 1, "bool")], 0), keys, -1);
  return gather(running, sub(scatterAdd(ends, add(iota([length]), 1), 0, count), 1));
}
