// Host arrays: what goes into a program and what comes out of it. Shape, dtype and a typed array, row-major, nothing else.
import { fail } from "./error.ts";

/** Element types. A backend states which of them it runs. `bool` is stored as one byte, 0 or 1. */
export type DType = "f32" | "f64" | "i32" | "u32" | "bool";

/** Dimensions, outermost first. `[]` is a scalar. */
export type Shape = readonly number[];

/** The typed array that stores a dtype. */
export interface TypedArrayOf {
  f32: Float32Array;
  f64: Float64Array;
  i32: Int32Array;
  u32: Uint32Array;
  bool: Uint8Array;
}

/** The typed arrays that hold elements. */
export type TypedArray = TypedArrayOf[DType];

/** A dense row-major array in host memory. */
export interface HostArray {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly data: TypedArray;
}

/** Bytes per element. */
export const byteSize: Readonly<Record<DType, number>> = { f32: 4, f64: 8, i32: 4, u32: 4, bool: 1 };

/** Number of elements of a shape; 1 for a scalar. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const dimension of shape) size *= dimension;
  return size;
}

/** Row-major strides in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

/** Whether two shapes have the same dimensions. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dimension, axis) => dimension === b[axis]);
}

/** Whether a dtype is `f32` or `f64`: only these have derivatives. */
export function isFloat(dtype: DType): boolean {
  return dtype === "f32" || dtype === "f64";
}

/** `f32[2, 3]`: how shapes are written in every message and printed program. */
export function describe(aval: { readonly shape: Shape; readonly dtype: DType }): string {
  return `${aval.dtype}[${aval.shape.join(", ")}]`;
}

/** A zero-filled typed array. */
export function allocate(dtype: DType, size: number): TypedArray {
  switch (dtype) {
    case "f32":
      return new Float32Array(size);
    case "f64":
      return new Float64Array(size);
    case "i32":
      return new Int32Array(size);
    case "u32":
      return new Uint32Array(size);
    case "bool":
      return new Uint8Array(size);
  }
}

/** Numbers or booleans, nested to any depth. */
export type Nested = number | boolean | readonly Nested[];

/**
 * Makes a host array from nested numbers, or from a flat list (or typed array) and a shape.
 *
 * @param values nested numbers, booleans, or a typed array
 * @param options `shape` (default: read off the nesting, or the length of a typed array) and
 *   `dtype` (default: `bool` for booleans, the typed array's own type, `f32` otherwise)
 * @throws if the nesting is ragged or the count does not match the shape
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
  if (isTyped(values)) {
    const dtype = options.dtype ?? dtypeOf(values);
    const data = dtype === dtypeOf(values) ? values : fill(allocate(dtype, values.length), values);
    return checked(data, dtype, options.shape ?? [values.length]);
  }
  const inferred: number[] = [];
  for (let level: Nested = values; Array.isArray(level); level = level[0]!) {
    inferred.push(level.length);
    if (level.length === 0) break;
  }
  const flat: (number | boolean)[] = [];
  flatten(values, inferred, 0, flat);
  const dtype = options.dtype ?? (flat.length > 0 && typeof flat[0] === "boolean" ? "bool" : "f32");
  return checked(fill(allocate(dtype, flat.length), flat), dtype, options.shape ?? inferred);
}

/** A host array of zeros. Default dtype `f32`. */
export function zeros(shape: Shape, dtype: DType = "f32"): HostArray {
  return { shape, dtype, data: allocate(dtype, sizeOf(shape)) };
}

/** Whether a value is a host array. */
export function isHostArray(value: unknown): value is HostArray {
  if (typeof value !== "object" || value === null) return false;
  const candidate = value as Partial<HostArray>;
  return Array.isArray(candidate.shape) && typeof candidate.dtype === "string" && isTyped(candidate.data);
}

/** The value of a one-element host array. */
export function scalarOf(value: HostArray): number {
  if (value.data.length !== 1) fail("scalarOf", `received ${describe(value)}; it takes an array with one element.`);
  return value.data[0]!;
}

function isTyped(values: unknown): values is TypedArray {
  return ArrayBuffer.isView(values) && !(values instanceof DataView);
}

function dtypeOf(values: TypedArray): DType {
  if (values instanceof Float32Array) return "f32";
  if (values instanceof Float64Array) return "f64";
  if (values instanceof Int32Array) return "i32";
  if (values instanceof Uint32Array) return "u32";
  if (values instanceof Uint8Array) return "bool";
  return fail(
    "array",
    `received a ${(values as object).constructor.name}; use Float32Array, Float64Array, Int32Array, Uint32Array or Uint8Array (bool).`,
  );
}

function fill(target: TypedArray, source: ArrayLike<number | boolean>): TypedArray {
  const toBool = target instanceof Uint8Array;
  for (let i = 0; i < target.length; i++) target[i] = toBool ? Number(Boolean(source[i])) : Number(source[i]);
  return target;
}

function flatten(value: Nested, shape: readonly number[], axis: number, out: (number | boolean)[]): void {
  if (!Array.isArray(value)) {
    if (axis !== shape.length)
      fail("array", `found a number at depth ${axis} where the nesting is ${shape.length} deep.`);
    out.push(value as number | boolean);
    return;
  }
  const list = value as readonly Nested[];
  if (axis >= shape.length || list.length !== shape[axis]) {
    fail(
      "array",
      `ragged nesting: expected length ${shape[axis] ?? "of a number"} at depth ${axis}, received ${list.length}.`,
    );
  }
  for (const item of list) flatten(item, shape, axis + 1, out);
}

function checked(data: TypedArray, dtype: DType, shape: Shape): HostArray {
  if (sizeOf(shape) !== data.length) {
    fail("array", `received ${data.length} values for shape [${shape.join(", ")}], which holds ${sizeOf(shape)}.`);
  }
  if (dtype === "bool" && data.some((value) => value > 1)) {
    fail(
      "array",
      'received bytes other than 0 and 1 for bool; for numbers give a dtype: array(bytes, { dtype: "f32" }).',
    );
  }
  return { shape, dtype, data };
}
