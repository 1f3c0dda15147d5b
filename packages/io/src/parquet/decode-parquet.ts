// Parquet files as tables.

import type { Table } from "@hooke/data";
import { type SelectedNames, selectedNamesCheck, selectNames } from "@hooke/data/safetensors";
import { checkOptions, checks, fail, HookeError } from "@hooke/runtime";
import type { Compressors, FileMetaData, RowGroup, SchemaElement } from "hyparquet";
import { missing } from "../optional.ts";
import { callbackCheck, checkBytes, type SourceOptions, textCheck } from "../source.ts";
import { type ColumnPlan, createColumnReader, planColumn } from "./columns.ts";
import { createPageGuard } from "./pages/guard.ts";
import type { ColumnChunk } from "./pages/headers.ts";
import { parsers } from "./parsers.ts";

/** Options of {@link decodeParquet}. */
export interface DecodeParquetOptions extends SourceOptions {
  /** The columns to read. Default: all. */
  readonly columns?: SelectedNames;
  /** The rows to read, from 0. Default: all. */
  readonly rows?: readonly [start: number, stop: number];
  /** Bytes that the columns together may take, as the file states them and as a table. Default 2 GiB. */
  readonly limit?: number;
  /** Ends the reading. */
  readonly signal?: AbortSignal;
  /** Called after every column of every group of rows. */
  readonly onProgress?: (progress: { readonly rows: number; readonly totalRows: number }) => void;
}

/**
 * Reads a Parquet file as a table, as `parseCsv` returns one. Needs the package `hyparquet`, and `hyparquet-compressors` where the file is
 * compressed otherwise than by Snappy.
 *
 * | stored                                 | becomes                                                                   |
 * | -------------------------------------- | ------------------------------------------------------------------------- |
 * | whole numbers, floats, bools           | numbers; whole numbers beyond 2^53 are refused; true is 1                 |
 * | decimals to 15 digits                  | numbers                                                                   |
 * | times of the day                       | numbers with the unit `ms`, `us` or `ns`                                  |
 * | text, enumerations, JSON, UUID         | text                                                                      |
 * | dates, instants                        | text in ISO 8601, with every digit                                        |
 * | null                                   | `NaN` among numbers, `""` among text                                      |
 *
 * @throws on damaged files (`"corrupt-file"`); on nested columns, bytes and other types (`"unsupported"`), naming the column; on columns that
 *   are not there (`"mismatch"`); where a library is not installed (`"unavailable"`); the signal's reason if it is aborted
 * @example
 * ```ts no-run
 * import { decodeFile } from "@hooke/io/node";
 * import { decodeParquet } from "@hooke/io/parquet";
 *
 * const table = await decodeFile("tests.parquet", decodeParquet, { columns: ["strain", "stress"], rows: [0, 1000] });
 * ```
 */
export async function decodeParquet(bytes: Uint8Array, options: DecodeParquetOptions = {}): Promise<Table> {
  checkOptions<DecodeParquetOptions>("decodeParquet", options, {
    optional: {
      source: textCheck,
      columns: selectedNamesCheck,
      rows: (value) =>
        Array.isArray(value) &&
        value.length === 2 &&
        value.every((row) => Number.isSafeInteger(row) && row >= 0) &&
        value[0] <= value[1]
          ? undefined
          : "[start, stop], whole numbers from 0",
      limit: checks.count,
      signal: checks.signal,
      onProgress: callbackCheck,
    },
  });
  checkBytes("decodeParquet", bytes);
  const { source = "parquet", signal } = options;
  signal?.throwIfAborted();
  if (bytes.length < 12) fail(source, `is ${bytes.length} bytes long; a Parquet file has at least 12.`, "corrupt-file");
  try {
    return await read(bytes, source, options);
  } catch (cause) {
    if (cause instanceof HookeError || signal?.aborted) throw cause;
    throw new HookeError(
      `${source}: cannot be read as Parquet (${cause instanceof Error ? cause.message : String(cause)}): it is of another kind, or damaged.`,
      { code: "corrupt-file", cause },
    );
  }
}

