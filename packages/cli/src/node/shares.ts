// What each input adds to the prediction of each row.
import { type Fitted, innermost, randomFrom } from "@hooke/baselines";
import { type Table, takeTableRows } from "@hooke/data";
import { kernelShapley } from "@hooke/explain";
import { fail, randomKey } from "@hooke/runtime";
import type { Row } from "./csv.ts";

/** Rows of the table that stand for inputs that are not known. */
const backgroundRows = 50;
/** Subsets of the inputs that are asked about, beside two for each input; all of them up to 9 inputs. */
const subsets = 512;

/** Of more, such as pixels and steps, shares of single ones say little, and take hours. */
const mostInputs = 100;

export interface ShareOptions {
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: { readonly fraction: number; readonly text: string }) => void;
}

/**
 * A record a row, of more than two classes one for each class: its line in the file, the prediction, and what it is made of.
 *
 * @throws on methods with more than 100 inputs
 */
export async function sharesOf(
  fitted: Fitted,
  table: Table,
  { seed, signal, onProgress }: ShareOptions,
): Promise<Row[]> {
  const inner = innermost(fitted);
  const { target, inputs: columns } = inner;
  if (columns.length > mostInputs) {
    const cure = "leave out --shares, which is for tables; pixels and steps are explained in code, by @hooke/explain";
    fail(
      "hooke",
      `the model has ${columns.length} inputs; shares are computed of up to ${mostInputs}: ${cure}.`,
      "unsupported",
    );
  }
  const count = Math.min(backgroundRows, table.rowCount);
  const background = takeTableRows(table, randomFrom(randomKey(seed), "background").choose(table.rowCount, count));
  const classes = target.type === "class" ? target.classes.slice(target.classes.length === 2 ? 1 : 0) : [undefined];
  const records: Row[] = [];
  for (const [place, output] of classes.entries()) {
    const { inputs, base, values, predictions } = await kernelShapley(inner, table, {
      background,
      samples: 2 * columns.length + subsets,
      seed,
      signal,
      ...(output !== undefined && { output }),
      onProgress: ({ fraction, text }) => onProgress({ fraction: (place + fraction) / classes.length, text }),
    });
    const name = output === undefined ? target.name : `probability of ${output}`;
    for (const [row, prediction] of predictions.entries()) {
      const own = inputs.map((input, i) => [`share of ${input}`, values[row * inputs.length + i]!]);
      records.push({ line: table.lines[row]!, of: name, prediction, base, ...Object.fromEntries(own) });
    }
  }
  return records;
}
