// What errors on folds say: folds share rows, so their spread understates what is uncertain. Nadeau and Bengio, "Inference for the generalization
// error", Machine Learning 52, 2003.
import { studentQuantile, studentWithin } from "@hooke/minimize";

/** A mean over folds and how sure it is. */
export interface Estimate {
  readonly mean: number;
  /** Standard error, corrected for rows that folds share; `Infinity` of one fold. */
  readonly standardError: number;
  /** Folds less one. */
  readonly degrees: number;
}

/** The estimate of one number from its values on folds, where `ratio` is rows tested over rows trained on. */
export function estimateOf(values: readonly number[], ratio: number): Estimate {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (count < 2) return { mean, standardError: Number.POSITIVE_INFINITY, degrees: 0 };
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  return { mean, standardError: Math.sqrt(variance * (1 / count + ratio)), degrees: count - 1 };
}

/**
 * What is expected of a number that is usually `usual` and was measured as `estimate`, both normal: each counts by how sure it is. Of few folds the
 * standard error is uncertain too, so that it counts with the variance of Student's t.
 */
export function weighed(
  { mean, standardError, degrees }: Estimate,
  usual: { readonly mean: number; readonly deviation: number },
): { readonly mean: number; readonly standardError: number } {
  if (degrees === 0) return { mean: usual.mean, standardError: usual.deviation };
  const measured = standardError ** 2 * (degrees > 2 ? degrees / (degrees - 2) : 3);
  const before = usual.deviation ** 2;
  return {
    mean: (mean * before + usual.mean * measured) / (before + measured),
    standardError: Math.sqrt((before * measured) / (before + measured)),
  };
}

/** How many folds the usual scatter of errors counts as, beside those that were measured. */
const usualDegrees = 4;

/**
 * Where the error on as many new rows as a fold has is expected, with probability `level`: errors are spread by factors, so in logarithms. How far they scatter,
 * five folds say badly: what is usual counts too. Root mean squares of normal errors scatter by `sqrt(1 / 2 rows)`, those of tables, where a few rows
 * are far off, by about twice that.
 *
 * @param apart how far logarithms of errors usually differ between folds beside that, as a variance: of folds that are unlike each other. Default 0
 * @param least what errors below it count as: of few rows none may be wrong by luck. Default: a hundredth of their mean. Where some are 0, the range begins there
 */
export function expectedRange(
  errors: readonly number[],
  {
    ratio,
    rows,
    level,
    least = 0,
    apart = 0,
  }: {
    readonly ratio: number;
    readonly rows: number;
    readonly level: number;
    readonly least?: number;
    readonly apart?: number;
  },
): readonly [number, number] {
  const floor = Math.max(least, (0.01 * errors.reduce((sum, error) => sum + error, 0)) / errors.length);
  if (floor === 0) return [0, errors.length < 2 ? Number.POSITIVE_INFINITY : 0];
  const logs = errors.map((error) => Math.log(Math.max(error, floor)));
  const { mean, standardError, degrees } = estimateOf(logs, ratio);
  if (degrees === 0) return [0, Number.POSITIVE_INFINITY];
  const shared = 1 / errors.length + ratio;
  const variance =
    (degrees * (standardError ** 2 / shared) + usualDegrees * (2 / rows + apart)) / (degrees + usualDegrees);
  // The spread of one fold's error, beside that of the mean.
  const half = studentQuantile(level, degrees + usualDegrees) * Math.sqrt(variance * (1 + shared));
  return [errors.includes(0) ? 0 : Math.exp(mean - half), Math.exp(mean + half)];
}

/** Probabilities that one method is better than another by more than `margin`, about as good, or worse by more. */
export interface Odds {
  readonly better: number;
  readonly same: number;
  readonly worse: number;
}

/** Of differences on the same folds, first less second: the correlated Bayesian t-test (Corani and Benavoli, Machine Learning 100, 2015). */
export function oddsOf({ mean, standardError, degrees }: Estimate, margin: number): Odds {
  if (degrees === 0) return { better: 1 / 3, same: 1 / 3, worse: 1 / 3 };
  const below = (limit: number): number => {
    if (standardError === 0) return mean < limit ? 1 : 0;
    const t = (limit - mean) / standardError;
    return 0.5 + (Math.sign(t) * studentWithin(Math.abs(t), degrees)) / 2;
  };
  const [better, notWorse] = [below(-margin), below(margin)];
  return { better, same: notWorse - better, worse: 1 - notWorse };
}
