// Asking a fitted method about rows in which some cells are others.
import { fail } from "@hooke/runtime";
import type { Rest } from "../linear/rest.ts";
import type { Fitted } from "../method/method.ts";
import { type Input, type Inputs, takeSamples } from "../method/samples.ts";

/** Rows that are asked about at once: between such parts work can be stopped. */
const together = 1024;

/** What stands in the place of a column's cells: the column, and a value for each row asked. */
export interface Change {
  readonly column: number;
  readonly values: Float64Array;
}

/** What is explained of predictions: numbers as they are, of two classes the probability of the second, of more that of each. */
export interface Outputs {
  readonly names: readonly string[];
  /** Of a prediction, where it begins and how many there are. */
  readonly from: number;
  readonly width: number;
}

export function outputsOf({ target }: Pick<Fitted, "target">): Outputs {
  if (target.type === "number") return { names: [target.name], from: 0, width: 1 };
  const { classes } = target;
  const from = classes.length === 2 ? 1 : 0;
  return { names: classes.slice(from).map((name) => `probability of ${name}`), from, width: classes.length };
}

/** Predictions `[rows, outputs]` of rows of the inputs, which may come again, with changes. @throws on predictions that are not finite */
export async function ask(
  who: string,
  { method, state, target }: Fitted,
  inputs: Inputs,
  rows: Int32Array,
  changes: readonly Change[],
  rest: Rest,
): Promise<Float64Array> {
  const { names, from, width } = outputsOf({ target });
  const found = new Float64Array(rows.length * names.length);
  for (let begin = 0; begin < rows.length; begin += together) {
    const resting = rest();
    if (resting !== undefined) await resting;
    const part = rows.subarray(begin, begin + together);
    const { columns, rowCount } = takeSamples({ columns: inputs.columns, rowCount: inputs.rowCount }, part);
    const changed = [...columns];
    for (const { column, values } of changes) {
      changed[column] = withValues(changed[column]!, values.subarray(begin, begin + together));
    }
    const predicted = method.predict(state, { columns: changed, rowCount });
    for (let row = 0; row < rowCount; row++) {
      for (let o = 0; o < names.length; o++) {
        const value = predicted[row * width + from + o]!;
        if (!Number.isFinite(value)) {
          fail(who, `${method.method} predicts ${value} for row ${part[row]} with other inputs.`, "invalid-data");
        }
        found[(begin + row) * names.length + o] = value;
      }
    }
  }
  return found;
}

const withValues = (column: Input, values: Float64Array): Input =>
  column.type === "number" ? { ...column, values } : { ...column, values: Int32Array.from(values) };
