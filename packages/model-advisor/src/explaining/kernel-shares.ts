// Mean shares of inputs in the predictions of methods that say nothing of themselves, by Kernel SHAP.
import { type Fitted, randomFrom } from "@hooke/baselines";
import { type Table, takeTableRows } from "@hooke/data";
import { randomKey } from "@hooke/runtime";
import type { ExplainOptions, MeanShare, OwnWords } from "./explanation.ts";

/** Rows whose shares are averaged; each asks for thousands of predictions. */
const explainedRows = 40;
/** Rows that stand for inputs that are not known. */
const backgroundRows = 25;
/** Subsets of the inputs that are asked about, beside two for each input. */
const subsets = 100;
/** Of more, such as the steps of a sequence, single shares say little. */
const mostInputs = 30;

/** The largest share of an output first; nothing of methods with many inputs. */
export async function kernelShares(
  fitted: Fitted,
  table: Table,
  { seed = 0, signal, onProgress }: Pick<ExplainOptions, "seed" | "signal" | "onProgress">,
): Promise<OwnWords | undefined> {
  const { target, inputs } = fitted;
  if (inputs.length > mostInputs) return undefined;
  // What explains networks, too, is loaded where it is needed.
  const { kernelShapley } = await import("@hooke/explain");
  const drawn = (purpose: string, most: number): Table => {
    const rows = randomFrom(randomKey(seed), purpose).choose(table.rowCount, Math.min(most, table.rowCount));
    return takeTableRows(table, rows);
  };
  const [rows, background] = [drawn("explained", explainedRows), drawn("background", backgroundRows)];
  const classes = target.type === "class" ? target.classes.slice(target.classes.length === 2 ? 1 : 0) : [undefined];
  const shares: MeanShare[] = [];
  for (const [place, output] of classes.entries()) {
    const found = await kernelShapley(fitted, rows, {
      background,
      samples: 2 * inputs.length + subsets,
      seed,
      ...(output !== undefined && { output }),
      ...(signal && { signal }),
      onProgress: ({ fraction, text }) => onProgress?.({ fraction: (place + fraction) / classes.length, text }),
    });
    const own = inputs.map(({ name }, i): MeanShare => {
      let sum = 0;
      for (let at = i; at < found.values.length; at += inputs.length) sum += Math.abs(found.values[at]!);
      return { output: output ?? target.name, input: name, share: sum / rows.rowCount };
    });
    shares.push(...own.sort((a, b) => b.share - a.share));
  }
  return { kind: "shares", by: "Kernel SHAP", shares, rows: rows.rowCount };
}
