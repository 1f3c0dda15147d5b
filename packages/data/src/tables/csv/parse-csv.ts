// Tables from CSV: text or bytes at once, or a stream of bytes with progress.
import { fail, show } from "@hooke/runtime";
import type { Table } from "../table.ts";
import { type CsvOptions, csvSettings } from "./options.ts";
import { createTableReader } from "./reader.ts";

/** Bytes are handed on in pieces of this size. */
const piece = 2 ** 18;

/**
 * Reads a table from CSV (RFC 4180): quotes, any line ending, a byte order mark; blank lines are skipped, and blanks around cells.
 * A number is the double nearest to its decimal digits.
 *
 * A cell that is no number makes its column one of text. Nothing is left out for that: `tableDataset` refuses columns whose
 * cells look like numbers in another notation, and names text columns that are not used.
 *
 * @param csv text, or bytes in UTF-8
 * @throws naming the line and column: empty text, header only, a row with another number of cells, an unnamed or repeated column,
 *   a first line of numbers, another delimiter than the given one, a quote that is never closed, text in a column declared
 *   numeric, an unknown column in `types` or `units`, a missing number with `onMissing: "error"`
 * @example
 * ```ts
 * import { parseCsv } from "@hooke/data";
 *
 * console.log(parseCsv("load_N,strain\n10,0.1\n20,0.2").rowCount); // 2
 * ```
 */
export function parseCsv(csv: string | Uint8Array, options: CsvOptions = {}): Table {
  const reader = createTableReader(csvSettings("parseCsv", options));
  if (typeof csv === "string") {
    if (/^[^\r\n]+\.(?:csv|tsv|txt|dat)$/i.test(csv)) {
      fail(
        "parseCsv",
        `received ${show(csv)}, the path of a file, for its text; readCsv of @hooke/data/node reads files.`,
      );
    }
    const encoder = new TextEncoder();
    const bytes = new Uint8Array(piece);
    for (let from = 0; from < csv.length; ) {
      const { read, written } = encoder.encodeInto(csv.slice(from, from + piece), bytes);
      reader.write(bytes.subarray(0, written));
      from += read;
    }
  } else if (csv instanceof Uint8Array) {
    for (let from = 0; from < csv.length; from += piece) reader.write(csv.subarray(from, from + piece));
  } else {
    fail("parseCsv", "received neither text nor bytes; parseCsvStream reads files and streams, readCsv a path.");
  }
  return reader.end();
}

/** How far a stream has been read. */
export interface CsvProgress {
  readonly bytes: number;
  /** Of the whole file, where it is known. */
  readonly totalBytes?: number;
  readonly rows: number;
}

/** Options of {@link parseCsvStream}. */
export interface CsvStreamOptions extends CsvOptions {
  /** Called now and then while the stream is read. */
  readonly onProgress?: (progress: CsvProgress) => void;
  /** Ends the reading. */
  readonly signal?: AbortSignal;
}

/** Bytes in order: a `File` or `Blob`, a stream such as the body of a response, or any iterable. */
export type ByteSource = Blob | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/**
 * Reads a table from a stream of bytes as {@link parseCsv} does; no more than a piece of the file is held beside the table.
 *
 * @param source a `File`, the body of a response, or any iterable of bytes in UTF-8
 * @throws as `parseCsv`; the signal's reason if it is aborted
 * @example
 * ```ts
 * import { parseCsvStream } from "@hooke/data";
 *
 * const file = new Blob(["load_N,strain\n10,0.1\n", "20,0.2\n"]);
 * const table = await parseCsvStream(file, { onProgress: ({ bytes, totalBytes }) => void (bytes / totalBytes!) });
 * console.log(table.rowCount); // 2
 * ```
 */
export async function parseCsvStream(source: ByteSource, options: CsvStreamOptions = {}): Promise<Table> {
  if (typeof options !== "object" || options === null) {
    fail("parseCsvStream", `received ${show(options)} as options; expected a record, such as { delimiter: ";" }.`);
  }
  const { onProgress, signal, ...rest } = options;
  if (onProgress !== undefined && typeof onProgress !== "function") {
    fail("parseCsvStream", `option "onProgress" is a ${typeof onProgress}; expected a function.`);
  }
  const iterable = Object(source) as Partial<AsyncIterable<unknown> & Iterable<unknown>>;
  if (!(source instanceof Blob) && !iterable[Symbol.asyncIterator] && !iterable[Symbol.iterator]) {
    fail("parseCsvStream", `received ${show(source)}; expected a File or Blob, a stream, or an iterable of bytes.`);
  }
  const reader = createTableReader(csvSettings("parseCsvStream", rest));
  const totalBytes = source instanceof Blob ? source.size : undefined;
  const pieces = source instanceof Blob ? source.stream() : source;
  let bytes = 0;
  for await (const part of pieces as AsyncIterable<Uint8Array>) {
    signal?.throwIfAborted();
    if (!(part instanceof Uint8Array))
      fail("parseCsvStream", "received a stream of other things than bytes (Uint8Array).");
    reader.write(part);
    bytes += part.length;
    onProgress?.({ bytes, ...(totalBytes !== undefined && { totalBytes }), rows: reader.rowCount });
  }
  return reader.end();
}
