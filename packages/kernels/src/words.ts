// Arrays as words of the device: every element takes four bytes, booleans too.
import type { DType, HostArray, TypedArray } from "@hooke/runtime";

/** The words of an array. */
export function toWords({ dtype, data }: Pick<HostArray, "dtype" | "data">): Uint32Array<ArrayBuffer> {
  if (dtype === "bool") return Uint32Array.from(data);
  const { buffer, byteOffset, length } = data;
  const words = new Uint32Array(buffer as ArrayBuffer, byteOffset, length);
  // The queue does not take shared memory.
  return buffer instanceof ArrayBuffer ? words : words.slice();
}

/** The elements of an array from its words. */
export function fromWords(dtype: DType, words: ArrayBuffer): TypedArray {
  const copy = words.slice(0);
  switch (dtype) {
    case "f32":
      return new Float32Array(copy);
    case "i32":
      return new Int32Array(copy);
    case "u32":
      return new Uint32Array(copy);
    default:
      return Uint8Array.from(new Uint32Array(copy));
  }
}
