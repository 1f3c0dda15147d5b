// Operations that move, repeat or select elements without computing on them.
import { type DType, describe, type HostArray, type Shape, sameShape, sizeOf } from "../array.ts";
import { checkShape } from "../check-array.ts";
import { fail } from "../error.ts";
import { tensorsFor } from "../literal.ts";
import { checkArgument } from "../options/check-options.ts";
import { list } from "../options/checks.ts";
import { creation } from "../primitives/creation.ts";
import { indexing } from "../primitives/indexing.ts";
import { structure } from "../primitives/structure.ts";
import { emit, tensorFor } from "../record.ts";
import type { Tensor } from "../tensor.ts";

/** An operand that has a shape of its own: a tensor or a constant host array. */
export type ArrayOperand = Tensor | HostArray;

/** A possibly negative axis as a valid one. @throws naming the rank */
export function normalizeAxis(who: string, axis: number, rank: number): number {
  const normalized = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || normalized < 0 || normalized >= rank) {
    const cure = rank === 0 ? "a scalar has no axes" : `use ${-rank} to ${rank - 1}`;
    fail(who, `axis ${axis} does not exist in rank ${rank}; ${cure}.`, "mismatch");
  }
  return normalized;
}

/** Sorted distinct axes; all of them by default. */
export function normalizeAxes(who: string, axes: number | readonly number[] | undefined, rank: number): number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, axis) => axis);
  const given = typeof axes === "number" ? [axes] : axes;
  checkArgument(who, "axes", given, list);
  const normalized = given.map((axis) => normalizeAxis(who, axis, rank)).sort((a, b) => a - b);
  if (new Set(normalized).size !== normalized.length) fail(who, `axes [${given.join(", ")}] name one axis twice.`);
  return normalized;
}

/** The same elements in row-major order under another shape; one dimension may be -1 and is then inferred. */
export function reshape(x: ArrayOperand, shape: Shape, ...more: []): Tensor {
  const value = tensorFor("reshape", x, more);
  checkArgument("reshape", "the shape", shape, list);
  const unknown = shape.indexOf(-1);
  let target = shape;
  if (unknown >= 0) {
    const known = -sizeOf(shape);
    const inferred = known > 0 ? sizeOf(value.shape) / known : Number.NaN;
    if (!Number.isInteger(inferred))
      fail("reshape", `${describe(value)} does not fit [${shape.join(", ")}].`, "mismatch");
    target = shape.map((dimension, axis) => (axis === unknown ? inferred : dimension));
  }
  return sameShape(value.shape, target) ? value : emit(structure, "reshape", [value], { shape: target })[0]!;
}

/** Permutes axes: output axis `i` is input axis `permutation[i]`. Default: reverses them. */
export function transpose(x: ArrayOperand, permutation?: readonly number[], ...more: []): Tensor {
  const value = tensorFor("transpose", x, more);
  const order = permutation ?? value.shape.map((_, axis) => value.rank - 1 - axis);
  checkArgument("transpose", "the permutation", order, list);
  const axes = order.map((axis) => normalizeAxis("transpose", axis, value.rank));
  return axes.every((axis, i) => axis === i) && axes.length === value.rank
    ? value
    : emit(structure, "transpose", [value], { permutation: axes })[0]!;
}

/** Repeats `x` to a shape it broadcasts to (NumPy rules). */
export function broadcastTo(x: ArrayOperand, shape: Shape, ...more: []): Tensor {
  const value = tensorFor("broadcastTo", x, more);
  checkShape("broadcastTo", shape);
  if (sameShape(value.shape, shape)) return value;
  const offset = shape.length - value.rank;
  const kept: number[] = [];
  for (const [axis, dimension] of value.shape.entries()) {
    if (offset < 0 || (dimension !== shape[axis + offset] && dimension !== 1)) {
      fail("broadcastTo", `${describe(value)} does not broadcast to [${shape.join(", ")}].`, "mismatch");
    }
    if (dimension !== 1 || shape[axis + offset] === 1) kept.push(axis);
  }
  const squeezed = reshape(
    value,
    kept.map((axis) => value.shape[axis]!),
  );
  return emit(structure, "broadcast", [squeezed], { shape, axes: kept.map((axis) => axis + offset) })[0]!;
}

