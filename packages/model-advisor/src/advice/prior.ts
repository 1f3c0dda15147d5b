// The prior: how methods have done on other tables. Few folds say little, and less than is known of the methods before.
import { type Comparison, logRatioOf } from "../comparison/comparison.ts";
import type { Measurement } from "../comparison/measurement.ts";
import { weighed } from "../comparison/statistics.ts";

/** Of the logarithm of a method's error over that of the blend: what is usual, and how far off that is below and above. */
interface Usual {
  readonly mean: number;
  readonly below: number;
  readonly above: number;
}

const usually = (mean: number, below: number, above: number): Usual => ({ mean, below, above });

/**
 * On public sets of materials, mechanics and biomechanics of 100 to 1,200 rows. Whatever leads a blend, it is seldom better than the blend by
 * much, and may be worse by any factor, so that above the usual all is as likely. A method that has no entry is not judged before it is measured.
 */
const usual: ReadonlyMap<string, Usual> = new Map(
  Object.entries({
    blend: usually(0, 0, 0),
    "Gaussian process": usually(0.04, 0.06, 0.3),
    logistic: usually(0.05, 0.1, 0.3),
    "tuned boosting": usually(0.1, 0.08, 0.4),
    boosting: usually(0.12, 0.1, 0.5),
    forest: usually(0.2, 0.12, 0.5),
    network: usually(0.15, 0.2, 0.5),
    ridge: usually(0.3, 0.25, 1),
    "elastic net": usually(0.3, 0.25, 1),
    quadratic: usually(0.4, 0.2, 1),
    neighbours: usually(0.4, 0.2, 1),
  }),
);

/**
 * Rows from which on methods do as they usually do. Of fewer that is the less sure, and what is measured counts more: a table of twenty specimens may well follow a line,
 * which a blend of what is usually good has to find.
 */
const settled = 60;

/** Error that is expected over the least that is, less 1, by method: what was measured and what is usual, each by how sure it is. */
export type Expected = ReadonlyMap<string, number>;

/**
 * What to expect of the methods of a comparison. The difference of two methods, in logarithms, is normal before it is measured, on either side of what is
 * usual, the wider the fewer rows there are; it is measured with the corrected standard error of folds; the posterior mean is in between. Under splits that ask for new ranges or times
 * nothing is usual: methods change places there.
 */
export function expectedOf(measurement: Measurement, comparison: Comparison): Expected {
  const { split, samples } = measurement.setting;
  const { kind } = split;
  const width = Math.sqrt(Math.max(1, settled / samples.rowCount));
  const isUsual = kind === "random" || kind === "grouped" || kind === "clusters";
  const names = comparison.methods.map(({ method }) => method);
  const [reference] = names.toSorted((a, b) => (usual.get(a)?.mean ?? 1) - (usual.get(b)?.mean ?? 1));
  const logs = names.map((name): readonly [string, number] => {
    if (name === reference) return [name, 0];
    const measured = logRatioOf(measurement.of(name), measurement.of(reference!));
    const [own, other] = [usual.get(name), usual.get(reference!)];
    if (!isUsual || own === undefined || other === undefined) return [name, measured.mean];
    const mean = own.mean - other.mean;
    const deviation = measured.mean < mean ? Math.hypot(own.below, other.above) : Math.hypot(own.above, other.below);
    return [name, weighed(measured, { mean, deviation: width * deviation }).mean];
  });
  const least = logs.reduce((so, [, log]) => Math.min(so, log), Number.POSITIVE_INFINITY);
  return new Map(logs.map(([name, log]) => [name, Math.exp(log - least) - 1]));
}
