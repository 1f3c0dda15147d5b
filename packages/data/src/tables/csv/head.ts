// The first lines of a file: names and units of the columns, and what stands there that is neither.
import { fail, quoted, suggestion } from "@hooke/runtime";
import { checkDivision, failDelimiter } from "./division.ts";
import { parseNumber } from "./numbers.ts";
import type { CsvSettings } from "./options.ts";
import { type SplitRow, splitRow } from "./split-row.ts";

/** Columns as the first lines announce them. */
export interface Head {
  readonly names: readonly string[];
  readonly units: readonly (string | undefined)[];
  /** Unit behind the numbers of a column. */
  readonly suffixes: readonly (string | undefined)[];
  readonly types: readonly ("number" | "text" | undefined)[];
  /** Where the rows of values begin. */
  readonly next: number;
  readonly line: number;
}

/** A few names in a message. */
export function listed(names: readonly string[]): string {
  return names.length <= 12 ? quoted(names) : `${quoted(names.slice(0, 10))} and ${names.length - 10} more`;
}

const bytesOf = (text: string): readonly number[] => [...text].map((character) => character.charCodeAt(0));
const byteOrderMark = [0xef, 0xbb, 0xbf];

/**
 * Reads the first lines.
 *
 * @param ended whether the file ends at `limit`
 * @returns undefined where more bytes are needed
 */
export function readHead(bytes: Uint8Array, limit: number, ended: boolean, settings: CsvSettings): Head | undefined {
  const { source } = settings;
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    fail(source, 'the file is UTF-16 text; save it as "CSV UTF-8".', "invalid-data");
  }
  if (bytes.subarray(0, limit).includes(0)) {
    fail(source, 'the file holds bytes of 0: it is UTF-16 text, or no text; save it as "CSV UTF-8".', "invalid-data");
  }
  let from = byteOrderMark.every((byte, i) => bytes[i] === byte) ? 3 : 0;
  let line = 1;
  // Spreadsheets write and read the delimiter as a line of its own.
  if (bytesOf("sep=").every((byte, i) => bytes[from + i] === byte) && from + 5 < limit && bytes[from + 5]! < 32) {
    const named = bytes[from + 4]!;
    if (named !== settings.delimiter) failDelimiter(source, String.fromCharCode(named), "its first line says so, sep=");
    from += bytes[from + 5] === 13 && bytes[from + 6] === 10 ? 7 : 6;
    line = 2;
  }
  const rows: SplitRow[] = [];
  for (let at = from, now = line; rows.length < 6; ) {
    const row = splitRow(bytes, at, limit, now, settings);
    if (row === undefined) break;
    rows.push(row);
    at = row.next;
    now = row.nextLine;
  }
  if (!ended && rows.length < 6 && limit < 2 ** 22) return undefined;
  if (!ended && rows.length < 3) return undefined;
  checkDivision(bytes, from, limit, line, rows, settings);
  const { header } = settings;
  const named = header === true || header === "likely";
  const first = rows[0];
  if (first === undefined) {
    const opened = bytes.subarray(from, limit).indexOf(34);
    if (opened >= 0)
      failOpenQuote(source, line + bytes.subarray(from, from + opened).filter((byte) => byte === 10).length);
    fail(
      source,
      `the file is empty; it needs ${named ? "a header row with column names and " : ""}rows of values.`,
      "invalid-data",
    );
  }
  refuseComment(first, rows, settings);
  const names = named
    ? checkNames(header === "likely" ? refuseNumbers(first, settings) : first, rows, settings)
    : typeof header === "boolean"
      ? first.cells.map((_, column) => `column${column + 1}`)
      : checkList(header, first, settings);
  const unitsRow = settings.unitsRow ? rows[named ? 1 : 0] : undefined;
  if (unitsRow !== undefined) refuseValues(unitsRow, settings);
  const body = unitsRow ?? (named ? first : undefined);
  const [next, bodyLine] = body === undefined ? [from, line] : [body.next, body.nextLine];
  const columns = new Set(names);
  for (const name of [...settings.types.keys(), ...settings.units.keys()]) {
    if (!columns.has(name)) failUnknownColumn(source, name, names);
  }
  const suffixes = names.map((name) => settings.units.get(name));
  const units = unitsRow === undefined ? suffixes : names.map((_, column) => unitsRow.cells[column]);
  return { names, units, suffixes, types: names.map((name) => settings.types.get(name)), next, line: bodyLine };
}

export function failOpenQuote(source: string, line: number): never {
  return fail(
    source,
    `the quote opened on line ${line} is never closed; close it, or write a literal quote as "".`,
    "invalid-data",
  );
}

