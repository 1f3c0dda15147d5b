// A cell that is no plain number: what it means, and where it goes.
import { fail } from "@hooke/runtime";
import { type Columns, kind } from "./columns.ts";
import { decodeCell } from "./dictionary.ts";
import type { Head } from "./head.ts";
import { notationOf, parseNumber } from "./numbers.ts";
import { type CsvSettings, isMissing } from "./options.ts";

const [space, tab] = [32, 9] as const;

/** What cells are read into, and how. */
export interface TableState {
  readonly settings: CsvSettings;
  readonly head: Head;
  readonly columns: Columns;
}

/** A cell that is no plain number: missing, a number in another notation, or text. `end` -1 stands for the end of `bytes`. */
export function takeCell(
  { settings, head, columns }: TableState,
  bytes: Uint8Array,
  start: number,
  end: number,
  column: number,
  row: number,
  line: number,
): void {
  const where = (): string => `${settings.source}: line ${line}`;
  let [from, to] = [start, end < 0 ? bytes.length : end];
  while (from < to && (bytes[from] === space || bytes[from] === tab)) from++;
  while (to > from && (bytes[to - 1] === space || bytes[to - 1] === tab)) to--;
  if (columns.kinds[column] !== kind.text) {
    const text = decodeCell(bytes, from, to, where).trim();
    const read = parseNumber(text, settings, head.suffixes[column]);
    const value = isMissing(text, read, settings) ? Number.NaN : read;
    if (value !== undefined) {
      columns.numbers[column]![row] = value;
      if (Number.isNaN(value)) to = from;
      else if (columns.kinds[column] === kind.number) columns.spell(column, row);
      if (columns.kinds[column] === kind.spelled) columns.keep(column, row, bytes, from, to, where);
      return;
    }
    if (head.types[column] === "number") failText(settings.source, head.names[column]!, line, text);
    columns.becomeText(column, row);
  }
  columns.keep(column, row, bytes, from, to, where);
}

function failText(source: string, name: string, line: number, cell: string): never {
  const hint = notationOf(cell, name);
  const what = hint === undefined ? `the text "${cell}"` : `"${cell}", ${hint.what},`;
  const cure = hint?.cure ?? `correct the cell, or list it as missing: ["${cell}"]`;
  return fail(
    source,
    `column "${name}" is read as numbers, by types, and holds ${what} on line ${line}; ${cure}.`,
    "invalid-data",
  );
}
