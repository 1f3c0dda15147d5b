// A dataset in many files, larger than memory.
import {
  allFinite,
  checkResolution,
  dataset,
  inPrecision,
  type StreamedDataset,
  streamedDataset,
  takeRows,
} from "@hooke/data";
import { crc32c } from "@hooke/data/safetensors";
import {
  type Check,
  checkArgument,
  checkOptions,
  checks,
  describe,
  fail,
  type HostArray,
  sizeOf,
  zeros,
} from "@hooke/runtime";
import { type ByteFile, byteFilesCheck } from "../files/byte-file.ts";
import { callbackCheck, textCheck } from "../source.ts";
import { openParquetShard } from "./parquet-shard.ts";
import { readAlone, readInPieces } from "./read-rows.ts";
import { openSafetensors } from "./safetensors-shard.ts";
import type { Shard, ShardColumns } from "./shard.ts";

/** Options of {@link openShards}. */
export interface ShardOptions {
  /** What rows are predicted from: a tensor of every safetensors file, or columns of every Parquet file. */
  readonly inputs: string | readonly string[];
  /** What is predicted, likewise. It is read at once and kept in memory. */
  readonly targets: string | readonly string[];
  /** Names of the classes that targets number from 0. Default none: targets are numbers. */
  readonly classes?: readonly string[];
  /** What models compute in. Default `"f32"`. */
  readonly dtype?: "f32" | "f64";
  /**
   * What a shuffled epoch mixes: `"rows"`, every order is as likely as any other and each row is read alone; `"pieces"`, pieces of files come in random
   * order and are mixed while they are in memory: files are read in large parts, each once an epoch, which servers and disks with heads need. Default:
   * `"rows"`, and `"pieces"` for Parquet, whose groups of rows are unpacked as a whole.
   */
  readonly shuffle?: "rows" | "pieces";
  /** Bytes of inputs that are held where pieces are read; half of them are mixed at a time. Default 32 MiB. */
  readonly memory?: number;
  /**
   * Processes that share the training, and rows of a batch of all of them: in a shuffled epoch each then reads a list of files of its own, but for the
   * last batches. Needs `shuffle: "pieces"`. The order is the same with any number of processes. A training that several ranks begin is refused
   * unless they are as many and have this batch size; one that is resumed may have more or fewer. Default: one.
   */
  readonly ranks?: { readonly size: number; readonly batchSize: number };
  /** The speaker of errors about all of them. Default `"openShards"`. */
  readonly source?: string;
  /** Called after every file. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
  readonly signal?: AbortSignal;
}

/** Files that are opened at a time. */
const together = 8;
/** Rows of the first file that are looked at before the training, and bytes at most. */
const lookedAt = 1000;
const lookedAtBytes = 2 ** 24;

const namesCheck: Check = (value) =>
  typeof value === "string" ||
  (Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === "string"))
    ? undefined
    : "a name, or a list of names";

/**
 * A dataset in files that together are larger than memory: what they state and their targets are read at once, inputs when a training needs them,
 * from a disk, a server or a page. A shard of another kind than the first, or changed since, is refused by name; a checkpoint is resumed only with the
 * same files in the same order, and the same `shuffle` and `memory`.
 *
 * | stored                                    | inputs become                                                                 |
 * | ----------------------------------------- | ----------------------------------------------------------------------------- |
 * | floats, and numbers of Parquet            | `dtype`                                                                       |
 * | whole numbers of 8 and 16 bits, bools     | `dtype`, as they are: 0 to 255                                                |
 * | whole numbers of 32 and 64 bits           | i32 and u32, as they are: numbers of tokens                                   |
 *
 * @param files in the order of their rows; the ending of a name says what it holds, `.safetensors` or `.parquet`
 * @throws on files, tensors or columns that do not fit each other (`"mismatch"`), on damaged ones (`"corrupt-file"`), on values that are not
 *   finite, when they are read (`"invalid-data"`); the signal's reason if it is aborted
 * @example
 * ```ts no-run
 * import { fit, type FitOptions } from "@hooke/core";
 * import { split } from "@hooke/data";
 * import { localFiles } from "@hooke/io/node";
 * import { openShards } from "@hooke/io/shards";
 *
 * declare const options: Omit<FitOptions, "data">;
 * const all = await openShards(await localFiles("scans"), { inputs: "images", targets: "stiffness" });
 * const { model } = await fit({ ...options, data: split(all, { train: "rest", validation: 0.1 }, 0) });
 * ```
 */
