// Host arrays: what goes into a program and what comes out of it. Shape, dtype and a typed array, row-major, nothing else.
import { fail, HookeError } from "./error.ts";

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

/** The names of the typed arrays: unlike the classes themselves they are the same in every realm (frames, sandboxes). */
export const classOf: { readonly [K in DType]: TypedArrayOf[K][typeof Symbol.toStringTag] } = {
  f32: "Float32Array",
  f64: "Float64Array",
  i32: "Int32Array",
  u32: "Uint32Array",
  bool: "Uint8Array",
};

/** Number of elements of a shape; 1 for a scalar. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (let axis = 0; axis < shape.length; axis++) size *= shape[axis]!;
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
  if (a.length !== b.length) return false;
  for (let axis = 0; axis < a.length; axis++) if (a[axis] !== b[axis]) return false;
  return true;
}

/** Whether a dtype is `f32` or `f64`: only these have derivatives. */
export function isFloat(dtype: DType): boolean {
  return dtype === "f32" || dtype === "f64";
}

/** `f32[2, 3]`: how shapes are written in every message and printed program. */
export function describe(aval: { readonly shape: Shape; readonly dtype: DType }): string {
  return `${aval.dtype}[${aval.shape.join(", ")}]`;
}

/** A number as an element of a dtype holds it. */
export function stored(value: number, dtype: DType): number {
  switch (dtype) {
    case "f32":
      return Math.fround(value);
    case "f64":
      return value;
    case "i32":
      return value | 0;
    case "u32":
      return value >>> 0;
    case "bool":
      return value & 255;
  }
}

/** A zero-filled typed array. @throws with the code `out-of-memory` where the engine has no room for it */
export function allocate(dtype: DType, size: number): TypedArray {
  try {
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
  } catch (cause) {
    throw new HookeError(
      `array: cannot allocate ${size} elements of ${dtype} (${size * byteSize[dtype]} bytes); use a smaller shape.`,
      { code: "out-of-memory", cause },
    );
  }
}

/** Whether a value is a host array. */
export function isHostArray(value: unknown): value is HostArray {
  if (typeof value !== "object" || value === null) return false;
  const candidate = value as Partial<HostArray>;
  return Array.isArray(candidate.shape) && typeof candidate.dtype === "string" && isTyped(candidate.data);
}

/** The value of a one-element host array. */
export function scalarOf(value: HostArray): number {
  if (!isHostArray(value)) fail("scalarOf", "received no array; it takes an array with one element.");
  if (value.data.length !== 1) fail("scalarOf", `received ${describe(value)}; it takes an array with one element.`);
  return value.data[0]!;
}

/** Whether a value is a typed array (of any class). */
export function isTyped(values: unknown): values is TypedArray {
  return ArrayBuffer.isView(values) && !(values instanceof DataView);
}
