// The bytes of datasets, copied out of the library's memory.
import { fail, type Shape, sizeOf } from "@hooke/runtime";
import type { OpenHdf5 } from "./library.ts";

/** From where to where, one pair an axis. */
export type Ranges = readonly (readonly [start: number, stop: number])[];

/** The bytes of a dataset, or of a part of it, in the file's order of axes and the byte order of WebAssembly. */
export function bytesOf(
  { module, id, who, ask }: OpenHdf5,
  path: string,
  shape: Shape,
  ranges: Ranges | undefined,
  size: number,
  limit: number,
): Uint8Array {
  const length =
    ranges === undefined ? sizeOf(shape) : ranges.reduce((product, [start, stop]) => product * (stop - start), 1);
  const total = length * size;
  if (!(total <= limit)) {
    fail(
      who,
      `${path} takes ${total} bytes; the option limit allows ${limit}. Read it in parts with slices.`,
      "unsupported",
    );
  }
  if (total === 0) return new Uint8Array();
  const place = module._malloc(total);
  if (place === 0)
    fail(
      who,
      `${path} takes ${total} bytes, which h5wasm does not have. Read it in parts with slices.`,
      "out-of-memory",
    );
  try {
    const [count, offset] = [
      ranges?.map(([start, stop]) => BigInt(stop - start)),
      ranges?.map(([start]) => BigInt(start)),
    ];
    const ones = ranges?.map(() => 1n);
    ask(path, () => module.get_dataset_data(id, path, count ?? null, offset ?? null, ones ?? null, BigInt(place)));
    return module.HEAPU8.slice(place, place + total);
  } finally {
    module._free(place);
  }
}