export async function openShards(files: readonly ByteFile[], options: ShardOptions): Promise<StreamedDataset> {
  checkArgument("openShards", "the files", files, byteFilesCheck);
  checkOptions<ShardOptions>("openShards", options, {
    required: { inputs: namesCheck, targets: namesCheck },
    optional: {
      classes: (value) => (typeof value === "string" ? "a list of names" : namesCheck(value)),
      dtype: (value) => checks.oneOf(value, ["f32", "f64"]),
      shuffle: (value) => checks.oneOf(value, ["rows", "pieces"]),
      memory: checks.count,
      ranks: ranksCheck,
      source: textCheck,
      onProgress: callbackCheck,
      signal: checks.signal,
    },
  });
  const {
    classes,
    dtype = "f32",
    memory = 2 ** 25,
    ranks = { size: 1, batchSize: 1 },
    source = "openShards",
    onProgress,
    signal,
  } = options;
  if (files.length === 0) fail(source, "received no files; a dataset needs one at least.", "invalid-data");
  const opened: (readonly [Shard, HostArray])[] = [];
  for (let at = 0; at < files.length; at += together) {
    const some = files.slice(at, at + together).map(async (file) => {
      const shard = await openShard(file, options, memory, signal);
      return [shard, finite(await shard.readTargets(signal), shard)] as const;
    });
    opened.push(...(await Promise.all(some)));
    signal?.throwIfAborted();
    onProgress?.({ done: opened.length, total: files.length });
  }
  const shards = opened.map(([shard]) => shard);
  const targets = joined(opened);
  const [first] = shards as [Shard];
  const { shuffle = first.groups === undefined ? "rows" : "pieces" } = options;
  if (shuffle === "rows" && first.groups !== undefined) {
    fail(source, "rows of Parquet are not read alone; leave shuffle out, or write safetensors.", "unsupported");
  }
  if (shuffle === "rows" && ranks.size > 1) {
    fail(source, 'received ranks, which read files of their own only with shuffle: "pieces".', "unsupported");
  }
  const inputs = shards.map((shard) => inDType(shard, dtype));
  await lookAt(first, opened[0]![1], dtype, signal);
  const stated = shards.map(({ rows, stated: sum }) => `${rows} ${sum.toString(16)}`).join();
  const sum = crc32c(new TextEncoder().encode(stated)).toString(16);
  const shared = ranks.size === 1 ? "" : `, ${ranks.batchSize} rows for ${ranks.size} ranks`;
  const how = shuffle === "rows" ? shuffle : `${shuffle} in ${memory} bytes${shared}`;
  return streamedDataset({
    inputs: {
      ...(shuffle === "rows" ? readAlone(inputs) : readInPieces(inputs, memory, ranks)),
      ...(ranks.size > 1 && { ranks }),
      nameOf: (row) => rowIn(shards, row),
      checksum: `crc32c:${sum} of what ${shards.length} files state, ${how}`,
    },
    targets: classes === undefined ? asColumns(targets) : asLabels(targets, source),
    ...(first.inputNames && { inputNames: first.inputNames }),
    ...(first.targetNames && classes === undefined && { targetNames: first.targetNames }),
    ...(classes && { classes }),
    dtype,
    source,
  });
}

const ranksCheck: Check = (value) => {
  const { size, batchSize } = value as NonNullable<ShardOptions["ranks"]>;
  return checks.count(size) === undefined && checks.count(batchSize) === undefined && batchSize >= size
    ? undefined
    : "{ size, batchSize }, the second at least the first";
};