/** Inserts a dimension of size 1. */
export function expandDims(x: ArrayOperand, axis: number, ...more: []): Tensor {
  const value = tensorFor("expandDims", x, more);
  const at = normalizeAxis("expandDims", axis, value.rank + 1);
  return reshape(value, [...value.shape.slice(0, at), 1, ...value.shape.slice(at)]);
}

/** Removes dimensions of size 1. Default: all of them. */
export function squeeze(x: ArrayOperand, axes?: number | readonly number[], ...more: []): Tensor {
  const value = tensorFor("squeeze", x, more);
  const drop =
    axes === undefined
      ? value.shape.flatMap((dimension, axis) => (dimension === 1 ? [axis] : []))
      : normalizeAxes("squeeze", axes, value.rank);
  for (const axis of drop) {
    if (value.shape[axis] !== 1) fail("squeeze", `axis ${axis} of ${describe(value)} is not of size 1.`, "mismatch");
  }
  return reshape(
    value,
    value.shape.filter((_, axis) => !drop.includes(axis)),
  );
}

function listed(who: string, parts: readonly ArrayOperand[]): readonly ArrayOperand[] {
  return Array.isArray(parts) && parts.length > 0
    ? parts
    : fail(who, "received no arrays; it takes a list of at least one.");
}

/** Joins arrays along an axis. */
export function concat(parts: readonly ArrayOperand[], axis: number): Tensor {
  const values = tensorsFor("concat", listed("concat", parts));
  if (values.length === 1) return values[0]!;
  return emit(structure, "concat", values, { axis: normalizeAxis("concat", axis, values[0]!.rank) })[0]!;
}

/** Joins arrays of one shape along a new axis. */
export function stack(parts: readonly ArrayOperand[], axis = 0): Tensor {
  return concat(
    tensorsFor("stack", listed("stack", parts)).map((part) => expandDims(part, axis)),
    axis,
  );
}

/** Reverses the order of elements along axes. */
export function reverse(x: ArrayOperand, axes: number | readonly number[], ...more: []): Tensor {
  const value = tensorFor("reverse", x, more);
  return emit(structure, "reverse", [value], { axes: normalizeAxes("reverse", axes, value.rank) })[0]!;
}

/** The index along an axis. Default axis 0, dtype `i32`. */
export function iota(shape: Shape, axis = 0, dtype: DType = "i32"): Tensor {
  checkShape("iota", shape);
  return emit(creation, "iota", [], { shape, axis: normalizeAxis("iota", axis, shape.length), dtype })[0]!;
}

/** `x` indexed along `axis` by integers of any shape: that shape replaces the axis. An index out of range reads 0. */
export function gather(x: ArrayOperand, indices: ArrayOperand, axis = 0, ...more: []): Tensor {
  const value = tensorFor("gather", x, more);
  return emit(indexing, "gather", [value, tensorFor("gather", indices)], {
    axis: normalizeAxis("gather", axis, value.rank),
  })[0]!;
}

/**
 * Adds `updates[..., indices, ...]` into zeros of `size` along `axis` of the result; transposes {@link gather}, and takes the
 * same axes. An index out of range adds nothing.
 *
 * @throws if the updates do not have the axes of the indices in the place of `axis`
 */
export function scatterAdd(
  indices: ArrayOperand,
  updates: ArrayOperand,
  axis: number,
  size: number,
  ...more: []
): Tensor {
  const picks = tensorFor("scatterAdd", indices, more);
  const values = tensorFor("scatterAdd", updates);
  if (values.rank < picks.rank)
    fail(
      "scatterAdd",
      `received updates ${describe(values)}; they have the axes of the indices ${describe(picks)}.`,
      "mismatch",
    );
  const at = normalizeAxis("scatterAdd", axis, values.rank - picks.rank + 1);
  return emit(indexing, "scatterAdd", [picks, values], { axis: at, size })[0]!;
}
