// Tables: named columns of numbers or text, read from CSV. Every row remembers its line in the file, so that messages can name it.
import { fail, quoted, suggestion } from "@hooke/runtime";
import { type CsvRow, splitCsv } from "./csv.ts";

/** A column of numbers. A missing cell is `NaN`. */
export interface NumberColumn {
  readonly name: string;
  readonly type: "number";
  readonly values: Float64Array;
}

/** A column of text. A missing cell is `""`. */
export interface TextColumn {
  readonly name: string;
  readonly type: "text";
  readonly values: readonly string[];
}

export type Column = NumberColumn | TextColumn;

/** Columns of one length. */
export interface Table {
  /** Where the table came from: the speaker of error messages, e.g. a file name. */
  readonly source: string;
  readonly columns: readonly Column[];
  readonly rowCount: number;
  /** The 1-based line of the file each row begins on. */
  readonly lines: Int32Array;
}

export interface CsvOptions {
  /** Names the text in error messages. Default `"csv"`. */
  readonly source?: string;
  /** One character between cells. Default `","`. */
  readonly delimiter?: string;
  /** Fixes the type of columns. Default: a column is numeric where every cell that is not missing is a number. */
  readonly types?: Readonly<Record<string, "number" | "text">>;
  /** Texts, besides the empty cell, that mean "no value", e.g. `["NA", "n/a", "-"]`. Default none. */
  readonly missing?: readonly string[];
  /**
   * What a missing number does: `"keep"` stores `NaN` (which {@link tableDataset} refuses where the column is used),
   * `"dropRows"` leaves the row out, `"error"` throws. Default `"keep"`.
   */
  readonly onMissing?: "keep" | "dropRows" | "error";
}

const numberPattern = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const specialPattern = /^([+-]?)(?:(nan)|inf(?:inity)?)$/i;

/** The number a cell holds, `undefined` where it holds text. `NaN` and `Inf` in any case count as numbers. */
export function parseNumber(cell: string): number | undefined {
  const text = cell.trim();
  if (numberPattern.test(text)) return Number(text);
  const special = specialPattern.exec(text);
  if (special === null) return undefined;
  if (special[2] !== undefined) return Number.NaN;
  return special[1] === "-" ? -Infinity : Infinity;
}

/**
 * Reads a table from CSV text with a header row: quotes, any line ending, a byte order mark; blank lines are skipped.
 *
 * @throws naming the line and column: empty text, header only, a row with another number of cells, an unnamed or
 *   repeated column, text in a column declared numeric, an unknown column in `types`, a missing number with `onMissing: "error"`
 * @example
 * ```ts
 * import { parseCsv } from "@hooke/core";
 *
 * console.log(parseCsv("load_N,strain\n10,0.1\n20,0.2").rowCount); // 2
 * ```
 */
export function parseCsv(text: string, options: CsvOptions = {}): Table {
  const { source = "csv", delimiter = ",", types = {}, onMissing = "keep" } = options;
  const [header, ...body] = splitCsv(text, delimiter, source);
  if (header === undefined)
    fail(source, "the file is empty; it needs a header row with column names and rows of values.");
  const names = checkHeader(header, source);
  for (const name of Object.keys(types)) if (!names.includes(name)) failUnknownColumn(source, name, names);
  if (body.length === 0) fail(source, `the file has a header (${quoted(names)}) and no rows; add rows of values.`);
  for (const { line, cells } of body) {
    if (cells.length === names.length) continue;
    const hint = cells.length > names.length ? ` Quote a cell that contains "${delimiter}".` : "";
    fail(source, `line ${line} has ${cells.length} cells; the header has ${names.length} (${quoted(names)}).${hint}`);
  }
  const missing = new Set(["", ...(options.missing ?? [])].map((mark) => mark.trim()));
  const columns = names.map((name, index) =>
    readColumn(body, name, index, missing, Object.hasOwn(types, name) ? types[name] : undefined, source),
  );
  const lines = Int32Array.from(body, ({ line }) => line);
  const complete = completeRows(columns, body, missing, lines, source, onMissing);
  return complete.length === body.length
    ? { source, columns, rowCount: body.length, lines }
    : {
        source,
        columns: columns.map((column) => pickRows(column, complete)),
        rowCount: complete.length,
        lines: Int32Array.from(complete, (row) => lines[row]!),
      };
}

