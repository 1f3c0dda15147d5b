// Laws: what is known already, measured like a method that learns nothing.
import type { Input, Inputs, Method } from "@hooke/baselines";
import { fail, show } from "@hooke/runtime";

/** A formula that predicts the target from the cells of a row. */
export interface Law {
  readonly name: string;
  /** A number in the unit of the target, of cells by column: numbers, `NaN` where missing, or text. */
  readonly formula: (row: Readonly<Record<string, number | string>>) => number;
}

/** A law as a method. It cannot go into a file: its formula is a function. */
export function methodOf({ name, formula }: Law): Method {
  const predict = ({ columns, rowCount }: Inputs): Float64Array =>
    Float64Array.from({ length: rowCount }, (_, row) => {
      const value = formula(Object.fromEntries(columns.map((column) => [column.name, cellOf(column, row)])));
      if (typeof value !== "number") fail(`law ${name}`, `gave ${show(value)}; a law gives a number.`);
      return value;
    });
  const refuse = (): never => fail(`law ${name}`, "learns nothing: use its formula.", "unsupported");
  return {
    method: `law/${name}`,
    options: {},
    tasks: ["regression"],
    fit: async () => refuse(),
    learn: async () => null,
    predict: (_, inputs) => predict(inputs),
    toJSON: () => ({ method: `law/${name}`, options: {} }),
  };
}

const cellOf = (column: Input, row: number): number | string =>
  column.type === "number" ? column.values[row]! : (column.categories[column.values[row]!] ?? "");
