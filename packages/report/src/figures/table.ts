// Any table: columns with units, rows named by their first cell.
import { fail } from "@hooke/runtime";
import { list, records, text } from "../expected.ts";
import type { FigureKind, FigureText } from "../figure.ts";
import { type Cell, dataTable } from "../tables.ts";

/** A column's head. */
export interface TableColumn {
  readonly label: string;
  /** Shown behind the label. Default none. */
  readonly unit?: string;
}

/** A table. */
export interface TableFigure extends FigureText {
  readonly columns: readonly TableColumn[];
  /** A cell per column each; the first names the row. Numbers have four significant digits; `null` and NaN are a dash. */
  readonly rows: readonly (readonly Cell[])[];
}

const isCell = (value: unknown): boolean => value === null || typeof value === "number" || typeof value === "string";
const cells = list("cells", (value) => (isCell(value) ? undefined : "a text, a number or null"));

export const table: FigureKind<TableFigure> = {
  options: {
    required: {
      columns: records({ label: text, unit: (value) => (value === undefined ? undefined : text(value)) }),
      rows: list("lists of texts, numbers and nulls", cells),
    },
  },
  wide: true,
  render({ title, columns, rows }, who) {
    const wrong = rows.findIndex((row) => row.length !== columns.length);
    if (wrong >= 0) {
      fail(
        who,
        `row ${wrong} has ${rows[wrong]!.length} cells for ${columns.length} columns; they must match.`,
        "mismatch",
      );
    }
    const head = columns.map(({ label, unit }) => (unit === undefined ? label : `${label} (${unit})`));
    return {
      alternative: `A table of ${rows.length} rows: ${head.join(", ")}.`,
      body: dataTable(title, head, rows),
    };
  },
};
