// A row that a model is asked about: what its inputs are, and where to begin.
import type { InputSchema } from "@hooke/baselines";
import { type Table, tableOf } from "@hooke/data";
import { rangeOf } from "./range.ts";

/** An input that can be asked about. */
export type Askable = { readonly name: string } & (
  | {
      readonly type: "number";
      /** Empty where it has none. */
      readonly unit: string;
      readonly least: number;
      readonly median: number;
      readonly most: number;
    }
  | { readonly type: "category"; readonly categories: readonly string[] }
);

/** Values by input. */
export type Row = Readonly<Record<string, number | string>>;

/** The inputs of a model, with what its table holds of them. */
export const askablesOf = (inputs: readonly InputSchema[], table: Table): Askable[] =>
  inputs.map((input) => {
    const { name } = input;
    if (input.type === "category") return { name, type: "category", categories: input.categories };
    const column = table.columns.find((each) => each.name === name)!;
    const [least, median, most] = rangeOf(column.values as ArrayLike<number>) ?? [0, 0, 0];
    return { name, type: "number", unit: ("unit" in input && input.unit) || "", least, median, most };
  });

/** A table of rows. */
export const tableOfRows = (inputs: readonly InputSchema[], rows: readonly Row[]): Table =>
  tableOf(
    Object.fromEntries(
      inputs.map(({ name, type }) => [
        name,
        type === "number" ? rows.map((row) => Number(row[name])) : rows.map((row) => String(row[name])),
      ]),
    ) as Record<string, number[] | string[]>,
  );
