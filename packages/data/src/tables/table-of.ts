// Tables of arrays: what a program has already, without a file.
import { checkArgument, checkOptions, fail, show } from "@hooke/runtime";
import type { Column, Table } from "./table.ts";

/** Options of {@link tableOf}. */
export interface TableOfOptions {
  /** Units by column. Default none. */
  readonly units?: Readonly<Record<string, string>>;
  /** The speaker of error messages. Default `"table"`. */
  readonly source?: string;
}

/**
 * A table of columns by name: lists or typed arrays of numbers, `NaN` where one is missing, or lists of text, `""` where it is missing.
 *
 * @throws on columns of different lengths, on cells that are neither, and on units of columns that are not there
 * @example
 * ```ts
 * import { tableDataset, tableOf } from "@hooke/data";
 *
 * const table = tableOf({ load: [1, 2, 3], material: ["steel", "brass", "steel"], strain: [0.1, 0.4, 0.3] }, { units: { load: "N" } });
 * console.log(tableDataset(table, { target: "strain", oneHot: ["material"] }).inputNames.length); // 3
 * ```
 */
export function tableOf(
  columns: Readonly<Record<string, ArrayLike<number> | readonly string[]>>,
  options: TableOfOptions = {},
): Table {
  checkArgument("tableOf", "the columns", columns, (value) =>
    typeof value === "object" && value !== null && !Array.isArray(value) ? undefined : "a record of columns by name",
  );
  checkOptions<TableOfOptions>("tableOf", options, {
    optional: {
      units: (value) =>
        typeof value === "object" && value !== null && Object.values(value).every((unit) => typeof unit === "string")
          ? undefined
          : "a record of texts by column",
      source: (value) => (typeof value === "string" ? undefined : "a text"),
    },
  });
  const { units = {}, source = "table" } = options;
  const names = Object.keys(columns);
  const stray = Object.keys(units).find((name) => !Object.hasOwn(columns, name));
  if (stray !== undefined) fail("tableOf", `received a unit of "${stray}", which is no column.`, "mismatch");
  const rowCount = names.length === 0 ? 0 : columns[names[0]!]!.length;
  return {
    source,
    rowCount,
    lines: Int32Array.from({ length: rowCount }, (_, row) => row + 1),
    columns: names.map((name) => {
      const column = columnFrom(name, columns[name]!);
      if (column.values.length !== rowCount) {
        fail(
          "tableOf",
          `"${name}" has ${column.values.length} cells, "${names[0]}" has ${rowCount}; columns have one cell a row.`,
          "mismatch",
        );
      }
      return Object.hasOwn(units, name) ? { ...column, unit: units[name]! } : column;
    }),
  };
}

function columnFrom(name: string, cells: ArrayLike<unknown>): Column {
  const list = Array.from(cells ?? []);
  const isText = list.some((cell) => typeof cell === "string");
  const kind = isText ? "string" : "number";
  const row = list.findIndex((cell) => typeof cell !== kind);
  if (row >= 0) {
    fail(
      "tableOf",
      `"${name}" holds ${show(list[row])} in row ${row + 1}; a column holds numbers, NaN where one is missing, or text, "" where it is.`,
      "invalid-data",
    );
  }
  return isText
    ? { name, type: "text", values: list as string[], declared: true }
    : { name, type: "number", values: Float64Array.from(list as number[]) };
}
