// Parquet files as tables.

import type { Table } from "@hooke/data";
import { type SelectedNames, selectedNamesCheck } from "@hooke/data/safetensors";
import { checkOptions, checks, fail } from "@hooke/runtime";
import { callbackCheck, checkBytes, type SourceOptions, textCheck } from "../source.ts";
import { openParquet } from "./open-parquet.ts";

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
  const { limit = 2 ** 31, columns, rows, onProgress } = options;
  const file = {
    name: source,
    size: bytes.length,
    read: async (begin: number, end: number) => bytes.subarray(begin, end),
  };
  const beyond = `the option limit allows ${limit}. Choose columns or rows, or raise it for files you trust.`;
  const parquet = await openParquet("decodeParquet", file, { columns, limit, beyond, signal });
  const [start, stop] = rows ?? [0, parquet.rowCount];
  return parquet.read(start, stop, { signal, onProgress });
}
