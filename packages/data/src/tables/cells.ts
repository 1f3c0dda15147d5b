// Columns as text: what cells say, and which of them say the same.
import { checkArgument, checks, fail } from "@hooke/runtime";
import { type Column, columnCheck, type Table, tableCheck } from "./table.ts";

/**
 * What the cells of a column say, `""` where they are missing: numbers as the file spells them, so that "007" is not "7".
 *
 * @throws if the column holds more spellings than are kept beside its numbers
 */
export function cellsOf(table: Table, column: Column): readonly string[] {
  checkArgument("cellsOf", "the table", table, tableCheck);
  checkArgument("cellsOf", "the column", column, columnCheck);
  if (column.respelled === true) {
    fail(
      table.source,
      `column "${column.name}" holds more different cells than are kept beside its numbers, written in ways that numbers do not ` +
        `tell apart; read it with types: { "${column.name}": "text" }.`,
      "invalid-data",
    );
  }
  if (column.type === "text") return column.values;
  const { spelling, values } = column;
  if (spelling === undefined) return Array.from(values, (value) => (Number.isNaN(value) ? "" : String(value)));
  return Array.from(spelling.codes, (code) => (code < 0 ? "" : spelling.texts[code]!));
}

/** The distinct cells in order: of numbers that of their values, then that of their texts. */
export function categoriesOf(column: Column, cells: readonly string[]): string[] {
  checkArgument("categoriesOf", "the column", column, columnCheck);
  checkArgument("categoriesOf", "the cells", cells, checks.list);
  if (column.type === "text") return [...new Set(cells)].sort();
  const values = new Map(cells.map((cell, row) => [cell, column.values[row]!]));
  return [...values].sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1)).map(([cell]) => cell);
}