/** Opens a file by the ending of its name. */
async function openShard(
  file: ByteFile,
  columns: ShardColumns,
  memory: number,
  signal: AbortSignal | undefined,
): Promise<Shard> {
  const path = file.name.replace(/[?#].*$/, "").toLowerCase();
  if (path.endsWith(".safetensors")) return openSafetensors(file, columns, signal);
  if (path.endsWith(".parquet")) return openParquetShard(file, columns, memory, signal);
  const cure = "images are read by streamImages; write other files as one of these";
  return fail(file.name, `ends neither in .safetensors nor in .parquet; ${cure}.`, "unsupported");
}

/** Targets of all shards. @throws on a shard that is not like the first */
function joined(opened: readonly (readonly [Shard, HostArray])[]): HostArray {
  const [[first, firstTargets]] = opened as [readonly [Shard, HostArray]];
  const rows = opened.reduce((sum, [shard]) => sum + shard.rows, 0);
  if (rows >= 2 ** 31) fail(first.name, `and the files with it hold ${rows} rows; 2^31 - 1 at most are numbered.`);
  const [, ...row] = firstTargets.shape;
  const all = zeros([rows, ...row], firstTargets.dtype);
  let at = 0;
  for (const [shard, targets] of opened) {
    const kinds = (own: Shard, of: HostArray): string =>
      `inputs ${describe({ dtype: own.dtype, shape: own.row })} and targets ${describe({ dtype: of.dtype, shape: of.shape.slice(1) })} a row`;
    const [found, expected] = [kinds(shard, targets), kinds(first, firstTargets)];
    if (found !== expected || (shard.groups === undefined) !== (first.groups === undefined)) {
      fail(shard.name, `holds ${found}; ${first.name} holds ${expected}. Give files of one kind.`, "mismatch");
    }
    all.data.set(targets.data, at);
    at += targets.data.length;
  }
  return all;
}

/** The targets of a shard. @throws on the first NaN or infinity, with its row and column */
function finite(targets: HostArray, { name, targetNames: names }: Shard): HostArray {
  if (allFinite(targets)) return targets;
  const { data, shape } = targets;
  const at = data.findIndex((value: number) => !Number.isFinite(value));
  const row = Math.floor((at * shape[0]!) / data.length);
  const column = names === undefined ? "" : ` in column ${JSON.stringify(names[at % names.length])}`;
  const cure = "Write the file anew without such rows, or with values in their place";
  return fail(name, `row ${row} holds ${data[at]}${column}. ${cure}.`, "invalid-data");
}

/** A row of all shards, as errors call it. */
function rowIn(shards: readonly Shard[], row: number): string {
  let first = 0;
  const shard = shards.find(({ rows }) => {
    first += rows;
    return row < first;
  })!;
  return `row ${row - first + shard.rows} of ${shard.name}`;
}

/** Numbers, `[rows, columns]` where there is one a row. */
const asColumns = ({ shape, dtype, data }: HostArray): HostArray => {
  const isNumber = (dtype === "f32" || dtype === "f64") && shape.length === 1;
  return { shape: isNumber ? [shape[0]!, 1] : shape, dtype, data };
};

/** Whole numbers, `[rows]` where there is one a row. */
function asLabels({ shape, data }: HostArray, source: string): HostArray {
  const labels = Int32Array.from(data);
  const odd = data.findIndex((value: number, i: number) => value !== labels[i]);
  if (odd >= 0) {
    fail(
      source,
      `target ${odd} is ${data[odd]}; classes are numbered from 0. Leave classes out for numbers.`,
      "invalid-data",
    );
  }
  return { shape: shape.length === 2 && shape[1] === 1 ? [shape[0]!] : shape, dtype: "i32", data: labels };
}

/** The shard, with floats in the dtype of models. */
function inDType(shard: Shard, dtype: "f32" | "f64"): Shard {
  if (shard.dtype !== "f32" && shard.dtype !== "f64") return shard;
  return {
    ...shard,
    dtype,
    readInputs: async (from, to, signal) => inPrecision(await shard.readInputs(from, to, signal), dtype, shard.name),
  };
}

/** Reads the first rows. @throws if they cannot be, or single precision can hardly tell them apart */
async function lookAt(
  shard: Shard,
  targets: HostArray,
  dtype: "f32" | "f64",
  signal: AbortSignal | undefined,
): Promise<void> {
  const { rows, row, name, inputNames } = shard;
  const count = Math.min(rows, lookedAt, Math.max(1, Math.floor(lookedAtBytes / (8 * sizeOf(row)))));
  const inputs = await shard.readInputs(0, count, signal);
  const ahead = takeRows(
    targets,
    Int32Array.from({ length: count }, (_, i) => i),
  );
  if (dtype === "f32")
    checkResolution(dataset({ inputs, targets: ahead, source: name, ...(inputNames && { inputNames }) }));
}