async function read(bytes: Uint8Array, who: string, options: DecodeParquetOptions): Promise<Table> {
  const { limit = 2 ** 31, signal, onProgress } = options;
  const { parquetMetadataAsync, parquetScan, parquetSchema } = await import("hyparquet").catch(
    missing("decodeParquet", "hyparquet", "~1.33.0"),
  );
  const file = {
    byteLength: bytes.length,
    slice: (start: number, end = bytes.length): ArrayBuffer => new Uint8Array(bytes.subarray(start, end)).buffer,
  };
  const metadata = await parquetMetadataAsync(file, { parsers, geoparquet: false });
  const entries = parquetSchema(metadata).children.map((tree) => ({ name: tree.element.name, tree }));
  const plans = selectNames(who, "column", entries, options.columns).map(({ tree }) => planColumn(tree, who));
  // The library takes the first of a name.
  const elements = new Map(entries.toReversed().map(({ name, tree }) => [name, tree.element]));
  const groups = metadata.row_groups.map((group) => countOf(group.num_rows, who));
  const available = groups.reduce((sum, rows) => sum + rows, 0);
  if (countOf(metadata.num_rows, who) !== available) {
    fail(who, `states ${metadata.num_rows} rows, and groups of ${available}: it is damaged.`, "corrupt-file");
  }
  const [start, stop] = options.rows ?? [0, available];
  if (stop > available)
    fail(who, `received rows [${start}, ${stop}] of ${available}; give rows that are there.`, "mismatch");
  checkSizes(metadata, plans, stop - start, limit, who);
  const guard = createPageGuard(await decompressorsFor(metadata, plans, who), who);
  const readers = plans.map((plan) => createColumnReader(plan, stop - start, who));
  const scan = await parquetScan({
    file: { ...file, slice: (from, to) => guard.handOut(bytes.subarray(from, to)) },
    metadata,
    parsers,
    compressors: guard.compressors,
    utf8: false,
    geoparquet: false,
    // An index would lead to pages that were not checked.
    useOffsetIndex: false,
  });
  let groupStart = 0;
  for (const [g, rows] of groups.entries()) {
    const rowStart = Math.max(start, groupStart);
    const rowEnd = Math.min(stop, groupStart + rows);
    groupStart += rows;
    if (rowStart >= rowEnd) continue;
    for (const [i, { name }] of plans.entries()) {
      signal?.throwIfAborted();
      guard.expect(chunkOf(metadata.row_groups[g]!, elements.get(name)!, limit, who));
      readers[i]!.append(await scan.readColumn({ column: name, rowStart, rowEnd }));
      onProgress?.({
        rows: rowStart - start + ((rowEnd - rowStart) * (i + 1)) / plans.length,
        totalRows: stop - start,
      });
    }
  }
  return {
    source: who,
    columns: readers.map((reader) => reader.end()),
    rowCount: stop - start,
    lines: Int32Array.from({ length: stop - start }, (_, i) => start + i + 1),
  };
}

function countOf(rows: bigint, who: string): number {
  const count = Number(rows);
  return count >= 0 && count < 2 ** 31 ? count : fail(who, `states ${rows} rows: it is damaged.`, "corrupt-file");
}

/** The chunks of the columns that are read. */
function chunksOf(metadata: FileMetaData, plans: readonly ColumnPlan[]) {
  const names = new Set(plans.map(({ name }) => name));
  return metadata.row_groups
    .flatMap(({ columns }) => columns.map(({ meta_data: chunk }) => chunk))
    .filter((chunk) => chunk !== undefined && names.has(chunk.path_in_schema[0]!))
    .map((chunk) => chunk!);
}

function checkSizes(
  metadata: FileMetaData,
  plans: readonly ColumnPlan[],
  rows: number,
  limit: number,
  who: string,
): void {
  const stated = chunksOf(metadata, plans).reduce(
    (sum, { total_uncompressed_size: size }) => sum + Math.max(0, Number(size)),
    0,
  );
  const bytes = Math.max(stated, 8 * rows * plans.length);
  if (bytes > limit) {
    fail(
      who,
      `its columns take ${bytes} bytes; the option limit allows ${limit}. Choose columns or rows, or raise it for files you trust.`,
      "unsupported",
    );
  }
}

/** What the pages of a column in a group are checked by. */
function chunkOf({ columns, num_rows }: RowGroup, element: SchemaElement, limit: number, who: string): ColumnChunk {
  const { name } = element;
  const [chunk, second] = columns.filter(({ meta_data: chunk }) => chunk?.path_in_schema[0] === name);
  const { type, codec } = chunk?.meta_data ?? {};
  if (type === undefined || type !== element.type || second !== undefined) {
    const what = type === undefined ? "is missing in a group of rows" : "is of two types, or twice in a group of rows";
    fail(who, `column ${JSON.stringify(name)} ${what}: the file is damaged.`, "corrupt-file");
  }
  return {
    name,
    type,
    typeLength: element.type_length ?? 0,
    isOptional: element.repetition_type !== "REQUIRED",
    isPacked: codec !== "UNCOMPRESSED",
    rows: Number(num_rows),
    limit,
  };
}

/** Decompressors for the codecs of the columns. */
async function decompressorsFor(
  metadata: FileMetaData,
  plans: readonly ColumnPlan[],
  who: string,
): Promise<Compressors> {
  const codecs = new Set(chunksOf(metadata, plans).map(({ codec }) => codec));
  codecs.delete("UNCOMPRESSED");
  if (codecs.size === 0) return {};
  const { snappyUncompress } = await import("hyparquet").catch(missing("decodeParquet", "hyparquet", "~1.33.0"));
  const snappy = (input: Uint8Array, length: number): Uint8Array => {
    const output = new Uint8Array(length);
    snappyUncompress(input, output);
    return output;
  };
  const others =
    codecs.size === 1 && codecs.has("SNAPPY")
      ? {}
      : (await import("hyparquet-compressors").catch(missing("decodeParquet", "hyparquet-compressors", "^1.1.2")))
          .compressors;
  const all: Compressors = { ...others, SNAPPY: snappy };
  return Object.fromEntries(
    [...codecs].map((codec) => {
      const decompress = all[codec];
      if (decompress === undefined)
        fail(who, `is compressed by ${codec}; write it with zstd or snappy.`, "unsupported");
      return [codec, decompress];
    }),
  );
}
