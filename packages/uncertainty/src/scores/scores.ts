// All scores of distributions at once.
import { metrics } from "@hooke/data";
import { checkOptions, checks, type HostArray } from "@hooke/runtime";
import type { Mixture } from "../predictive/mixture.ts";
import { mixtureBounds } from "../predictive/quantiles.ts";
import { scoreBounds } from "./bounds.ts";
import { calibrationError } from "./calibration.ts";
import { checkScored, crps, negativeLogLikelihood } from "./density.ts";

/** What {@link scoreMixture} finds, over all elements; smaller is better of all but the coverage. */
export interface MixtureScores {
  /** Root mean squared error of the mean. */
  readonly rmse: number;
  /** See {@link negativeLogLikelihood}; NaN of a mixture without noise. */
  readonly negativeLogLikelihood: number;
  /** See {@link crps}. */
  readonly crps: number;
  /** See {@link calibrationError}. */
  readonly calibrationError: number;
  /** Of the mixture's own bounds of the level, see {@link scoreBounds}. */
  readonly coverage: number;
  readonly width: number;
  readonly intervalScore: number;
}

/**
 * Scores of distributions on rows that the model has not seen.
 *
 * @param targets `[rows, ...]`
 * @example
 * ```ts
 * import { array } from "@hooke/runtime";
 * import { mixtureOf, scoreMixture } from "@hooke/uncertainty";
 *
 * const { rmse, coverage } = scoreMixture(mixtureOf(array([[0, 0, 0]]), { noise: 1 }), array([1, -1, 2]), { level: 0.9 });
 * console.log(rmse.toFixed(4), coverage.toFixed(2)); // 1.4142 0.67
 * ```
 */
export function scoreMixture(
  mixture: Mixture,
  targets: HostArray,
  options: { readonly level?: number } = {},
): MixtureScores {
  checkScored("scoreMixture", mixture, targets);
  checkOptions<{ readonly level?: number }>("scoreMixture", options, { optional: { level: checks.betweenZeroAndOne } });
  const { level = 0.9 } = options;
  const noisy = mixture.deviations.data.every((deviation: number) => deviation > 0);
  const { coverage, width, intervalScore } = scoreBounds(mixtureBounds(mixture, { level }), targets, { level });
  return {
    rmse: metrics.rmse.compute(mixture.mean, { ...targets, shape: mixture.mean.shape }),
    negativeLogLikelihood: noisy ? negativeLogLikelihood(mixture, targets) : Number.NaN,
    crps: crps(mixture, targets),
    calibrationError: calibrationError(mixture, targets),
    coverage,
    width,
    intervalScore,
  };
}
