// Rows of a table take with them all that is said of them.
import { expect, it } from "vitest";
import { cellsOf } from "./cells.ts";
import { parseCsv } from "./csv/index.ts";
import { columnOf, numbersOf } from "./table.ts";
import { tableOf } from "./table-of.ts";
import { takeTableRows } from "./take-table-rows.ts";

const table = parseCsv("id,load,alloy\n-,N,-\n007,1,6061\n7,2,7075\n08,3,6061", {
  units: true,
  types: { alloy: "text" },
});

it("takes values, spellings, units, declarations and lines, in the order given", () => {
  const some = takeTableRows(table, Int32Array.of(2, 0, 0));
  expect([some.rowCount, ...some.lines]).toEqual([3, 5, 3, 3]);
  expect(cellsOf(some, columnOf(some, "id"))).toEqual(["08", "007", "007"]);
  expect([...numbersOf(some, "load")]).toEqual([3, 1, 1]);
  expect(columnOf(some, "load").unit).toBe("N");
  expect(columnOf(some, "alloy")).toMatchObject({ values: ["6061", "6061", "6061"], declared: true });
  expect(takeTableRows(table, []).rowCount).toBe(0);
});

it.each([
  [[3], "received row 3 of csv; rows run from 0 to 2."],
  [[0.5], "received row 0.5 of csv"],
  [undefined, "expected a list of row numbers"],
] as const)("refuses rows %j", (rows, message) => {
  expect(() => takeTableRows(table, rows as never)).toThrow(message);
});

it("refuses any row of a table without rows", () => {
  expect(() => takeTableRows(tableOf({ a: [] }), [0])).toThrow("received row 0 of table; it has none.");
});
