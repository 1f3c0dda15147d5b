// Repetitions of arrays, and triangles of matrices.

import { describe } from "../array.ts";
import { fail } from "../error.ts";
import { nothingMore } from "../options/check-options.ts";
import { show } from "../options/show.ts";
import { tensorFor } from "../record.ts";
import type { Tensor } from "../tensor.ts";
import { add, greaterEqual, lessEqual, select } from "./elementwise.ts";
import { type ArrayOperand, broadcastTo, iota, reshape } from "./structure.ts";

/**
 * `x` beside itself `repeats[i]` times along each axis, as `numpy.tile`: where there are more or fewer repeats than axes, the shorter gets ones
 * in front.
 *
 * @example
 * ```ts
 * import { array, referenceBackend, run, type Tensor, tile } from "@hooke/runtime";
 *
 * const { shape, data } = await run(referenceBackend(), (x: Tensor) => tile(x, [2, 2]), array([1, 2]));
 * console.log(shape, data); // [ 2, 4 ] Float32Array(8) [ 1, 2, 1, 2, 1, 2, 1, 2 ]
 * ```
 */
export function tile(x: ArrayOperand, repeats: number | readonly number[], ...more: []): Tensor {
  const value = tensorFor("tile", x, more);
  const given = typeof repeats === "number" ? [repeats] : repeats;
  if (!Array.isArray(given) || !given.every((count) => Number.isInteger(count) && count >= 0))
    fail("tile", `received the repeats ${show(given)}; they are whole numbers from 0.`);
  const rank = Math.max(value.rank, given.length);
  const ones = (count: number): number[] => Array.from({ length: count }, () => 1);
  const shape = [...ones(rank - value.rank), ...value.shape];
  const counts = [...ones(rank - given.length), ...given];
  // Axes that are repeated stand behind one of the repeats.
  const single = shape.flatMap((size, axis) => (counts[axis] === 1 ? [size] : [1, size]));
  const repeated = shape.flatMap((size, axis) => (counts[axis] === 1 ? [size] : [counts[axis]!, size]));
  return reshape(
    broadcastTo(reshape(value, single), repeated),
    shape.map((size, axis) => size * counts[axis]!),
  );
}

function triangle(who: string, x: ArrayOperand, diagonal: number, keeps: typeof lessEqual): Tensor {
  const value = tensorFor(who, x);
  if (value.rank < 2) fail(who, `received ${describe(value)}; it takes matrices, or stacks of them.`, "mismatch");
  if (!Number.isInteger(diagonal)) fail(who, `received the diagonal ${diagonal}; it is a whole number.`);
  const matrix = value.shape.slice(-2);
  return select(keeps(iota(matrix, 1), add(iota(matrix, 0), diagonal)), value, 0);
}

/**
 * The upper triangles of matrices `[..., rows, columns]`, with zeros below a diagonal: the main one is 0 (default), those above it are
 * positive.
 */
export function triu(x: ArrayOperand, diagonal = 0, ...more: []): Tensor {
  nothingMore("triu", more);
  return triangle("triu", x, diagonal, greaterEqual);
}

/** The lower triangles of matrices `[..., rows, columns]`, with zeros above a diagonal; as {@link triu}. */
export function tril(x: ArrayOperand, diagonal = 0, ...more: []): Tensor {
  nothingMore("tril", more);
  return triangle("tril", x, diagonal, lessEqual);
}
