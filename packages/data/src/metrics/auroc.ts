// Area under the receiver operating characteristic: the chance that a positive row scores above a negative one.
import { checkArgument, fail, type OptionTable } from "@hooke/runtime";
import { hostArrayCheck, labelCheck } from "../arguments.ts";
import { checkColumnOf, knownRows, type LabelOptions, targetLabels } from "./labels.ts";
import { checkArguments, checkNotEmpty, type Metric, rowWeights, tableShape, weightsCheck } from "./metric.ts";

export type AurocOptions = Pick<LabelOptions, "weights" | "ignoreLabel">;
const table: OptionTable<AurocOptions> = { optional: { weights: weightsCheck, ignoreLabel: labelCheck } };

/**
 * Area under the ROC curve by ranks (Mann and Whitney), ties counted as one half. Scores may be logits or probabilities:
 * only their order counts. `[rows]` or `[rows, 1]`: scores of class 1. `[rows, 2]`: the second column minus the first. More
 * columns: the mean over classes of each column against the rest; hand in probabilities to agree with scikit-learn's `ovr`.
 *
 * NaN where a class, or its complement, does not occur in the targets, as in scikit-learn.
 *
 * @throws on labels that predictions have no column for, and on predictions that are NaN
 */
export const auroc: Metric<AurocOptions> = {
  name: "auroc",
  direction: "maximize",
  weighted: true,
  compute(given, actual, options = {}) {
    checkArguments("auroc", given, actual, options, table);
    const [predictions, targets, counted] = knownRows(given, actual, options);
    checkNotEmpty("auroc", predictions);
    const { data } = predictions;
    const { rows, columns } = tableShape("auroc", "predictions", predictions);
    const labels = targetLabels("auroc", targets, rows, predictions);
    const classes = Math.max(columns, 2);
    checkColumnOf("auroc", labels, classes);
    if (missingClass(labels, classes) !== undefined) return Number.NaN;
    const weightOf = rowWeights("auroc", rows, counted);
    const scoresOf = (score: (row: number) => number) => Float64Array.from({ length: rows }, (_, row) => score(row));
    if (columns === 1)
      return rankArea(
        scoresOf((row) => data[row]!),
        labels,
        1,
        weightOf,
      );
    if (columns === 2)
      return rankArea(
        scoresOf((row) => data[2 * row + 1]! - data[2 * row]!),
        labels,
        1,
        weightOf,
      );
    let sum = 0;
    for (let label = 0; label < columns; label++) {
      sum += rankArea(
        scoresOf((row) => data[row * columns + label]!),
        labels,
        label,
        weightOf,
      );
    }
    return sum / columns;
  },
  whyUndefined(targets, predictions = targets) {
    for (const values of [targets, predictions]) checkArgument("auroc", "targets", values, hostArrayCheck);
    const { rows } = tableShape("auroc", "targets", targets);
    const columns = Math.max(2, tableShape("auroc", "predictions", predictions).columns);
    return missingClass(targetLabels("auroc", targets, rows, predictions), columns);
  },
};

function missingClass(labels: Int32Array, classes: number): string | undefined {
  const present = new Set(labels);
  const missing = Array.from({ length: classes }, (_, label) => label).find((label) => !present.has(label));
  return missing === undefined
    ? undefined
    : `no row is of class ${missing}; auroc compares the rows of each class with the others`;
}

function rankArea(
  scores: Float64Array,
  labels: Int32Array,
  positive: number,
  weightOf: (row: number) => number,
): number {
  const nan = scores.findIndex(Number.isNaN);
  if (nan >= 0) fail("auroc", `predictions hold NaN in row ${nan}; they have no rank.`, "non-finite");
  const order = Int32Array.from(scores, (_, row) => row).sort((a, b) => scores[a]! - scores[b]!);
  let [area, positives, negatives] = [0, 0, 0];
  for (let start = 0; start < order.length; ) {
    let end = start;
    let [found, others] = [0, 0];
    for (; end < order.length && scores[order[end]!] === scores[order[start]!]; end++) {
      const row = order[end]!;
      if (labels[row] === positive) found += weightOf(row);
      else others += weightOf(row);
    }
    // Each positive stands above all negatives before its score, and above half of those that share it.
    area += found * (negatives + others / 2);
    positives += found;
    negatives += others;
    start = end;
  }
  return area / (positives * negatives);
}
