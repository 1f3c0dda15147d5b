// A tensor of a storage: strided, shared or expanded, it becomes an array of its own.
import { fail, type HostArray, sizeOf } from "@hooke/runtime";
import { readStored } from "../stored-array.ts";
import type { TensorView } from "./values.ts";

/** How tensors are read. */
export interface ReadViewOptions {
  /** The speaker. */
  readonly who: string;
  readonly bigEndian: boolean;
  readonly int64: "i32" | "f64";
}

/** Reads a tensor. @throws on elements that have no array here */
export function readView(name: string, tensor: TensorView, { who, bigEndian, int64 }: ReadViewOptions): HostArray {
  const { dtype, shape } = tensor;
  if (dtype.stored === undefined) {
    return fail(
      who,
      `tensor ${JSON.stringify(name)} is ${dtype.name}, which has no array here. Leave it out with names, or save its parts.`,
      "unsupported",
    );
  }
  const stored = { stored: dtype.stored, shape, bigEndian };
  return readStored(who, `tensor ${JSON.stringify(name)}`, stored, elementsOf(tensor), int64);
}

/** The bytes of the elements, the last axis fastest. */
function elementsOf({ storage, dtype: { size }, offset, shape, strides }: TensorView): Uint8Array {
  const count = sizeOf(shape);
  let dense = 1;
  const isContiguous = shape.every((_, i) => {
    const axis = shape.length - 1 - i;
    const fits = shape[axis] === 1 || strides[axis] === dense;
    dense *= shape[axis]!;
    return fits;
  });
  if (count === 0) return new Uint8Array(0);
  if (isContiguous) return storage.bytes.subarray(offset * size, (offset + count) * size);
  const elements = new Uint8Array(count * size);
  const index = new Array<number>(shape.length).fill(0);
  for (let to = 0, from = offset; to < elements.length; ) {
    for (let byte = from * size; byte < (from + 1) * size; byte++) elements[to++] = storage.bytes[byte]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return elements;
}
