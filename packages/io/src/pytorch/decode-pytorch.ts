// Files of torch.save: tensors by name, read without running what a file asks for.
import { type SelectedNames, selectedNamesCheck } from "@hooke/data/safetensors";
import { checkOptions, checks, fail, type HostArray, sizeOf } from "@hooke/runtime";
import { checkBytes, type SourceOptions, textCheck } from "../source.ts";
import { type Int64Options, storedSize } from "../stored-array.ts";
import { conversion, openContainer } from "./container.ts";
import { allowedGlobals } from "./globals.ts";
import { readView } from "./read-view.ts";
import { findState, selectTensors } from "./state.ts";
import { unpickle } from "./unpickle.ts";
import { describeValue, Global, Storage } from "./values.ts";

/** Options of {@link decodePyTorch}. */
export interface DecodePyTorchOptions extends SourceOptions, Int64Options {
  /** The tensors to read. Default: all. */
  readonly names?: SelectedNames;
  /** The keys that lead to the dictionary of tensors, such as `["ema", "state_dict"]`. Default: found, see {@link decodePyTorch}. */
  readonly nest?: readonly string[];
  /**
   * Bytes that all arrays together may take. A tensor may repeat one element without end, and any number of them may share a storage.
   * Default: 64 MiB, and 16 times the file where that is more.
   */
  readonly limit?: number;
}

/** What a file of PyTorch holds. */
export interface PyTorchFile {
  /** By name, in a record without a prototype. */
  readonly tensors: Readonly<Record<string, HostArray>>;
  /** The keys that lead to them in the file, such as `["state_dict"]`; empty where they are at the top. */
  readonly nest: readonly string[];
  /** What else the file holds, such as an epoch and the state of an optimizer. */
  readonly leftOut: readonly string[];
}

/**
 * Reads a file of `torch.save`: `.pth`, `.pt` or `.ckpt` of PyTorch 1.6 and later, a dictionary of tensors or one within. Nothing that
 * the file asks for is run: it may name what `torch.load(weights_only=True)` allows and states of models need, and is refused by that name
 * where it asks for more. Tensors are copies, contiguous whatever their strides in the file.
 *
 * Where the dictionary at the top has no tensors, it is that under `state_dict`, `model_state_dict`, `model`, `module`, `net`,
 * `network`, `weights` or `params`, and so on inside.
 *
 * | stored                                | becomes                                                            |
 * | ------------------------------------- | ------------------------------------------------------------------ |
 * | float64, float32, uint32, int32, bool | f64, f32, u32, i32, bool                                           |
 * | float16, bfloat16, float8             | f32, exactly                                                       |
 * | int8, uint8, int16, uint16            | i32, exactly                                                       |
 * | int64, uint64                         | i32, or f64 with `int64: "f64"`; what these do not hold is refused |
 *
 * @throws on damaged files and checksums that do not match (`"corrupt-file"`); on other globals, older files, complex and quantized tensors
 *   and more than `limit` bytes (`"unsupported"`); on names and nests that are not there (`"mismatch"`)
 * @example
 * ```ts no-run
 * import { decodeFile } from "@hooke/io/node";
 * import { decodePyTorch } from "@hooke/io/pytorch";
 *
 * const { tensors, nest } = await decodeFile("resnet18.pth", decodePyTorch, { int64: "f64" });
 * console.log(nest, tensors["conv1.weight"]?.shape); // [] [ 64, 3, 7, 7 ]
 * ```
 */
export function decodePyTorch(bytes: Uint8Array, options: DecodePyTorchOptions = {}): PyTorchFile {
  checkOptions<DecodePyTorchOptions>("decodePyTorch", options, {
    optional: {
      source: textCheck,
      int64: (value) => checks.oneOf(value, ["i32", "f64"]),
      names: selectedNamesCheck,
      nest: (value) =>
        Array.isArray(value) && value.every((key) => typeof key === "string") ? undefined : "a list of keys",
      limit: checks.count,
    },
  });
  checkBytes("decodePyTorch", bytes);
  const { source: who = "pytorch", int64 = "i32", names, nest, limit = Math.max(2 ** 26, 16 * bytes.length) } = options;
  const damaged = (what: string): never => fail(who, `${what}: the file is damaged or forged.`, "corrupt-file");
  const { pickle, bigEndian, storage } = openContainer(bytes, who);
  const refuse = (what: string): never =>
    fail(
      who,
      `${what}, which weights do not need; nothing of it was run. Convert it: ${conversion} (PyTorch refuses it too? Then ` +
        "weights_only=False runs what the file asks for: only if you trust it.)",
      "unsupported",
    );
  const root = unpickle(pickle, {
    globals: allowedGlobals({ damaged, refuse }),
    storageOf: (reference) => storageOf(reference, storage, damaged),
    damaged,
    refuse,
  });
  const state = findState(root, nest, who);
  const chosen = selectTensors(state, names, who);
  const total = chosen.reduce((sum, { tensor }) => sum + sizeOf(tensor.shape) * arrayBytes(tensor.dtype.stored), 0);
  if (!(total <= limit)) {
    fail(
      who,
      `its tensors take ${total} bytes as arrays, of a file of ${bytes.length}; the option limit allows ${limit}. Raise it for files ` +
        "you trust, or choose tensors with names.",
      "unsupported",
    );
  }
  const tensors: Record<string, HostArray> = Object.create(null);
  for (const { name, tensor } of chosen) tensors[name] = readView(name, tensor, { who, bigEndian, int64 });
  return { tensors, nest: state.nest, leftOut: state.leftOut };
}

/** The storage of a reference `("storage", type, key, device, count)`. */
function storageOf(
  reference: readonly unknown[],
  bytesOf: (key: string) => Uint8Array | undefined,
  damaged: (what: string) => never,
): Storage {
  const [kind, type, key, , count] = reference;
  if (kind !== "storage" || !(type instanceof Global) || typeof key !== "string" || !Number.isSafeInteger(count)) {
    return damaged(`its pickle refers to ${describeValue(kind)} and no storage`);
  }
  const isUntyped = type.name === "torch.storage.UntypedStorage";
  if (!isUntyped && !type.name.endsWith("Storage")) damaged(`its pickle has a storage of the type ${type.name}`);
  const bytes = bytesOf(key) ?? damaged(`storage ${JSON.stringify(key)} is missing`);
  const stated = (count as number) * (type.dtype?.size ?? 1);
  if (bytes.length !== stated)
    damaged(`storage ${JSON.stringify(key)} has ${bytes.length} bytes and should have ${stated}`);
  return new Storage(bytes, type.dtype);
}

/** Bytes of an element as an array, at most. */
const arrayBytes = (stored: Parameters<typeof storedSize>[0] | undefined): number =>
  stored === undefined ? 0 : Math.max(4, storedSize(stored));
