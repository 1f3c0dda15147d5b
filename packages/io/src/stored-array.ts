// Arrays as files hold them: dtypes of other programs, either byte order, the first or the last axis fastest.
import { foreignDTypes, ownDTypes } from "@hooke/data/safetensors";
import { type DType, fail, type HostArray, type Shape, sizeOf, zeros } from "@hooke/runtime";

/** What 64-bit whole numbers become. */
export interface Int64Options {
  /** What 64-bit whole numbers become; a value that it does not hold exactly is refused. Default `"i32"`. */
  readonly int64?: "i32" | "f64";
}

/** The stored dtypes that have an array here, by the names of the safetensors format. */
export type StoredName = keyof typeof ownDTypes | keyof ReturnType<typeof foreignDTypes>;

/** An array in a file. */
export interface StoredArray {
  readonly stored: StoredName;
  readonly shape: Shape;
  readonly bigEndian: boolean;
  /** Whether the first axis is the fastest, as in Fortran and MATLAB. Default: the last. */
  readonly fortranOrder?: boolean;
}

/** Bytes of an element. */
export function storedSize(stored: StoredName): number {
  return { ...ownDTypes, ...foreignDTypes("i32") }[stored].size;
}

/** Whether the dtype has an array here, by its name in the safetensors format. */
export const isStoredName = (name: string): name is StoredName =>
  Object.hasOwn(ownDTypes, name) || Object.hasOwn(foreignDTypes("i32"), name);

/** What elements become, 64-bit whole numbers i32. */
export const storedType = (stored: StoredName): DType => ({ ...ownDTypes, ...foreignDTypes("i32") })[stored].dtype;

/**
 * Reads an array: a copy of `bytes`, which hold it and nothing else.
 *
 * @param who the speaker
 * @param what what is read, e.g. `'array "strain"'`
 * @throws on a number of bytes that does not fit the shape, a bool other than 0 and 1, a whole number that loses digits
 */
export function readStored(
  who: string,
  what: string,
  { stored, shape, bigEndian, fortranOrder = false }: StoredArray,
  bytes: Uint8Array,
  int64: "i32" | "f64",
): HostArray {
  const { size, dtype, read } = { ...ownDTypes, ...foreignDTypes(int64) }[stored];
  const expected = sizeOf(shape) * size;
  if (!Number.isSafeInteger(expected) || expected !== bytes.length) {
    fail(
      who,
      `${what} is ${stored} of shape [${shape.join(", ")}], which takes ${expected} bytes; the file holds ${bytes.length}: ` +
        "it is cut short or damaged.",
      "corrupt-file",
    );
  }
  const copy = new Uint8Array(bytes);
  if (bigEndian && size > 1) swapBytes(copy, size);
  const result = zeros(shape, dtype);
  const misfit = read(copy, result.data);
  if (misfit !== undefined) {
    const code = stored === "BOOL" ? "corrupt-file" : "unsupported";
    fail(who, `${what} is ${stored} and holds ${misfit.value} at element ${misfit.index}; ${misfit.expected}.`, code);
  }
  return fortranOrder && shape.length > 1 ? lastAxisFastest(result) : result;
}

/** Reverses the bytes of every element. */
export function swapBytes(bytes: Uint8Array, size: number): void {
  for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
}

/** The array whose data had the first axis fastest. */
function lastAxisFastest({ shape, dtype, data }: HostArray): HostArray {
  const result = zeros(shape, dtype);
  const rank = shape.length;
  const strides: number[] = [];
  for (let axis = 0, stride = 1; axis < rank; stride *= shape[axis++]!) strides.push(stride);
  const index = new Array<number>(rank).fill(0);
  for (let to = 0, from = 0; to < data.length; to++) {
    result.data[to] = data[from]!;
    for (let axis = rank - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return result;
}
