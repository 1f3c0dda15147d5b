// Tables: named columns of numbers or text. Every row remembers its line in the file, so that messages can name it.
import { type Check, checkArgument, fail, nothingMore, suggestion } from "@hooke/runtime";
import { listed } from "./csv/head.ts";
import { decimalComma, type NotationHint, notationOf, parseNumber } from "./csv/numbers.ts";

/** A column of numbers. A missing cell is `NaN`. */
export interface NumberColumn {
  readonly name: string;
  readonly type: "number";
  readonly values: Float64Array;
  /** Of the values, where the file names it. */
  readonly unit?: string;
  /** What the cells say, where numbers would not tell: `texts[codes[row]]`, the code -1 for a missing cell. */
  readonly spelling?: { readonly codes: Int32Array; readonly texts: readonly string[] };
  /** Cells are written in other ways than numbers are printed, and there were too many of them to keep. */
  readonly respelled?: boolean;
}

/** A column of text, without blanks around it. A missing cell is `""`. */
export interface TextColumn {
  readonly name: string;
  readonly type: "text";
  readonly values: readonly string[];
  readonly unit?: string;
  /** Whether the option `types` says that it is text, whatever its cells look like. */
  readonly declared?: boolean;
  /** The first cells were numbers, and are printed here as numbers are, not as they were written. */
  readonly respelled?: boolean;
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

/** Expects a table. */
export const tableCheck: Check = (value) => {
  const { columns, rowCount } = (value ?? {}) as Partial<Table>;
  return Array.isArray(columns) && typeof rowCount === "number" ? undefined : "a table, such as parseCsv(text) makes";
};

/** Expects a column. */
export const columnCheck: Check = (value) =>
  ["number", "text"].includes((value as Partial<Column> | null)?.type as string)
    ? undefined
    : 'a column, such as columnOf(table, "strength")';

const nameCheck: Check = (value) => (typeof value === "string" ? undefined : 'a name, such as "strength"');

/** The column called `name`; an unknown name is an error that lists the columns and suggests the nearest. */
export function columnOf(table: Table, name: string, ...more: []): Column {
  nothingMore("columnOf", more);
  checkArgument("columnOf", "the table", table, tableCheck);
  checkArgument("columnOf", "the column", name, nameCheck);
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column !== undefined) return column;
  const names = columnNames(table);
  return fail(
    table.source,
    `there is no column "${name}".${suggestion(name, names)} The columns are ${listed(names)}.`,
    "mismatch",
  );
}

/** The names of the columns, in file order. */
export function columnNames(table: Table): string[] {
  checkArgument("columnNames", "the table", table, tableCheck);
  return table.columns.map(({ name }) => name);
}

/**
 * The numbers of a numeric column.
 *
 * @throws on an unknown column, and on a text column, naming the line and the text of the first cell that is no number
 */
export function numbersOf(table: Table, name: string, ...more: []): Float64Array {
  nothingMore("numbersOf", more);
  checkArgument("numbersOf", "the table", table, tableCheck);
  const column = columnOf(table, name);
  return column.type === "number" ? column.values : refuseText(table, column);
}

/** Says which cell of a column of text is no number, and how to read it. */
export function refuseText(table: Table, column: TextColumn): never {
  checkArgument("refuseText", "the table", table, tableCheck);
  checkArgument("refuseText", "the column", column, columnCheck);
  const { name, values } = column;
  let row = values.findIndex((cell) => cell !== "" && parseNumber(cell) === undefined);
  // One comma and three digits may be either; another cell may say which.
  if (/^[+-]?\d{1,3},\d{3}$/.test(values[row] ?? "")) {
    const other = values.findIndex((cell) => notationOf(cell, name) === decimalComma);
    if (other >= 0) row = other;
  }
  // With decimal: "," numbers that have a point are text.
  if (row < 0 && column.declared !== true) row = values.findIndex((cell) => cell.includes("."));
  // A column declared as text may hold nothing but numbers.
  if (row < 0) {
    fail(
      table.source,
      `column "${name}" was read as text and is used as numbers; read it with types: { "${name}": "number" }.`,
      "invalid-data",
    );
  }
  const cell = values[row]!;
  const hint = notationOf(cell, name);
  const units = row === 0 && values.every((other, i) => i === 0 || other === "" || parseNumber(other) !== undefined);
  const what = hint === undefined ? `the text "${cell}"` : `"${cell}", ${hint.what},`;
  const cure =
    hint !== undefined
      ? hint.cure
      : units && values.length > 1
        ? `pass units: true if that line holds units, correct the cell, or list it as missing: ["${cell}"]`
        : `correct the cell, or list it as missing: ["${cell}"]`;
  return fail(
    table.source,
    `column "${name}" is used as numbers and holds ${what} on line ${table.lines[row]}; ${cure}. ` +
      `If it is no number, one-hot encode the column with oneHot: ["${name}"], or say types: { "${name}": "text" }.`,
    "invalid-data",
  );
}

/** Why a column of text looks like one of numbers; undefined where it does not, or is declared as text. */
export function looksNumeric(column: TextColumn): NotationHint | "number" | undefined {
  checkArgument("looksNumeric", "the column", column, columnCheck);
  const { name, values, declared } = column;
  if (declared === true) return undefined;
  let [present, alike] = [0, 0];
  let found: NotationHint | undefined;
  const seen = new Map<string, boolean>();
  for (const cell of values) {
    if (cell === "") continue;
    present++;
    let hinted = seen.get(cell);
    if (hinted === undefined) {
      if (parseNumber(cell) !== undefined) return "number";
      const hint = notationOf(cell, name);
      found ??= hint;
      hinted = hint !== undefined;
      seen.set(cell, hinted);
    }
    if (hinted) alike++;
  }
  return 2 * alike >= present ? found : undefined;
}
