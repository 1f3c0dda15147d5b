// From a table to a dataset: which columns are inputs, which are targets, and text as one-hot columns.
import { array, checkArgument, checkOptions, fail, type HostArray, type OptionTable, quoted } from "@hooke/runtime";
import { namesCheck } from "../arguments.ts";
import { categoriesOf, cellsOf } from "../tables/cells.ts";
import {
  type Column,
  columnNames,
  columnOf,
  looksNumeric,
  refuseText,
  type Table,
  tableCheck,
} from "../tables/table.ts";
import { dataset } from "./dataset.ts";
import { precisionCheck } from "./precision.ts";
import type { Dataset, Precision } from "./samples.ts";

export interface TableDatasetOptions {
  /** The column or columns to predict; `[]` for data without targets. */
  readonly target: string | readonly string[];
  /**
   * Input columns. Default: the numeric and the one-hot columns that are not targets; text columns are then named in
   * `unusedColumns`, and one whose cells look like numbers in another notation is refused.
   */
  readonly inputs?: readonly string[];
  /** Columns that become one 0/1 column per category, named `column=category`. Default none. */
  readonly oneHot?: readonly string[];
  /** Fixes the categories of one-hot columns and their order, e.g. those of the training data. Default: those present, sorted. */
  readonly categories?: Readonly<Record<string, readonly string[]>>;
  /**
   * Makes the target, a single column, the labels of classes, `i32[rows]`: `true` of those that are there, sorted; a list fixes
   * them and their order, e.g. `model.preprocessing.classes` for new data. Default `true` for a column of text, unless its cells look
   * like numbers in another notation, else `false`.
   */
  readonly classes?: boolean | readonly string[];
  /** What models compute in; columns stay f64 until they are preprocessed. Default `"f32"`. */
  readonly dtype?: Precision;
}

const isNames = (value: unknown): boolean => namesCheck(value) === undefined;
const tableDatasetTable: OptionTable<TableDatasetOptions> = {
  required: {
    target: (value) =>
      typeof value === "string" || isNames(value)
        ? undefined
        : 'the column to predict, such as "strength", or a list of them',
  },
  optional: {
    inputs: namesCheck,
    oneHot: namesCheck,
    categories: (value) =>
      typeof value === "object" && value !== null && Object.values(value).every(isNames)
        ? undefined
        : "a list of categories for each column, such as the .categories of the training data",
    classes: (value) => (typeof value === "boolean" || isNames(value) ? undefined : "true, false or a list of classes"),
    dtype: precisionCheck,
  },
};

/**
 * A dataset of a table's columns: inputs `f64[rows, inputs]`, targets `f64[rows, targets]`, or `i32[rows]` where they are classes.
 *
 * @throws naming line and column: an unknown column (with the nearest name), text used as number, NaN or infinity,
 *   a category that is not among `categories`, a column used as input and target, a text column that seems to hold numbers
 * @example
 * ```ts
 * import { parseCsv, tableDataset } from "@hooke/data";
 *
 * const table = parseCsv("cement,age,strength\n540,28,79.99\n332,90,40.27");
 * console.log(tableDataset(table, { target: "strength" }).inputNames); // [ 'cement', 'age' ]
 * ```
 */
export function tableDataset(table: Table, options: TableDatasetOptions): Dataset {
  checkArgument("tableDataset", "the table", table, tableCheck);
  checkOptions<TableDatasetOptions>("tableDataset", options, tableDatasetTable);
  const { oneHot = [], dtype = "f32" } = options;
  const targets = typeof options.target === "string" ? [options.target] : options.target;
  const byName = new Map(table.columns.map((column) => [column.name, column]));
  const columnAt = (name: string): Column => byName.get(name) ?? columnOf(table, name);
  for (const name of [...targets, ...oneHot]) columnAt(name);
  const [targeted, encoded] = [new Set(targets), new Set(oneHot)];
  const inputs = options.inputs ?? defaultInputs(table, targeted, encoded);
  const shared = inputs.find((name) => targeted.has(name));
  if (shared !== undefined) fail(table.source, `column "${shared}" is an input and a target; take it out of one.`);
  if (options.inputs?.length === 0) {
    const cure = "name at least one column, or leave inputs out to take all that are numbers or one-hot";
    fail("tableDataset", `received no inputs; ${cure}.`);
  }
  if (inputs.length === 0) {
    fail(
      table.source,
      `no input column is left beside the target ${quoted(targets)}; the columns are ${quoted(columnNames(table))}.${leftOut(table, targeted)}`,
      "invalid-data",
    );
  }
  const { categories: given = {} } = options;
  const categories = new Map<string, readonly string[]>();
  const encode = (names: readonly string[]): EncodedColumn[] =>
    names.flatMap((name) => {
      const column = columnAt(name);
      if (!encoded.has(name))
        return [{ name, values: column.type === "number" ? column.values : refuseText(table, column) }];
      const cells = cellsOf(table, column);
      const known = (Object.hasOwn(given, name) && given[name]) || categoriesOf(column, cells);
      categories.set(name, known);
      return encodeOneHot(column, cells, known, table);
    });
  const inputColumns = encode(inputs);
  const labels = labelsOf(table, targets.map(columnAt), encoded, options.classes);
  const targetColumns = labels === undefined ? encode(targets) : [];
  const used = new Set([...inputs, ...targets]);
  const left = options.inputs === undefined ? columnNames(table).filter((name) => !used.has(name)) : [];
  const rows = dataset({
    inputs: interleave(inputColumns, table.rowCount),
    targets: labels?.targets ?? interleave(targetColumns, table.rowCount),
    ...(labels && { classes: labels.classes }),
    inputNames: inputColumns.map(({ name }) => name),
    targetNames: labels === undefined ? targetColumns.map(({ name }) => name) : targets,
    categories: Object.fromEntries(categories),
    dtype,
    source: table.source,
    lines: table.lines,
  });
  return { ...rows, unusedColumns: left };
}

