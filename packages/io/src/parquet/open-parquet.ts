// A Parquet file, of which groups of rows are read when they are needed.

import type { Table } from "@hooke/data";
import { type SelectedNames, selectNames } from "@hooke/data/safetensors";
import { fail, HookeError } from "@hooke/runtime";
import type { Compressors, FileMetaData, RowGroup, SchemaElement } from "hyparquet";
import { type ByteFile, readBytes } from "../files/byte-file.ts";
import { missing } from "../optional.ts";
import { type ColumnPlan, createColumnReader, planColumn } from "./columns.ts";
import { createPageGuard } from "./pages/guard.ts";
import type { ColumnChunk } from "./pages/headers.ts";
import { parsers } from "./parsers.ts";

/** What ends a reading, and what hears of it. */
export interface ReadRowsOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called after every column of every group of rows. */
  readonly onProgress?: ((progress: { readonly rows: number; readonly totalRows: number }) => void) | undefined;
}

/** A Parquet file that is open. */
export interface ParquetFile {
  readonly rowCount: number;
  /** Rows in each of its groups: what is read and unpacked as a whole. */
  readonly groups: readonly number[];
  /** The columns that are read. */
  readonly columns: readonly ColumnPlan[];
  /** Rows from `start` to before `stop`. @throws on rows that are not there, on damage, and beyond the limit of bytes */
  read(start: number, stop: number, options?: ReadRowsOptions): Promise<Table>;
}

/** What of a file is read, and how much at once. */
export interface OpenParquetOptions {
  readonly columns: SelectedNames | undefined;
  /** Bytes that the columns of one reading may take, as the file states them and as a table. */
  readonly limit: number;
  /** What is said where they take more: which option allows how much, and the cure. */
  readonly beyond: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads what the file says of itself.
 *
 * @param reader the function that needs the libraries
 * @throws on columns that are not there, or that a table does not hold; on damage, which errors of the libraries are
 */
export function openParquet(reader: string, file: ByteFile, options: OpenParquetOptions): Promise<ParquetFile> {
  return asDamage(file.name, options.signal, () => open(reader, file, options));
}

/** What the libraries complain of is the file's fault. */
async function asDamage<T>(who: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof HookeError || signal?.aborted) throw cause;
    throw new HookeError(
      `${who}: cannot be read as Parquet (${cause instanceof Error ? cause.message : String(cause)}): it is of another kind, or damaged.`,
      { code: "corrupt-file", cause },
    );
  }
}

