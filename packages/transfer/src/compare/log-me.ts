// LogME: how well a Bayesian linear model of features explains the targets, before anything is trained (You et al., "LogME: Practical
// Assessment of Pre-trained Models for Transfer Learning", ICML 2021).
import { restsFor, spectrumOf } from "@hooke/baselines/linear";
import { fitChecks } from "@hooke/core";
import { type Dataset, datasetCheck, take } from "@hooke/data";
import { checkArgument, fail } from "@hooke/runtime";
import { rowsOf, targetsOf } from "../linear/rows.ts";
import { knownRows } from "../probe/probe.ts";

/**
 * The logarithm of the evidence per row, `log p(y | F) / n`, at the most likely precisions of weights and noise: the larger, the better.
 * The mean over the targets; of classes, over one 0/1 target for each. Features and targets are taken as they are, without bias, as published;
 * unlike the published code, directions without data count where there are fewer rows than features, as they do in the evidence.
 *
 * It compares features on the same rows and targets; its size alone says nothing.
 *
 * @param data features as inputs, `[images, width]` or `[images, views, width]`, whose mean over the views is taken
 * @throws on targets that a probe does not take, and the signal's reason if it is aborted
 */
export async function logMe(data: Dataset, options: { readonly signal?: AbortSignal } = {}): Promise<number> {
  checkArgument("logMe", "the data", data, datasetCheck);
  const { signal } = options;
  if (signal !== undefined) checkArgument("logMe", "signal", signal, fitChecks.signal);
  const known = take(data, knownRows(data));
  const rows = rowsOf("logMe", known.inputs);
  const { columns, data: values, classes } = targetsOf("logMe", known);
  const spectrum = await spectrumOf(rows, restsFor(signal));
  if (spectrum.rank === 0) fail("logMe", "all features are 0; give those of another layer.", "invalid-data");
  const targets =
    classes === undefined
      ? Array.from({ length: columns }, (_, c) => values.filter((_value, i) => i % columns === c))
      : classes.map((_, c) => values.map((label) => (label === c ? 1 : 0)));
  const evidences = targets.map((target) => {
    const squares = new Float64Array(spectrum.rank);
    for (let k = 0; k < spectrum.rank; k++) {
      let sum = 0;
      for (let i = 0; i < rows.count; i++) sum += spectrum.left[k * rows.count + i]! * target[i]!;
      squares[k] = sum ** 2;
    }
    const total = target.reduce((sum, value) => sum + value ** 2, 0);
    return evidence(spectrum.values, squares, total, rows.count);
  });
  return evidences.reduce((sum, value) => sum + value, 0) / evidences.length;
}

/** Of one target, by its squared coordinates along the directions and its sum of squares. */
function evidence(values: Float64Array, squares: Float64Array, total: number, count: number): number {
  const rest = Math.max(0, total - squares.reduce((sum, square) => sum + square, 0));
  let [alpha, beta, weights, errors] = [1, 1, 0, 0];
  for (let round = 0; round < 1000; round++) {
    const ratio = alpha / beta;
    [weights, errors] = [0, rest];
    let determined = 0;
    for (const [k, value] of values.entries()) {
      determined += value / (value + ratio);
      weights += (value * squares[k]!) / (value + ratio) ** 2;
      errors += squares[k]! * (ratio / (value + ratio)) ** 2;
    }
    // The published algorithm's guard against targets that are explained entirely, or not at all.
    const next = [determined / (weights + 1e-5), (count - determined) / (errors + 1e-5)] as const;
    const settled = Math.abs(next[0] / next[1] - ratio) <= 1e-10 * ratio;
    [alpha, beta] = next;
    if (settled) break;
  }
  // Directions without data have the determinant of the prior, and cancel against it.
  const determinants = values.reduce((sum, value) => sum + Math.log1p((beta * value) / alpha), 0);
  const logarithms = count * Math.log(beta / (2 * Math.PI)) - determinants;
  return (logarithms - beta * errors - alpha * weights) / 2 / count;
}
