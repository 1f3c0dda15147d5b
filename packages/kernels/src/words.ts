// Arrays as words of the device: every element takes four bytes, booleans too.
import type { DType, HostArray, TypedArray } from "@hooke/runtime";

/** The words of an array. */
export function toWords({ dtype, data }: Pick<HostArray, "dtype" | "data">): Uint32Array<ArrayBuffer> {
  if (dtype === "bool") return Uint32Array.from(data);
  const { buffer, byteOffset, length } = data;
  const words = new Uint32Array(buffer as ArrayBuffer, byteOffset, length);
  // Devices do not take shared memory.
  return buffer instanceof ArrayBuffer ? words : words.slice();
}

/** The elements of an array whose words these are. */
export function fromWords(dtype: DType, words: ArrayBuffer): TypedArray {
  switch (dtype) {
    case "f32":
      return new Float32Array(words);
    case "i32":
      return new Int32Array(words);
    case "u32":
      return new Uint32Array(words);
    default:
      return Uint8Array.from(new Uint32Array(words));
  }
}
