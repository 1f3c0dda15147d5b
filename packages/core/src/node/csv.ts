// CSV files from disk.
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { fail } from "@hooke/runtime";
import { type CsvOptions, parseCsv, type Table } from "../data/table.ts";

/**
 * Reads a table from a CSV file in UTF-8. See `parseCsv` for what is accepted.
 *
 * @param options `source` defaults to the file's name
 * @throws if the file cannot be read or is not UTF-8, and as `parseCsv` does
 */
export async function readCsv(path: string | URL, options: CsvOptions = {}): Promise<Table> {
  const source = options.source ?? basename(path instanceof URL ? decodeURIComponent(path.pathname) : path);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    fail(
      "readCsv",
      missing
        ? `there is no file "${path}"; check the path, which is relative to ${process.cwd()}.`
        : (error as Error).message,
    );
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    fail(source, 'the file is not UTF-8 text; save it as "CSV UTF-8", or decode it yourself and call parseCsv.');
  }
  return parseCsv(text, { ...options, source });
}
