// The bytes of datasets, copied out of the library's memory.
import { createPauses, fail, type Shape, sizeOf } from "@hooke/runtime";
import { breathe, type OpenHdf5 } from "./library.ts";

/** From where to where, one pair an axis. */
export type Ranges = readonly (readonly [start: number, stop: number])[];

/** Options of reading numbers. */
export interface ReadBytesOptions {
  /** Stops the reading; it then throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called after every part that is read, of 16 MiB or a row of the file's chunks. */
  readonly onProgress?: (progress: { readonly bytes: number; readonly totalBytes: number }) => void;
}

/** Bytes that the library is asked for at a time. */
const partSize = 2 ** 24;

/** What is read of a dataset. */
export interface Selection {
  readonly shape: Shape;
  /** Default: all. */
  readonly ranges: Ranges | undefined;
  /** Bytes of an element. */
  readonly size: number;
  /** The most bytes that it may take. */
  readonly limit: number;
  /** How the file divides it. Default: not at all. */
  readonly chunks?: Shape | null;
}

/** The bytes of a small dataset, in the file's order of axes and the byte order of WebAssembly. */
export function bytesOf(file: OpenHdf5, path: string, selection: Omit<Selection, "ranges">): Uint8Array {
  const total = checkedSize(file, path, { ...selection, ranges: undefined });
  const bytes = new Uint8Array(total);
  copyPart(file, path, undefined, bytes);
  return bytes;
}

/** The bytes of a dataset, or of a part of it, as {@link bytesOf} gives them, piece by piece. */
export async function readBytes(
  file: OpenHdf5,
  path: string,
  selection: Selection,
  { signal, onProgress }: ReadBytesOptions,
): Promise<Uint8Array> {
  const total = checkedSize(file, path, selection);
  const { shape, chunks } = selection;
  const ranges = selection.ranges ?? shape.map((size) => [0, size] as const);
  const bytes = new Uint8Array(total);
  // Along the first axis that has several rows, so that what is read follows what was read.
  const axis = ranges.findIndex(([start, stop]) => stop - start > 1);
  const [start, stop] = ranges[axis] ?? [0, 1];
  const rowSize = total / (stop - start);
  const chunk = chunks?.[axis] ?? 1;
  const rows = Math.max(Math.floor(partSize / rowSize / chunk), 1) * chunk;
  const pause = createPauses();
  for (let from = start, at = 0; from < stop && total > 0; ) {
    // Where a chunk ends, so that none is unpacked twice.
    const to = Math.min(from - (from % chunk) + rows, stop);
    const part = bytes.subarray(at, at + (to - from) * rowSize);
    copyPart(file, path, axis < 0 ? (ranges.length === 0 ? undefined : ranges) : ranges.with(axis, [from, to]), part);
    at += part.length;
    from = to;
    await breathe(pause, signal, () => onProgress?.({ bytes: at, totalBytes: total }));
  }
  return bytes;
}

/** Bytes that a selection takes. @throws if these are too many */
function checkedSize({ who }: OpenHdf5, path: string, { shape, ranges, size, limit }: Selection): number {
  const length =
    ranges === undefined ? sizeOf(shape) : ranges.reduce((product, [start, stop]) => product * (stop - start), 1);
  const total = length * size;
  if (total <= limit) return total;
  return fail(
    who,
    `${path} takes ${total} bytes; the option limit allows ${limit}. Read it in parts with slices.`,
    "unsupported",
  );
}

/** Copies a part out of the library's memory. */
function copyPart({ module, id, who, ask }: OpenHdf5, path: string, ranges: Ranges | undefined, to: Uint8Array): void {
  const { length } = to;
  if (length === 0) return;
  const place = module._malloc(length);
  if (place === 0) {
    const cure = "Read it in parts with slices";
    fail(who, `${path} takes ${length} bytes at a time, which h5wasm does not have. ${cure}.`, "out-of-memory");
  }
  try {
    const [count, offset] = [
      ranges?.map(([start, stop]) => BigInt(stop - start)),
      ranges?.map(([start]) => BigInt(start)),
    ];
    const ones = ranges?.map(() => 1n);
    ask(path, () => module.get_dataset_data(id, path, count ?? null, offset ?? null, ones ?? null, BigInt(place)));
    to.set(module.HEAPU8.subarray(place, place + length));
  } finally {
    module._free(place);
  }
}
