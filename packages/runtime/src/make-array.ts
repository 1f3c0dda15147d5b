// Making host arrays: of zeros, or from numbers as people write them, nested lists or a flat list and a shape.

import {
  allocate,
  byteSize,
  classOf,
  type DType,
  type HostArray,
  isFloat,
  isTyped,
  type Shape,
  sizeOf,
  stridesOf,
  type TypedArray,
} from "./array.ts";
import { checkDType, checkShape } from "./check-array.ts";
import { fail } from "./error.ts";
import { remember } from "./literal.ts";
import { nothingMore } from "./options/check-options.ts";

/** Numbers or booleans, nested to any depth. */
export type Nested = number | boolean | readonly Nested[];

/** More dimensions than any array has: what is nested deeper is no array. */
const deepest = 64;

/** A host array of zeros. Default dtype `f32`. */
export function zeros(shape: Shape, dtype: DType = "f32", ...more: []): HostArray {
  nothingMore("zeros", more);
  checkDType("zeros", dtype);
  checkShape("zeros", shape);
  return { shape, dtype, data: allocate(dtype, sizeOf(shape)) };
}

/**
 * Makes a host array from nested numbers, or from a flat list (or typed array) and a shape. A typed array of the dtype is
 * taken as it is, not copied.
 *
 * @param values nested numbers, booleans (not both), or a typed array
 * @param options `shape` (default: read off the nesting, or the length of a typed array) and
 *   `dtype` (default: `bool` for booleans, the typed array's own type, `f32` otherwise; `bool` takes numbers for whether they are 0). Numbers
 *   without a dtype are f64, as they were written, where a program computes with them beside f64
 * @throws if the nesting is ragged, the count does not match the shape, something is neither number nor boolean (`null`, text),
 *   or a number is none of the dtype: fractions, NaN or too large numbers in `i32` and `u32`, finite numbers beyond `f32`. Floats are rounded;
 *   but whole numbers of more than seven digits that `f32` would change, such as times, are refused unless it is asked for
 * @example
 * ```ts
 * import { array } from "@hooke/runtime";
 *
 * console.log(array([[1, 2], [3, 4]]).shape); // [ 2, 2 ]
 * ```
 */
export function array(
  values: Nested | TypedArray,
  options: { readonly shape?: Shape; readonly dtype?: DType } = {},
): HostArray {
  for (const name of Object.keys(options ?? fail("array", "received null as options; they are { shape, dtype }."))) {
    if (name !== "shape" && name !== "dtype")
      fail("array", `received the unknown option "${name}"; it has "shape" and "dtype".`, "unknown-option");
  }
  if (options.dtype !== undefined) checkDType("array", options.dtype);
  if (isTyped(values)) {
    const shape = options.shape ?? [values.length];
    const dtype = options.dtype ?? dtypeOf(values);
    return checked(dtype === dtypeOf(values) ? values : fill(dtype, values, shape), dtype, shape);
  }
  const inferred: number[] = [];
  for (let level: Nested = values; Array.isArray(level); level = level[0]!) {
    inferred.push(level.length);
    if (inferred.length > deepest) fail("array", `received lists nested deeper than ${deepest}.`);
    if (level.length === 0) break;
  }
  const flat: (number | boolean)[] = [];
  flatten(values, inferred, 0, flat);
  const shape = options.shape ?? inferred;
  const dtype = options.dtype ?? (typeof flat[0] === "boolean" ? "bool" : "f32");
  const result = checked(fill(dtype, flat, inferred, options.dtype !== undefined), dtype, shape);
  if (options.dtype === undefined && dtype === "f32") remember(result, flat as number[]);
  return result;
}

function dtypeOf(values: TypedArray): DType {
  const tag = (values as { readonly [Symbol.toStringTag]: string })[Symbol.toStringTag];
  const found = (Object.keys(byteSize) as DType[]).find((dtype) => classOf[dtype] === tag);
  return (
    found ??
    fail("array", `received a ${tag}; use Float32Array, Float64Array, Int32Array, Uint32Array or Uint8Array (bool).`)
  );
}

function fill(dtype: DType, source: ArrayLike<number | boolean>, shape: Shape, chosen = true): TypedArray {
  const target = allocate(dtype, source.length);
  const kind = typeof source[0];
  for (let i = 0; i < target.length; i++) {
    const given = source[i]!;
    if (typeof given !== "number" && typeof given !== "boolean") {
      fail(
        "array",
        `${placed(given, i, shape)}; it takes numbers or booleans. A missing number is NaN.`,
        "invalid-data",
      );
    }
    if (typeof given !== kind) {
      fail(
        "array",
        `${placed(given, i, shape)} beside values of another kind; give numbers or booleans, not both.`,
        "invalid-data",
      );
    }
    const value = Number(given);
    target[i] = dtype === "bool" ? Number(value !== 0) : value;
    if (!holds(dtype, value, target[i]!, chosen)) {
      const cure = dtype === "f32" ? 'use { dtype: "f64" }' : "round and clamp it first, or use a float dtype";
      fail("array", `${placed(given, i, shape)}, which ${dtype} cannot hold; ${cure}.`, "invalid-data");
    }
  }
  return target;
}

/** Whether `stored` is what `value` means in a dtype. Floats round and do not overflow; whole numbers of more digits must have it chosen. */
function holds(dtype: DType, value: number, stored: number, chosen: boolean): boolean {
  if (dtype === "bool") return !Number.isNaN(value);
  if (stored === value) return true;
  if (!isFloat(dtype)) return false;
  if (!Number.isFinite(stored)) return !Number.isFinite(value);
  return chosen || !Number.isSafeInteger(value) || Number(stored.toPrecision(7)) === value;
}

/** Where the element at an index of the flat list stands, and what it is. */
function placed(value: unknown, index: number, shape: Shape): string {
  const at = stridesOf(shape).map((stride, axis) => `[${Math.floor(index / stride) % shape[axis]!}]`);
  return `received ${typeof value === "string" ? JSON.stringify(value) : String(value)} at values${at.join("")}`;
}

function flatten(value: Nested, shape: readonly number[], axis: number, out: (number | boolean)[]): void {
  if (!Array.isArray(value)) {
    if (axis !== shape.length)
      fail("array", `found a number at depth ${axis} where the nesting is ${shape.length} deep.`, "invalid-data");
    out.push(value as number | boolean);
    return;
  }
  const list = value as readonly Nested[];
  if (axis >= shape.length || list.length !== shape[axis]) {
    fail(
      "array",
      `ragged nesting: expected length ${shape[axis] ?? "of a number"} at depth ${axis}, received ${list.length}.`,
      "invalid-data",
    );
  }
  for (const item of list) flatten(item, shape, axis + 1, out);
}

function checked(data: TypedArray, dtype: DType, shape: Shape): HostArray {
  checkShape("array", shape);
  if (sizeOf(shape) !== data.length) {
    fail(
      "array",
      `received ${data.length} values for shape [${shape.join(", ")}], which holds ${sizeOf(shape)}.`,
      "mismatch",
    );
  }
  if (dtype === "bool" && data.some((value) => value > 1)) {
    fail(
      "array",
      'received bytes other than 0 and 1 for bool; for numbers give a dtype: array(bytes, { dtype: "f32" }).',
      "invalid-data",
    );
  }
  return { shape, dtype, data };
}
