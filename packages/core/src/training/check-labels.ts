// Labels that no class has, and probabilities that are none: ignored, or refused with their row before anything is trained or judged on
// them. Loaded for losses of labels or probabilities.

import { checkLabels, type Dataset, rowName, stepLengths } from "@hooke/data";
import { type Aval, fail, isFloat, record, type Tensor } from "@hooke/runtime";
import type { Loss } from "../losses/loss.ts";
import { apply } from "../model/apply.ts";
import type { Layer } from "../model/layer.ts";
import { precisionOf, type Variables } from "../model/variables.ts";
import type { Rows } from "./batch.ts";

/**
 * @param parts of the data, prepared as the model sees them
 * @throws with the code `invalid-data` on the first label that the model has no output for, or target that is no probability, naming
 *   its row
 */
export function checkLossTargets(
  loss: Loss,
  model: Layer,
  variables: Variables<Aval>,
  parts: readonly Dataset<Aval>[],
): void {
  for (const part of parts) checkProbabilities(loss, part);
  const labelled = parts.filter(({ targets }) => loss.labels === true && !isFloat(targets.dtype));
  if (labelled.length === 0) return;
  const [{ inputs, extras }] = labelled as [Dataset<Aval>];
  const two = ({ shape, dtype }: Aval): Aval => ({ shape: [2, ...shape.slice(1)], dtype });
  const rows: Rows<Aval> = {
    inputs: two(isFloat(inputs.dtype) ? { ...inputs, dtype: precisionOf(variables) } : inputs),
    extras: Object.fromEntries(Object.entries(extras).map(([name, values]) => [name, two(values)])),
  };
  const forward = (given: Variables, x: Rows<Tensor>): Tensor =>
    apply(model, given, x.inputs, { extras: x.extras }).output;
  const { program } = record(forward as (...args: unknown[]) => Tensor, variables, rows);
  const { shape } = program.outputs[0]!;
  // Other outputs do not fit the loss at all, which it says better.
  if (shape.length < 2 || shape.at(-1) === 1) return;
  for (const part of labelled) checkLabels(part.source, part.targets, shape.at(-1)!, part);
}

/**
 * @param part prepared as the model sees it; steps behind the end of their sequence may hold anything
 * @throws with the code `invalid-data` on the first target that is not what the loss says it takes, naming its row
 */
export function checkProbabilities(loss: Loss, { targets, inputs, extras, lines, source, count }: Dataset<Aval>): void {
  const { data, shape } = targets;
  // Labels are checked by themselves; numbers without an axis of classes do not fit the loss, which says it better.
  if (
    loss.targets === undefined ||
    (loss.labels === true && (!isFloat(targets.dtype) || shape.length < 2 || shape.at(-1) === 1))
  )
    return;
  const lengths = stepLengths(targets, inputs, extras);
  const width = data.length / count;
  const rowOf = (i: number): number => Math.floor(i / width);
  const counts = (i: number): boolean => !lengths || i % width < (width / shape[1]!) * lengths.data[rowOf(i)]!;
  const at = data.findIndex((value: number, i: number) => !(value >= 0 && value <= 1) && counts(i));
  if (at < 0) return;
  const cure =
    "Targets are probabilities, or labels 0 and 1: number two classes so, scale percents, or take mse for numbers.";
  fail(
    source,
    `${rowName(rowOf(at), lines)} holds the target ${data[at]}; the loss takes 0 to 1. ${cure}`,
    "invalid-data",
  );
}

/**
 * The data with the label that the loss ignores.
 *
 * @throws if the data has another one
 */
export function withIgnored<Inputs extends Aval>(
  data: Dataset<Inputs>,
  { labels, ignoreLabel }: Loss,
): Dataset<Inputs> {
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