async function open(
  reader: string,
  file: ByteFile,
  { columns, limit, beyond, signal: opening }: OpenParquetOptions,
): Promise<ParquetFile> {
  const { name: who } = file;
  const { parquetMetadataAsync, parquetScan, parquetSchema } = await import("hyparquet").catch(
    missing(reader, "hyparquet", "~1.33.0"),
  );
  const slice = async (what: string, begin: number, end: number, signal?: AbortSignal): Promise<Uint8Array> =>
    readBytes(file, begin, end, what, signal);
  const buffer = {
    byteLength: file.size,
    slice: async (begin: number, end = file.size): Promise<ArrayBuffer> =>
      new Uint8Array(await slice("what it states of itself", begin, end, opening)).buffer,
  };
  const metadata = await parquetMetadataAsync(buffer, { parsers, geoparquet: false });
  const entries = parquetSchema(metadata).children.map((tree) => ({ name: tree.element.name, tree }));
  const plans = selectNames(who, "column", entries, columns).map(({ tree }) => planColumn(tree, who));
  // The library takes the first of a name.
  const elements = new Map(entries.toReversed().map(({ name, tree }) => [name, tree.element]));
  const groups = metadata.row_groups.map((group) => countOf(group.num_rows, who));
  const rowCount = groups.reduce((sum, rows) => sum + rows, 0);
  if (countOf(metadata.num_rows, who) !== rowCount) {
    fail(who, `states ${metadata.num_rows} rows, and groups of ${rowCount}: it is damaged.`, "corrupt-file");
  }
  const decompressors = await decompressorsFor(reader, metadata, plans, who);
  return {
    rowCount,
    groups,
    columns: plans,
    read: (start, stop, options = {}) => asDamage(who, options.signal, () => read(start, stop, options)),
  };

  async function read(start: number, stop: number, { signal, onProgress }: ReadRowsOptions): Promise<Table> {
    if (stop > rowCount)
      fail(who, `received rows [${start}, ${stop}] of ${rowCount}; give rows that are there.`, "mismatch");
    const parts = partsOf(groups, start, stop);
    checkSizes(
      parts.map(({ group }) => metadata.row_groups[group]!),
      plans,
      stop - start,
      limit,
      beyond,
      who,
    );
    const guard = createPageGuard(decompressors, who);
    const readers = plans.map((plan) => createColumnReader(plan, stop - start, who));
    const scan = await parquetScan({
      file: {
        ...buffer,
        slice: async (begin, end = file.size) =>
          guard.handOut(await slice(`rows ${start} to ${stop - 1}`, begin, end, signal)),
      },
      metadata,
      parsers,
      compressors: guard.compressors,
      utf8: false,
      geoparquet: false,
      // An index would lead to pages that were not checked.
      useOffsetIndex: false,
    });
    for (const { group, rowStart, rowEnd } of parts) {
      for (const [i, { name }] of plans.entries()) {
        signal?.throwIfAborted();
        guard.expect(chunkOf(metadata.row_groups[group]!, elements.get(name)!, limit, who));
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
}

/** The rows from `start` to before `stop`, group by group. */
function partsOf(groups: readonly number[], start: number, stop: number) {
  let groupStart = 0;
  return groups.flatMap((rows, group) => {
    const rowStart = Math.max(start, groupStart);
    groupStart += rows;
    const rowEnd = Math.min(stop, groupStart);
    return rowStart < rowEnd ? [{ group, rowStart, rowEnd }] : [];
  });
}

function countOf(rows: bigint, who: string): number {
  const count = Number(rows);
  return count >= 0 && count < 2 ** 31 ? count : fail(who, `states ${rows} rows: it is damaged.`, "corrupt-file");
}

/** The chunks of the columns that are read. */
function chunksOf(groups: readonly RowGroup[], plans: readonly ColumnPlan[]) {
  const names = new Set(plans.map(({ name }) => name));
  return groups
    .flatMap(({ columns }) => columns.map(({ meta_data: chunk }) => chunk))
    .filter((chunk) => chunk !== undefined && names.has(chunk.path_in_schema[0]!))
    .map((chunk) => chunk!);
}

function checkSizes(
  groups: readonly RowGroup[],
  plans: readonly ColumnPlan[],
  rows: number,
  limit: number,
  beyond: string,
  who: string,
): void {
  const stated = chunksOf(groups, plans).reduce(
    (sum, { total_uncompressed_size: size }) => sum + Math.max(0, Number(size)),
    0,
  );
  const bytes = Math.max(stated, 8 * rows * plans.length);
  if (bytes > limit) fail(who, `its columns take ${bytes} bytes; ${beyond}`, "unsupported");
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
  reader: string,
  metadata: FileMetaData,
  plans: readonly ColumnPlan[],
  who: string,
): Promise<Compressors> {
  const codecs = new Set(chunksOf(metadata.row_groups, plans).map(({ codec }) => codec));
  codecs.delete("UNCOMPRESSED");
  if (codecs.size === 0) return {};
  const { snappyUncompress } = await import("hyparquet").catch(missing(reader, "hyparquet", "~1.33.0"));
  const snappy = (input: Uint8Array, length: number): Uint8Array => {
    const output = new Uint8Array(length);
    snappyUncompress(input, output);
    return output;
  };
  const others =
    codecs.size === 1 && codecs.has("SNAPPY")
      ? {}
      : (await import("hyparquet-compressors").catch(missing(reader, "hyparquet-compressors", "^1.1.2"))).compressors;
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
