// What a method learns from and predicts for: the columns of a table as numbers and categories, and one column as the target.

import {
  type Column,
  categoriesOf,
  cellsOf,
  columnNames,
  columnOf,
  looksNumeric,
  type RowNames,
  refuseText,
  type Table,
} from "@hooke/data";
import { fail, quoted } from "@hooke/runtime";
import { type Form, forms } from "./form.ts";

/** An input of numbers. A missing one is `NaN`. */
export interface NumberInput {
  readonly name: string;
  readonly type: "number";
  readonly values: Float64Array;
  readonly unit?: string;
}

/** An input of categories. */
export interface CategoryInput {
  readonly name: string;
  readonly type: "category";
  /** Indices into `categories`; -1 where the cell is missing, or says what no row of the training said. */
  readonly values: Int32Array;
  readonly categories: readonly string[];
}

export type Input = NumberInput | CategoryInput;

/** An input of texts that a method reads, such as graphs: what new ones say need not have been seen. An empty one is missing. */
export interface TextInput {
  readonly name: string;
  readonly type: "text";
  readonly values: readonly string[];
}

/** Whether a cell is missing, or of no category that is known. */
export const isMissing = ({ type, values }: Input, row: number): boolean =>
  type === "number" ? Number.isNaN(values[row]!) : values[row]! < 0;

/** Columns of one length. */
export interface Inputs {
  readonly columns: readonly Input[];
  /** Texts, for methods that read such. Default none. */
  readonly texts?: readonly TextInput[];
  readonly rowCount: number;
}

/** A target of numbers, all finite. */
export interface NumberTarget {
  readonly name: string;
  readonly type: "number";
  readonly values: Float64Array;
  readonly unit?: string;
}

/** A target of classes: row `i` is of the class `classes[values[i]]`. */
export interface ClassTarget {
  readonly name: string;
  readonly type: "class";
  readonly values: Int32Array;
  readonly classes: readonly string[];
}

export type Target = NumberTarget | ClassTarget;

/** What a method learns from. */
export interface Samples extends Inputs {
  readonly target: Target;
  /** How much each row counts; 1 each where it is left out. Not below 0, some above. */
  readonly weights?: Float64Array;
  /** A name or number for each row, such as its specimen's: rows of one group are never on both sides of a fold. */
  readonly groups?: RowNames;
  /** Where the table came from: the speaker of errors about its cells. */
  readonly source: string;
}

/** What a model remembers of an input: what it needs to read it in another table. */
export type InputSchema = Omit<NumberInput, "values"> | Omit<CategoryInput, "values"> | Omit<TextInput, "values">;

/** Expects what a model remembers of its inputs. */
export const inputsForm = (): Form<readonly InputSchema[]> => {
  const { text, list, record, either, oneOf, optional } = forms;
  return list(
    either(
      record({ name: text, type: oneOf(["number"]), unit: optional(text) }),
      record({ name: text, type: oneOf(["text"]) }),
      record({ name: text, type: oneOf(["category"]), categories: list(text) }),
    ),
  ) as Form<readonly InputSchema[]>;
};

/** The inputs without their values. */
export const schemasOf = ({ columns, texts = [] }: Inputs): InputSchema[] =>
  [...columns, ...texts].map(({ values: _, ...schema }) => schema);

/** Which columns are what. */
export interface ColumnOptions {
  /** The input columns. Default: all but the target. */
  readonly inputs?: readonly string[];
  /** Columns of numbers whose values are names, such as the number of a supplier. Columns of text are categories without being named here. */
  readonly categories?: readonly string[];
  /** Inputs of text that the method reads, such as graphs, in place of telling them apart. Methods of numbers and categories refuse them. Default none. */
  readonly texts?: readonly string[];
  /**
   * The column whose cells name what rows belong to, such as a specimen or a heat: it is no input, and whatever a method holds back to judge
   * itself, it holds back whole groups of. Default: every row by itself.
   */
  readonly groups?: string;
  /** Makes the target classes. Default: it is where its column is text. */
  readonly classes?: boolean;
}

