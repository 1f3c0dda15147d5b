// Distributions in the units of the data: what transforms of targets do to a standard deviation.
import type { TrainedModel } from "@hooke/core";
import type { Preprocessing } from "@hooke/data";
import { fail, quoted } from "@hooke/runtime";

/** @throws on a model of classes */
export function refuseClasses(who: string, { preprocessing }: TrainedModel): void {
  const { classes } = preprocessing ?? {};
  if (classes === undefined) return;
  fail(
    who,
    `received a model of the classes ${quoted(classes)}; it is for numbers. Of classes: classMixtureOf(await monteCarloDropout(...)), conformalSets.`,
    "mismatch",
  );
}

/**
 * What each column's standard deviation is multiplied by to be in the units of the data; undefined without preprocessing of targets.
 *
 * @throws on a logarithm, under which a normal distribution does not stay one
 */
export function deviationScales(who: string, preprocessing: Preprocessing | undefined): readonly number[] | undefined {
  if (preprocessing === undefined || preprocessing.targets.length === 0) return undefined;
  const scales = new Map(preprocessing.targetNames.map((name) => [name, 1]));
  for (const transform of preprocessing.targets) {
    if (transform.type === "log") {
      fail(
        who,
        `the targets ${quoted(transform.columns)} were trained as logarithms, whose normal distribution is none in the units of the data. ` +
          "Train without logTransform on targets, or on a column of the logarithm, as data of its own; quantiles (predictQuantiles) go through it.",
        "unsupported",
      );
    }
    for (const [i, column] of transform.columns.entries()) {
      const size = transform.type === "standardize" ? transform.std[i]! : transform.max[i]! - transform.min[i]!;
      scales.set(column, scales.get(column)! * (size || 1));
    }
  }
  return [...scales.values()];
}

/** A model whose predictions stay as the network makes them. */
export function withoutUnits(model: TrainedModel): TrainedModel {
  const { preprocessing } = model;
  return preprocessing === undefined ? model : { ...model, preprocessing: { ...preprocessing, targets: [] } };
}