interface EncodedColumn {
  readonly name: string;
  readonly values: ArrayLike<number>;
}

function defaultInputs(table: Table, targets: ReadonlySet<string>, oneHot: ReadonlySet<string>): string[] {
  return table.columns.flatMap((column) => {
    const { name } = column;
    if (targets.has(name)) return [];
    if (column.type === "number" || oneHot.has(name)) return [name];
    // Text among numbers is a typing error in the file more often than a label: say so instead of dropping the column.
    if (looksNumeric(column) !== undefined) refuseText(table, column);
    return [];
  });
}

/** Says which columns are text, and what the first of them holds. */
function leftOut({ columns, lines }: Table, targets: ReadonlySet<string>): string {
  const left = columns.filter((column) => column.type === "text" && !targets.has(column.name));
  const row = left[0]?.values.findIndex((cell) => cell !== "") ?? -1;
  if (row < 0) return "";
  return (
    ` Left out as text: ${quoted(left.map(({ name }) => name))}, which begins with "${left[0]!.values[row]}" on line ` +
    `${lines[row]}; write numbers there, or name it in oneHot.`
  );
}

/** The target as labels, where it is classes. */
function labelsOf(
  table: Table,
  columns: readonly Column[],
  oneHot: ReadonlySet<string>,
  asked: TableDatasetOptions["classes"],
): { readonly targets: HostArray; readonly classes: readonly string[] } | undefined {
  const [column] = columns;
  if (asked === false || column === undefined) return undefined;
  if (columns.length > 1 || oneHot.has(column.name)) {
    if (asked === undefined) return undefined;
    fail(
      table.source,
      `classes are those of one target that is not oneHot; received ${quoted(columns.map((c) => c.name))}.`,
    );
  }
  if (asked === undefined && (column.type === "number" || looksNumeric(column) !== undefined)) return undefined;
  const cells = cellsOf(table, column);
  const classes = Array.isArray(asked) ? (asked as readonly string[]) : categoriesOf(column, cells);
  checkCategories(column, cells, classes, table, "class");
  const numbers = new Map(classes.map((name, label) => [name, label]));
  return { targets: array(Int32Array.from(cells, (cell) => numbers.get(cell)!)), classes };
}

function checkCategories(
  column: Column,
  cells: readonly string[],
  categories: readonly string[],
  table: Table,
  kind: "category" | "class",
): void {
  const known = new Set(categories);
  const row = cells.findIndex((cell) => !known.has(cell) || cell === "");
  if (row < 0) return;
  const what = cells[row] === "" ? "is missing" : `is "${cells[row]}"`;
  fail(
    table.source,
    `the ${kind} of column "${column.name}" on line ${table.lines[row]} ${what}; ` +
      `the ${kind === "class" ? "classes" : "categories"} are ${quoted(categories.filter((category) => category !== ""))}.`,
    "invalid-data",
  );
}

function encodeOneHot(
  column: Column,
  cells: readonly string[],
  categories: readonly string[],
  table: Table,
): EncodedColumn[] {
  checkCategories(column, cells, categories, table, "category");
  return categories.map((category) => ({
    name: `${column.name}=${category}`,
    values: Uint8Array.from(cells, (cell) => (cell === category ? 1 : 0)),
  }));
}

function interleave(columns: readonly EncodedColumn[], rowCount: number): HostArray {
  const data = new Float64Array(rowCount * columns.length);
  columns.forEach(({ values }, index) => {
    for (let row = 0, to = index; row < rowCount; row++, to += columns.length) data[to] = values[row]!;
  });
  return array(data, { shape: [rowCount, columns.length] });
}
