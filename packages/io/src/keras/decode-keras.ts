// Files of Keras: weights by the names of their layers, whichever version wrote them.
import { type SelectedNames, selectedNamesCheck, selectNames } from "@hooke/data/safetensors";
import { checkOptions, checks, fail, type HostArray, sizeOf } from "@hooke/runtime";
import { withHdf5 } from "../hdf5/library.ts";
import { readNumbers } from "../hdf5/read-hdf5.ts";
import { listHdf5 } from "../hdf5/tree.ts";
import { checkBytes, type SourceOptions, textCheck } from "../source.ts";
import { type StoredName, storedSize } from "../stored-array.ts";
import { weightsOfArchive } from "./archive.ts";
import { findWeights } from "./find-weights.ts";

/** Options of {@link decodeKeras}. */
export interface DecodeKerasOptions extends SourceOptions {
  /** The weights to read. Default: all. */
  readonly names?: SelectedNames;
  /** Bytes that all arrays together may take, which may be stored compressed. Default: 64 MiB, and 16 times the file where that is more. */
  readonly limit?: number;
  /** Stops the reading; it then throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What a file of Keras holds. */
export interface KerasFile {
  /** By layer and variable, such as `"bn_Conv1/gamma"`, in the order of the file; in a record without a prototype. */
  readonly tensors: Readonly<Record<string, HostArray>>;
  /** What else the file holds, such as the state of an optimizer. */
  readonly leftOut: readonly string[];
}

/**
 * Reads the weights of a file of Keras: `.keras` and `.weights.h5` of Keras 3, `.h5` with weights or whole models of Keras 2 and 3. Needs the
 * package `h5wasm`. The model itself is not read, and nothing of it run.
 *
 * A weight is called by its layer, layers around that in front, and its variable: `"Conv1/kernel"`. Keras 3 numbers the variables of a
 * layer; they get the names of Keras where the kind of layer tells them, and keep the number else: `"lstm/cell/0"`. It numbers layers by
 * kind, too, and former versions of it wrote no other name: `"conv2d_3/kernel"`.
 *
 * Kernels are stored as here, `[...window, in, out]`, but for depthwise ones, `[...window, channels, multiplier]`.
 *
 * @throws on damaged files (`"corrupt-file"`); on files that are none of Keras and on more than `limit` bytes (`"unsupported"`); on names
 *   that are not there (`"mismatch"`); where h5wasm is not installed (`"unavailable"`)
 * @example
 * ```ts no-run
 * import { decodeKeras } from "@hooke/io/keras";
 * import { decodeFile } from "@hooke/io/node";
 *
 * const { tensors } = await decodeFile("mobilenet.keras", decodeKeras);
 * console.log(tensors["Conv1/kernel"]?.shape); // [ 3, 3, 3, 32 ]
 * ```
 */
export async function decodeKeras(bytes: Uint8Array, options: DecodeKerasOptions = {}): Promise<KerasFile> {
  checkOptions<DecodeKerasOptions>("decodeKeras", options, {
    optional: { source: textCheck, names: selectedNamesCheck, limit: checks.count, signal: checks.signal },
  });
  checkBytes("decodeKeras", bytes);
  const { source: who = "keras", names, limit = Math.max(2 ** 26, 16 * bytes.length), signal } = options;
  const work = signal === undefined ? {} : { signal };
  signal?.throwIfAborted();
  const isArchive = bytes[0] === 0x50 && bytes[1] === 0x4b;
  const weights = isArchive ? await weightsOfArchive(bytes, who, limit) : bytes;
  return withHdf5(weights, who, async (file) => {
    const { found, leftOut } = findWeights(await listHdf5(file, work), who);
    const chosen = selectNames(who, "weight", found, names);
    let total = 0;
    for (const { name, dataset } of chosen) {
      if (dataset.shape === null || !/^[A-Z]+\d*(_\w+)?$/.test(dataset.type)) {
        fail(who, `weight "${name}" holds ${dataset.shape === null ? "no value" : dataset.type}.`, "corrupt-file");
      }
      total += sizeOf(dataset.shape) * Math.max(4, storedSize(dataset.type as StoredName));
    }
    if (!(total <= limit)) {
      fail(
        who,
        `its weights take ${total} bytes as arrays, of a file of ${bytes.length}; the option limit allows ${limit}. Raise it for ` +
          "files you trust, or choose weights with names.",
        "unsupported",
      );
    }
    const tensors: Record<string, HostArray> = Object.create(null);
    for (const { name, dataset } of chosen) {
      tensors[name] = await readNumbers(file, dataset.path, { int64: "f64", limit, ...work });
    }
    return { tensors, leftOut };
  });
}