export function failUnknownColumn(source: string, name: string, names: readonly string[]): never {
  return fail(
    source,
    `there is no column "${name}".${suggestion(name, names)} The columns are ${listed(names)}.`,
    "mismatch",
  );
}

/** Takes a first line that begins as comments do, and has other cells than the lines below, for a comment. */
function refuseComment({ cells, line }: SplitRow, rows: readonly SplitRow[], settings: CsvSettings): void {
  const { header, comment, source } = settings;
  const mark = /^(?:[#%!;]|\/\/)/.exec(cells[0]!)?.[0];
  if (mark === undefined || header === true || comment.length > 0) return;
  const uneven = rows.some((row) => row.cells.length !== cells.length);
  if (cells.length > 1 && !uneven && rows[1]?.cells[0]?.startsWith(mark) !== true) return;
  const names = header === "likely" ? ", or header: true if it holds the names of the columns" : "";
  fail(
    source,
    `line ${line} begins with "${mark}"; pass comment: "${mark}" if it is a comment${names}.`,
    "invalid-data",
  );
}

/** Takes names that are numbers for a row of values. */
function refuseNumbers(first: SplitRow, settings: CsvSettings): SplitRow {
  const cells = first.cells.filter((cell) => cell !== "");
  const numbers = cells.filter((cell) => parseNumber(cell, settings) !== undefined);
  const fractional = numbers.filter((cell) => !/^\d+$/.test(cell));
  if (numbers.length === 0 || (fractional.length === 0 && 2 * numbers.length < cells.length)) return first;
  return fail(
    settings.source,
    `the first line (${first.line}) holds numbers, such as ${listed([numbers[0]!])}, where the names of the columns are expected; ` +
      'pass header: false, or the names as header: ["...", ...]. If these are names, pass header: true.',
    "invalid-data",
  );
}

/** Takes units that are numbers for a row of values; a 1 is the unit of what has none. */
function refuseValues({ cells, line }: SplitRow, settings: CsvSettings): void {
  const given = cells.filter((cell) => cell !== "");
  const numbers = given.filter((cell) => parseNumber(cell, settings) !== undefined);
  const values = numbers.filter((cell) => cell !== "1");
  if (numbers.length === 0 || (numbers.length < given.length && 2 * values.length < given.length)) return;
  fail(
    settings.source,
    `units: true takes line ${line} for units, and it holds numbers (${listed(numbers)}); leave out units, or put a line of units ` +
      "below the names.",
    "invalid-data",
  );
}

function checkNames({ line, cells }: SplitRow, rows: readonly SplitRow[], settings: CsvSettings): string[] {
  const { source, repairNames } = settings;
  // A delimiter at the end of every line makes no column.
  const trailing =
    cells.length > 1 && cells.at(-1) === "" && rows.slice(1).every((row) => (row.cells[cells.length - 1] ?? "") === "");
  const given = trailing ? cells.slice(0, -1) : cells;
  const written = new Set(given);
  const places = new Map<string, number>();
  const repeats = new Map<string, number>();
  const names: string[] = [];
  for (const [column, cell] of given.entries()) {
    let name = cell;
    if (name === "") {
      if (!repairNames) {
        fail(
          source,
          `column ${column + 1} has no name in the header (line ${line}); give it one, or pass repairNames: true to call it ` +
            `"column${column + 1}".`,
          "invalid-data",
        );
      }
      name = `column${column + 1}`;
    }
    const first = places.get(name);
    if (first !== undefined) {
      if (!repairNames) {
        fail(
          source,
          `columns ${first + 1} and ${column + 1} are both named "${name}" (line ${line}); rename one, or pass ` +
            `repairNames: true to call the second "${name}_2".`,
          "invalid-data",
        );
      }
      let number = repeats.get(name) ?? 2;
      while (places.has(`${name}_${number}`) || written.has(`${name}_${number}`)) number++;
      repeats.set(name, number + 1);
      name = `${name}_${number}`;
    }
    places.set(name, column);
    names.push(name);
  }
  return names;
}

function checkList(names: readonly string[], first: SplitRow, { source }: CsvSettings): readonly string[] {
  const places = new Map(names.map((name, i) => [name, i]));
  const repeated = names.find((name, i) => places.get(name) !== i);
  if (repeated !== undefined) fail(source, `header names "${repeated}" twice.`, "invalid-data");
  if (names.length !== first.cells.length) {
    fail(
      source,
      `header has ${names.length} names (${listed(names)}) and line ${first.line} has ${first.cells.length} cells.`,
      "invalid-data",
    );
  }
  return names;
}