/**
 * The inputs and the target of a table.
 *
 * @throws on unknown columns, text that seems to hold numbers in another notation, a target with missing or infinite cells (with the line),
 *   infinite inputs, numbers too large or too close together to be squared
 */
export function samplesOf(table: Table, target: string, options: ColumnOptions): Omit<Samples, "weights"> {
  const { categories = [], texts = [], groups } = options;
  const { inputs = columnNames(table).filter((name) => name !== target && name !== groups) } = options;
  const column = columnOf(table, target);
  if (inputs.includes(target)) fail(table.source, `column "${target}" is an input and the target; take it out of one.`);
  if (inputs.length === 0) {
    fail(
      table.source,
      `no input column is left beside the target "${target}"; the columns are ${quoted(columnNames(table))}.`,
      "invalid-data",
    );
  }
  if (table.rowCount === 0) fail(table.source, "has no rows; a method learns from one at least.", "invalid-data");
  const named = new Set(categories);
  for (const name of named) {
    if (!inputs.includes(name)) fail(table.source, `the category "${name}" is not an input.`, "mismatch");
  }
  for (const name of texts) {
    if (!inputs.includes(name)) fail(table.source, `the text "${name}" is not an input.`, "mismatch");
  }
  const isClasses = options.classes ?? (column.type === "text" && looksNumeric(column) === undefined);
  return {
    columns: inputs
      .filter((name) => !texts.includes(name))
      .map((name) => inputOf(table, columnOf(table, name), named.has(name))),
    ...(texts.length > 0 && { texts: texts.map((name) => textIn(table, name)) }),
    rowCount: table.rowCount,
    target: isClasses ? classesIn(table, column) : numbersIn(table, column),
    ...(groups !== undefined && { groups: groupsIn(table, columnOf(table, groups)) }),
    source: table.source,
  };
}

/** Cells of inputs that say what the training did not, and so count as missing. */
export interface Unseen {
  readonly column: string;
  readonly category: string;
  readonly rows: number;
}

/**
 * The inputs that a model was trained on, out of another table: by name, in any order, categories by the model's numbers.
 *
 * @throws on a column that is missing (with the nearest name), or text where the model takes numbers
 */
export function inputsOf(table: Table, schemas: readonly InputSchema[]): Inputs & { readonly unseen: Unseen[] } {
  const unseen: Unseen[] = [];
  const texts = schemas.filter(({ type }) => type === "text").map(({ name }) => textIn(table, name));
  const columns = schemas.flatMap((schema): Input[] => {
    if (schema.type === "text") return [];
    const column = columnOf(table, schema.name);
    if (schema.type === "number") return [{ ...schema, values: finiteNumbers(table, column) }];
    const numbers = new Map(schema.categories.map((category, number) => [category, number]));
    const cells = cellsOf(table, column);
    const counts = new Map<string, number>();
    for (const cell of cells) {
      if (cell !== "" && !numbers.has(cell)) counts.set(cell, (counts.get(cell) ?? 0) + 1);
    }
    for (const [category, rows] of counts) unseen.push({ column: schema.name, category, rows });
    return [{ ...schema, values: Int32Array.from(cells, (cell) => numbers.get(cell) ?? -1) }];
  });
  return { columns, ...(texts.length > 0 && { texts }), rowCount: table.rowCount, unseen };
}

/** Some rows of samples, in the order given; a row may come twice. */
export function takeSamples<S extends Inputs>(samples: S, rows: Int32Array): S {
  const { target, weights, groups } = samples as Partial<Samples>;
  const taken = (values: readonly string[]): string[] => Array.from(rows, (row) => values[row]!);
  return {
    ...samples,
    columns: samples.columns.map((column) => ({ ...column, values: gather(column.values, rows) })),
    ...(samples.texts && { texts: samples.texts.map((text) => ({ ...text, values: taken(text.values) })) }),
    ...(target && { target: { ...target, values: gather(target.values, rows) } }),
    ...(weights && { weights: gather(weights, rows) }),
    ...(groups && { groups: Array.from(rows, (row) => groups[row]!) as RowNames }),
    rowCount: rows.length,
  };
}

