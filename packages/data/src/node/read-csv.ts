// CSV files from disk, read in pieces.
import { open } from "node:fs/promises";
import { basename } from "node:path";
import { checkArgument, fail } from "@hooke/runtime";
import { type CsvStreamOptions, parseCsvStream } from "../tables/csv/index.ts";
import type { Table } from "../tables/table.ts";
import { pathCheck } from "./files.ts";

/** Bytes read at a time. */
const piece = 2 ** 18;

/**
 * Reads a table from a CSV file in UTF-8, a piece at a time. See `parseCsv` for what is accepted.
 *
 * @param options `source` defaults to the file's name
 * @throws if the file cannot be read, and as `parseCsv` does; the signal's reason if it is aborted
 */
export async function readCsv(path: string | URL, options: CsvStreamOptions = {}): Promise<Table> {
  checkArgument("readCsv", "the path", path, (value) => (value instanceof URL ? undefined : pathCheck(value)));
  const source = options.source ?? basename(path instanceof URL ? decodeURIComponent(path.pathname) : path);
  const file = await open(path).catch((error: NodeJS.ErrnoException) => failRead(path, error));
  try {
    const totalBytes = (await file.stat()).size;
    const { onProgress } = options;
    return await parseCsvStream(pieces(), {
      ...options,
      source,
      ...(onProgress && { onProgress: (progress) => onProgress({ ...progress, totalBytes }) }),
    });
  } finally {
    await file.close();
  }

  // The reader has copied a piece before it asks for the next.
  async function* pieces(): AsyncGenerator<Uint8Array> {
    const buffer = new Uint8Array(piece);
    for (;;) {
      const { bytesRead } = await file
        .read(buffer, 0, piece)
        .catch((error: NodeJS.ErrnoException) => failRead(path, error));
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  }
}

function failRead(path: string | URL, { code, message }: NodeJS.ErrnoException): never {
  return fail(
    "readCsv",
    code === "ENOENT"
      ? `there is no file "${path}"; check the path, which is relative to ${process.cwd()}.`
      : code === "EISDIR"
        ? `"${path}" is a folder; give the path of a file.`
        : message,
    "file-system",
  );
}
