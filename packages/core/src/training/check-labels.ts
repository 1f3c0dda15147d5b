// Labels that no class has: ignored, or refused with their row before anything is trained or judged on them. Loaded for losses of labels.

import { checkLabels, type Dataset, datasetInPrecision, take } from "@hooke/data";
import { type Aval, fail, isFloat, record, type Tensor } from "@hooke/runtime";
import type { Loss } from "../losses/loss.ts";
import { apply } from "../model/apply.ts";
import type { Layer } from "../model/layer.ts";
import { precisionOf, type Variables } from "../model/variables.ts";
import type { Rows } from "./predictor.ts";

/**
 * @param parts of the data, prepared as the model sees them
 * @throws with the code `invalid-data` on the first label that the model has no output for, naming its row
 */
export function checkLossLabels(loss: Loss, model: Layer, variables: Variables<Aval>, parts: readonly Dataset[]): void {
  const labelled = parts.filter(({ targets }) => loss.labels === true && !isFloat(targets.dtype));
  if (labelled.length === 0) return;
  const { inputs, extras } = datasetInPrecision(take(labelled[0]!, [0, 0]), precisionOf(variables));
  const forward = (given: Variables, rows: Rows<Tensor>): Tensor =>
    apply(model, given, rows.inputs, { extras: rows.extras }).output;
  const { program } = record(forward as (...args: unknown[]) => Tensor, variables, { inputs, extras });
  const { shape } = program.outputs[0]!;
  // Other outputs do not fit the loss at all, which it says better.
  if (shape.length < 2) return;
  for (const part of labelled) checkLabels(part.source, part.targets, shape.at(-1)!, part);
}

/**
 * The data with the label that the loss ignores.
 *
 * @throws if the data has another one
 */
export function withIgnored(data: Dataset, { labels, ignoreLabel }: Loss): Dataset {
  const known = data.ignoreLabel;
  if (labels !== true || known === ignoreLabel) return data;
  if (known === undefined) return { ...data, ignoreLabel: ignoreLabel! };
  const takes = ignoreLabel === undefined ? "ignores none" : `ignores ${ignoreLabel}`;
  return fail(
    data.source,
    `has the label ${known} where the class is not known, and the loss ${takes}; make it with ignoreLabel: ${known}.`,
    "mismatch",
  );
}
