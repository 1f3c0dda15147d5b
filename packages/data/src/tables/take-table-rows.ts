// Some rows of a table.
import { checkArgument, fail, nothingMore } from "@hooke/runtime";
import { rowNumbers } from "../datasets/dataset.ts";
import { type Column, type Table, tableCheck } from "./table.ts";

/**
 * The rows `rows` of a table, counted from 0, in that order; a row may come twice. Units, spellings and lines of the file stay with them.
 *
 * @throws on a row that the table does not have
 * @example
 * ```ts
 * import { numbersOf, tableOf, takeTableRows } from "@hooke/data";
 *
 * const table = tableOf({ load: [10, 20, 30] }, { units: { load: "N" } });
 * console.log(numbersOf(takeTableRows(table, [2, 0]), "load").join(" ")); // 30 10
 * ```
 */
export function takeTableRows(table: Table, rows: ArrayLike<number>, ...more: []): Table {
  nothingMore("takeTableRows", more);
  checkArgument("takeTableRows", "the table", table, tableCheck);
  checkArgument("takeTableRows", "the rows", rows, rowNumbers);
  const taken = Array.from(rows);
  const wrong = taken.find((row) => !(Number.isInteger(row) && row >= 0 && row < table.rowCount));
  if (wrong !== undefined) {
    const known = table.rowCount === 0 ? "it has none" : `rows run from 0 to ${table.rowCount - 1}`;
    fail("takeTableRows", `received row ${wrong} of ${table.source}; ${known}.`, "mismatch");
  }
  return {
    ...table,
    columns: table.columns.map((column) => cellsIn(column, taken)),
    rowCount: taken.length,
    lines: Int32Array.from(taken, (row) => table.lines[row]!),
  };
}

function cellsIn(column: Column, rows: readonly number[]): Column {
  if (column.type === "text") return { ...column, values: rows.map((row) => column.values[row]!) };
  const { values, spelling } = column;
  return {
    ...column,
    values: Float64Array.from(rows, (row) => values[row]!),
    ...(spelling && { spelling: { ...spelling, codes: Int32Array.from(rows, (row) => spelling.codes[row]!) } }),
  };
}
