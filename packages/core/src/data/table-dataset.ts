// From a table to a dataset: which columns are inputs, which are targets, and text as one-hot columns.
import { array, fail, type HostArray, quoted } from "@hooke/runtime";
import { type Dataset, dataset } from "./dataset.ts";
import { type Column, columnNames, columnOf, numbersOf, parseNumber, type Table } from "./table.ts";

export interface TableDatasetOptions {
  /** The column or columns to predict; `[]` for data without targets. */
  readonly target: string | readonly string[];
  /** Input columns. Default: the numeric and the one-hot columns that are not targets. */
  readonly inputs?: readonly string[];
  /** Columns that become one 0/1 column per category, named `column=category`. Default none. */
  readonly oneHot?: readonly string[];
  /** Fixes the categories of one-hot columns and their order, e.g. those of the training data. Default: those present, sorted. */
  readonly categories?: Readonly<Record<string, readonly string[]>>;
  /** Default `"f32"`. */
  readonly dtype?: "f32" | "f64";
}

/**
 * A dataset of a table's columns: inputs `[rows, inputs]`, targets `[rows, targets]`.
 *
 * @throws naming line and column: an unknown column (with the nearest name), text used as number, NaN or infinity,
 *   a category that is not among `categories`, a column used as input and target
 * @example
 * ```ts
 * import { parseCsv, tableDataset } from "@hooke/core";
 *
 * const table = parseCsv("cement,age,strength\n540,28,79.99\n332,90,40.27");
 * console.log(tableDataset(table, { target: "strength" }).inputNames); // [ 'cement', 'age' ]
 * ```
 */
export function tableDataset(table: Table, options: TableDatasetOptions): Dataset {
  const { oneHot = [], dtype = "f32" } = options;
  const targets = typeof options.target === "string" ? [options.target] : options.target;
  for (const name of [...targets, ...oneHot]) columnOf(table, name);
  const inputs = options.inputs ?? defaultInputs(table, targets, oneHot);
  const shared = inputs.find((name) => targets.includes(name));
  if (shared !== undefined) fail(table.source, `column "${shared}" is an input and a target; take it out of one.`);
  if (inputs.length === 0) {
    fail(
      table.source,
      `no input column is left beside the target ${quoted(targets)}; the columns are ${quoted(columnNames(table))}.`,
    );
  }
  const { categories: given = {} } = options;
  const categories = new Map<string, readonly string[]>();
  const encode = (names: readonly string[]): EncodedColumn[] =>
    names.flatMap((name) => {
      if (!oneHot.includes(name)) return [{ name, values: numbersOf(table, name) }];
      const column = columnOf(table, name);
      const known = (Object.hasOwn(given, name) && given[name]) || categoriesOf(column);
      categories.set(name, known);
      return encodeOneHot(column, known, table);
    });
  const inputColumns = encode(inputs);
  const targetColumns = encode(targets);
  return dataset({
    inputs: interleave(inputColumns, table.rowCount, dtype),
    targets: interleave(targetColumns, table.rowCount, dtype),
    inputNames: inputColumns.map(({ name }) => name),
    targetNames: targetColumns.map(({ name }) => name),
    categories: Object.fromEntries(categories),
    source: table.source,
    lines: table.lines,
  });
}

interface EncodedColumn {
  readonly name: string;
  readonly values: ArrayLike<number>;
}

function defaultInputs(table: Table, targets: readonly string[], oneHot: readonly string[]): string[] {
  return table.columns.flatMap((column) => {
    const { name } = column;
    if (targets.includes(name)) return [];
    if (column.type === "number" || oneHot.includes(name)) return [name];
    // Text among numbers is a typing error in the file more often than a label: say so instead of dropping the column.
    if (column.values.some((cell) => parseNumber(cell) !== undefined)) numbersOf(table, name);
    return [];
  });
}

const cellsOf = (column: Column): readonly string[] =>
  column.type === "text" ? column.values : Array.from(column.values, String);

function categoriesOf(column: Column): string[] {
  if (column.type === "number") return [...new Set(column.values)].sort((a, b) => a - b).map(String);
  return [...new Set(column.values)].sort();
}

function encodeOneHot(column: Column, categories: readonly string[], table: Table): EncodedColumn[] {
  const cells = cellsOf(column);
  const known = new Set(categories);
  const row = cells.findIndex((cell) => !known.has(cell) || cell === "" || cell === "NaN");
  if (row >= 0) {
    const what = cells[row] === "" || cells[row] === "NaN" ? "is missing" : `is "${cells[row]}"`;
    fail(
      table.source,
      `the category of column "${column.name}" on line ${table.lines[row]} ${what}; ` +
        `the categories are ${quoted(categories.filter((category) => category !== "" && category !== "NaN"))}.`,
    );
  }
  return categories.map((category) => ({
    name: `${column.name}=${category}`,
    values: Uint8Array.from(cells, (cell) => (cell === category ? 1 : 0)),
  }));
}

function interleave(columns: readonly EncodedColumn[], rowCount: number, dtype: "f32" | "f64"): HostArray {
  const size = rowCount * columns.length;
  const data = dtype === "f64" ? new Float64Array(size) : new Float32Array(size);
  columns.forEach(({ values }, index) => {
    for (let row = 0, to = index; row < rowCount; row++, to += columns.length) data[to] = values[row]!;
  });
  return array(data, { shape: [rowCount, columns.length] });
}
