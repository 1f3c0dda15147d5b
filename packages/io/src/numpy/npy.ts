// Arrays as .npy files, the format of np.save and np.load.
import { checkHostArray, checkOptions, checks, type DType, fail, type HostArray, sizeOf } from "@hooke/runtime";
import { checkBytes, type SourceOptions, textCheck } from "../source.ts";
import { type Int64Options, readStored, storedSize } from "../stored-array.ts";
import { magic, readNpyHeader } from "./header.ts";

/** Options of {@link decodeNpy}. */
export interface DecodeNpyOptions extends SourceOptions, Int64Options {}

/**
 * Reads a .npy file: versions 1 to 3, C and Fortran order, either byte order. The array is a copy.
 *
 * | stored                                 | becomes                                                            |
 * | -------------------------------------- | ------------------------------------------------------------------ |
 * | float64, float32, uint32, int32, bool  | f64, f32, u32, i32, bool                                           |
 * | float16                                | f32, exactly                                                       |
 * | int8, uint8, int16, uint16             | i32, exactly                                                       |
 * | int64, uint64                          | i32, or f64 with `int64: "f64"`; what these do not hold is refused |
 *
 * @throws on damaged files (`"corrupt-file"`); on other dtypes, such as Python objects, and whole numbers that would lose digits
 *   (`"unsupported"`)
 * @example
 * ```ts
 * import { decodeNpy, encodeNpy } from "@hooke/io/numpy";
 * import { array } from "@hooke/runtime";
 *
 * const file = encodeNpy(array([[1, 2, 3]]));
 * console.log(decodeNpy(file).shape); // [ 1, 3 ]
 * ```
 */
export function decodeNpy(bytes: Uint8Array, options: DecodeNpyOptions = {}): HostArray {
  checkOptions<DecodeNpyOptions>("decodeNpy", options, {
    optional: { source: textCheck, int64: (value) => checks.oneOf(value, ["i32", "f64"]) },
  });
  checkBytes("decodeNpy", bytes);
  const { source = "npy", int64 = "i32" } = options;
  return readNpy(bytes, source, "the array", int64);
}

/** {@link decodeNpy} of a file within a file. */
export function readNpy(bytes: Uint8Array, who: string, what: string, int64: "i32" | "f64"): HostArray {
  const header = readNpyHeader(bytes, who);
  const data = bytes.subarray(header.dataStart);
  const more = data.length - sizeOf(header.shape) * storedSize(header.stored);
  if (more > 0) {
    fail(who, `${more} bytes follow ${what}; a .npy file holds one array. np.savez stores several.`, "corrupt-file");
  }
  return readStored(who, what, header, data, int64);
}

const codes: Readonly<Record<DType, string>> = { f64: "<f8", f32: "<f4", u32: "<u4", i32: "<i4", bool: "|b1" };

/** Writes an array as a .npy file, byte for byte what `np.save` writes: version 1, C order, little-endian. */
export function encodeNpy(array: HostArray): Uint8Array<ArrayBuffer> {
  checkHostArray("encodeNpy", array);
  const { shape, dtype, data } = array;
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  // NumPy leaves room for the first dimension to grow to 20 digits, and aligns the data to 64 bytes.
  const room = shape.length === 0 ? 0 : 21 - String(shape[0]).length;
  const text = `{'descr': '${codes[dtype]}', 'fortran_order': False, 'shape': ${tuple}, }${" ".repeat(room)}`;
  const dataStart = Math.ceil((10 + text.length + 1) / 64) * 64;
  const file = new Uint8Array(dataStart + data.byteLength);
  file.set(magic);
  file[6] = 1;
  new DataView(file.buffer).setUint16(8, dataStart - 10, true);
  file.set(new TextEncoder().encode(`${text.padEnd(dataStart - 11)}\n`), 10);
  file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), dataStart);
  return file;
}