/** Samples without the rows that do not count. */
export function countedSamples(samples: Samples): Samples {
  const { weights, rowCount } = samples;
  if (weights === undefined || weights.every((weight) => weight > 0)) return samples;
  const rows = Int32Array.from({ length: rowCount }, (_, row) => row);
  return takeSamples(
    samples,
    rows.filter((row) => weights[row]! > 0),
  );
}

function gather<A extends Float64Array | Int32Array>(values: A, rows: Int32Array): A {
  const taken = new (values.constructor as new (length: number) => A)(rows.length);
  for (let i = 0; i < rows.length; i++) taken[i] = values[rows[i]!]!;
  return taken;
}

function inputOf(table: Table, column: Column, isCategory: boolean): Input {
  const { name, unit } = column;
  if (column.type === "text" && !isCategory && looksNumeric(column) !== undefined) refuseText(table, column);
  if (column.type === "number" && !isCategory) {
    return { name, type: "number", values: spreadNumbers(table, column), ...(unit !== undefined && { unit }) };
  }
  const cells = cellsOf(table, column);
  const categories = categoriesOf(column, cells).filter((cell) => cell !== "");
  const numbers = new Map(categories.map((category, number) => [category, number]));
  return { name, type: "category", values: Int32Array.from(cells, (cell) => numbers.get(cell) ?? -1), categories };
}

/** @throws where the column is one of numbers */
function textIn(table: Table, name: string): TextInput {
  const column = columnOf(table, name);
  if (column.type === "text") return { name, type: "text", values: column.values };
  return fail(table.source, `column "${name}" is of numbers; text is expected.`, "mismatch");
}

/** Squares of larger numbers, summed over rows, would be infinite, and those of smaller differences nothing. */
const [largest, smallest] = [1e150, 1e-150];

/** Numbers to learn from. @throws where they differ, and by so little that the differences have no squares */
function spreadNumbers(table: Table, column: Column): Float64Array {
  const values = finiteNumbers(table, column);
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (!(most > least) || most - least >= smallest) return values;
  const what = `column "${column.name}" is between ${least} and ${most}: its differences are too small to be squared`;
  return fail(table.source, `${what}; give another unit, or leave the column out.`, "invalid-data");
}

function finiteNumbers(table: Table, column: Column): Float64Array {
  const values = column.type === "number" ? column.values : refuseText(table, column);
  const row = values.findIndex((value) => Math.abs(value) > largest);
  if (row < 0) return values;
  const what = `column "${column.name}" is ${values[row]} on line ${table.lines[row]}`;
  const why = Number.isFinite(values[row])
    ? ", too large to be squared; correct the cell, give another unit"
    : "; correct the cell";
  return fail(table.source, `${what}${why}, or leave it empty.`, "invalid-data");
}

function numbersIn(table: Table, column: Column): NumberTarget {
  const values = spreadNumbers(table, column);
  refuseMissing(table, column.name, values.findIndex(Number.isNaN));
  return { name: column.name, type: "number", values, ...(column.unit !== undefined && { unit: column.unit }) };
}

function classesIn(table: Table, column: Column): ClassTarget {
  const { name } = column;
  const cells = cellsOf(table, column);
  refuseMissing(table, name, cells.indexOf(""));
  const classes = categoriesOf(column, cells);
  const numbers = new Map(classes.map((label, number) => [label, number]));
  return { name, type: "class", values: Int32Array.from(cells, (cell) => numbers.get(cell)!), classes };
}

/** The names of groups in a column. @throws where one is missing */
export function groupsIn(table: Table, column: Column): RowNames {
  const cells = cellsOf(table, column);
  const row = cells.indexOf("");
  if (row < 0) return cells;
  const what = `the group "${column.name}" is missing on line ${table.lines[row]}; name it there, or leave that row out.`;
  return fail(table.source, what, "invalid-data");
}

function refuseMissing({ source, lines }: Table, name: string, row: number): void {
  if (row < 0) return;
  fail(
    source,
    `the target "${name}" is missing on line ${lines[row]}; a method learns from rows whose target is known: leave that row out.`,
    "invalid-data",
  );
}