/** The column called `name`; an unknown name is an error that lists the columns and suggests the nearest. */
export function columnOf(table: Table, name: string): Column {
  const column = table.columns.find((candidate) => candidate.name === name);
  return column ?? failUnknownColumn(table.source, name, columnNames(table));
}

/** The names of the columns, in file order. */
export function columnNames(table: Table): string[] {
  return table.columns.map(({ name }) => name);
}

/**
 * The numbers of a numeric column.
 *
 * @throws on an unknown column, and on a text column, naming the line and the text of the first cell that is no number
 */
export function numbersOf(table: Table, name: string): Float64Array {
  const column = columnOf(table, name);
  if (column.type === "number") return column.values;
  const row = column.values.findIndex((cell) => cell !== "" && parseNumber(cell) === undefined);
  // A column declared as text may hold nothing but numbers.
  if (row < 0)
    fail(
      table.source,
      `column "${name}" was read as text and is used as numbers; read it with types: { "${name}": "number" }.`,
    );
  return failText(table.source, name, table.lines[row]!, column.values[row]!);
}

function checkHeader({ line, cells }: CsvRow, source: string): string[] {
  const names = cells.map((cell) => cell.trim());
  names.forEach((name, index) => {
    if (name === "") fail(source, `column ${index + 1} has no name in the header (line ${line}); give it one.`);
    const first = names.indexOf(name);
    if (first !== index) {
      fail(source, `columns ${first + 1} and ${index + 1} are both named "${name}" (line ${line}); rename one.`);
    }
  });
  return names;
}

function readColumn(
  rows: readonly CsvRow[],
  name: string,
  index: number,
  missing: ReadonlySet<string>,
  type: "number" | "text" | undefined,
  source: string,
): Column {
  const asText = (cell: string): string => (missing.has(cell.trim()) ? "" : cell);
  if (type !== "text") {
    const values = new Float64Array(rows.length);
    let numeric = true;
    for (let row = 0; row < rows.length && numeric; row++) {
      const cell = rows[row]!.cells[index]!;
      const value = missing.has(cell.trim()) ? Number.NaN : parseNumber(cell);
      if (value === undefined) {
        if (type === "number") failText(source, name, rows[row]!.line, cell);
        numeric = false;
      } else {
        values[row] = value;
      }
    }
    if (numeric) return { name, type: "number", values };
  }
  return { name, type: "text", values: rows.map(({ cells }) => asText(cells[index]!)) };
}

function completeRows(
  columns: readonly Column[],
  rows: readonly CsvRow[],
  missing: ReadonlySet<string>,
  lines: Int32Array,
  source: string,
  policy: "keep" | "dropRows" | "error",
): number[] {
  const all = rows.map((_, row) => row);
  if (policy === "keep") return all;
  const kept = all.filter((row) => {
    const column = columns.findIndex((c, index) => c.type === "number" && missing.has(rows[row]!.cells[index]!.trim()));
    if (column >= 0 && policy === "error") {
      fail(
        source,
        `line ${lines[row]} has no value in column "${columns[column]!.name}"; fill it in or pass onMissing: "dropRows".`,
      );
    }
    return column < 0;
  });
  if (kept.length === 0)
    fail(source, `every one of the ${rows.length} rows lacks a number, so onMissing: "dropRows" leaves none.`);
  return kept;
}

function pickRows(column: Column, rows: readonly number[]): Column {
  return column.type === "number"
    ? { ...column, values: Float64Array.from(rows, (row) => column.values[row]!) }
    : { ...column, values: rows.map((row) => column.values[row]!) };
}

function failUnknownColumn(source: string, name: string, names: readonly string[]): never {
  return fail(source, `there is no column "${name}".${suggestion(name, names)} The columns are ${quoted(names)}.`);
}

function failText(source: string, name: string, line: number, cell: string): never {
  return fail(
    source,
    `column "${name}" is used as numbers and holds the text "${cell}" on line ${line}; ` +
      `correct the cell, list it as missing: ["${cell.trim()}"], or one-hot encode the column with oneHot: ["${name}"].`,
  );
}
