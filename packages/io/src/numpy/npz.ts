// Arrays by name as .npz files, the format of np.savez and np.savez_compressed: .npy files in a zip file.
import { type SelectedNames, selectedNamesCheck, selectNames } from "@hooke/data/safetensors";
import { checkArgument, checkHostArray, checkOptions, checks, fail, type HostArray, sizeOf } from "@hooke/runtime";
import { inflate } from "../inflate.ts";
import { callbackCheck, checkBytes, type SourceOptions, textCheck } from "../source.ts";
import { type Int64Options, storedSize } from "../stored-array.ts";
import { checkEntry, readZip, type ZipEntry } from "../zip/read-zip.ts";
import { writeZip } from "../zip/write-zip.ts";
import { longestHeader, readNpyHeader } from "./header.ts";
import { encodeNpy, readNpy } from "./npy.ts";

const suffix = ".npy";

/** Options of {@link decodeNpz}. */
export interface DecodeNpzOptions extends SourceOptions, Int64Options {
  /** The arrays to read. Default: all. */
  readonly names?: SelectedNames;
  /** Bytes that all arrays together may take as they are stored in .npy files. Default 2 GiB. */
  readonly limit?: number;
  /** Ends the reading. */
  readonly signal?: AbortSignal;
  /** Called after every array. */
  readonly onProgress?: (progress: { readonly bytes: number; readonly totalBytes: number }) => void;
}

/**
 * Reads a .npz file: every array as {@link decodeNpy} does. An array is inflated so far as its header justifies, so that a small file
 * that claims to be a large one is refused before it takes memory.
 *
 * @returns arrays by name, in a record without a prototype
 * @throws on damaged files and checksums that do not match (`"corrupt-file"`); on arrays of other dtypes, encrypted files and more
 *   than `limit` bytes (`"unsupported"`); on names that are not there (`"mismatch"`); the signal's reason if it is aborted
 * @example
 * ```ts
 * import { decodeNpz, encodeNpz } from "@hooke/io/numpy";
 * import { array } from "@hooke/runtime";
 *
 * const file = await encodeNpz({ strain: array([0.1, 0.2]), stress: array([21, 42]) }, { compress: true });
 * const { stress } = await decodeNpz(file, { names: ["stress"] });
 * console.log(stress?.shape); // [ 2 ]
 * ```
 */
export async function decodeNpz(
  bytes: Uint8Array,
  options: DecodeNpzOptions = {},
): Promise<Readonly<Record<string, HostArray>>> {
  checkOptions<DecodeNpzOptions>("decodeNpz", options, {
    optional: {
      source: textCheck,
      int64: (value) => checks.oneOf(value, ["i32", "f64"]),
      names: selectedNamesCheck,
      limit: checks.count,
      signal: checks.signal,
      onProgress: callbackCheck,
    },
  });
  checkBytes("decodeNpz", bytes);
  const { source = "npz", int64 = "i32", names, limit = 2 ** 31, signal, onProgress } = options;
  const entries = readZip(bytes, source).map((entry) => ({
    entry,
    name: entry.name.endsWith(suffix) ? entry.name.slice(0, -suffix.length) : entry.name,
  }));
  const chosen = selectNames(source, "array", entries, names);
  const totalBytes = chosen.reduce((sum, { entry }) => sum + entry.size, 0);
  if (totalBytes > limit) {
    fail(
      source,
      `its arrays take ${totalBytes} bytes; the option limit allows ${limit}. Raise it for files you trust, or choose arrays with names.`,
      "unsupported",
    );
  }
  const arrays: Record<string, HostArray> = Object.create(null);
  let read = 0;
  for (const { entry, name } of chosen) {
    if (!entry.name.endsWith(suffix)) {
      fail(
        source,
        `entry ${JSON.stringify(name)} is no .npy file. The option names leaves entries out.`,
        "unsupported",
      );
    }
    const file = await contentOf(entry, source, limit, signal);
    checkEntry(entry, file, source);
    arrays[name] = readNpy(file, source, `array ${JSON.stringify(name)}`, int64);
    read += entry.size;
    onProgress?.({ bytes: read, totalBytes });
  }
  return arrays;
}

async function contentOf(entry: ZipEntry, who: string, limit: number, signal: AbortSignal | undefined) {
  signal?.throwIfAborted();
  if (!entry.deflated) return entry.stored;
  const what = `entry ${JSON.stringify(entry.name)}`;
  return inflate(entry.stored, {
    who,
    what,
    format: "deflate-raw",
    startSize: longestHeader,
    limit,
    signal,
    sizeOf(start) {
      const { dataStart, shape, stored } = readNpyHeader(start, `${who}: ${what}`);
      const size = dataStart + sizeOf(shape) * storedSize(stored);
      if (size === entry.size) return size;
      return fail(
        who,
        `${what} states ${entry.size} bytes, where its header justifies ${size}: the file is damaged.`,
        "corrupt-file",
      );
    },
  });
}

/** Options of {@link encodeNpz}. */
export interface EncodeNpzOptions {
  /** Whether arrays are deflated, as `np.savez_compressed` does. Default false. */
  readonly compress?: boolean;
}

/**
 * Writes arrays by name as a .npz file, which `np.load` reads.
 *
 * @throws on what are no arrays; beyond 4 GiB (`"unsupported"`)
 */
export async function encodeNpz(
  arrays: Readonly<Record<string, HostArray>>,
  options: EncodeNpzOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  checkOptions<EncodeNpzOptions>("encodeNpz", options, { optional: { compress: checks.flag } });
  checkArgument("encodeNpz", "the arrays", arrays, (value) =>
    typeof value === "object" && value !== null && !Array.isArray(value) ? undefined : "a record by name",
  );
  const files = Object.entries(arrays).map(([name, array]) => {
    checkHostArray(`encodeNpz: ${JSON.stringify(name)}`, array);
    return [`${name}${suffix}`, encodeNpy(array)] as const;
  });
  return writeZip(files, options.compress === true, "encodeNpz");
}
