// Global heaps of HDF5 files, which hold texts of any length: the library walks the objects of one without looking whether it gets
// anywhere, and never comes back from an object of no bytes.
// Source: The HDF Group, HDF5 File Format Specification, version 3.0, section III.E (global heap).
import type { Hdf5Bytes } from "./hdf5-bytes.ts";

const aligned = (size: number): number => Math.ceil(size / 8) * 8;

/** What is wrong with the heap that starts at `start` of a file; undefined where nothing is, and where none starts. */
export function heapFault(file: Hdf5Bytes, start: number): string | undefined {
  const isHeap = file.number(start, 4) === 0x4c4f4347 && file.number(start + 4, 1) === 1;
  if (!isHeap) return undefined;
  /** Bytes before the objects, and before the data of each. */
  const head = aligned(8 + file.lengthSize);
  const length = file.number(start + 8, file.lengthSize) ?? Number.NaN;
  const end = start + length;
  if (!(end <= file.length)) return `the heap at ${start} states ${length} bytes, where the file ends`;
  for (let at = start + head; at + head <= end; ) {
    const index = file.number(at, 2)!;
    const size = file.number(at + 8, file.lengthSize)!;
    // Object 0 is what is free, its head included.
    const step = index === 0 ? size : head + aligned(size);
    if (step < head || at + step > end) {
      return `object ${index} of the heap at ${start} states ${size} bytes, where ${end - at} are left`;
    }
    at += step;
  }
  return undefined;
}
