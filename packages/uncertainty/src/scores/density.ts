// Scores of whole distributions: how probable the truth was, and how far the distribution lies from it.
import { checkArgument, describe, fail, type HostArray } from "@hooke/runtime";
import { checkAlike, checkFinite, checkNumbers } from "../checks.ts";
import { eachComponent, type Mixture, mixtureCheck } from "../predictive/mixture.ts";
import { halfLogTwoPi, normalBelow, normalDensity } from "../predictive/normal.ts";

/** @throws unless the targets are those of the mixture */
export function checkScored(who: string, mixture: Mixture, targets: HostArray): void {
  checkArgument(who, "the mixture", mixture, mixtureCheck);
  checkNumbers(who, "targets", targets);
  checkAlike(who, "a mixture of", mixture.mean, "targets", targets);
  checkFinite(who, "the targets", targets);
}

/**
 * Negative log-likelihood of targets, in nats, the mean over all elements: `-log p(t)` under the mixture, constants included, in the units of the targets.
 * Smaller is better.
 *
 * @throws on mixtures without noise, under which a measurement has no probability
 * @example
 * ```ts
 * import { array } from "@hooke/runtime";
 * import { mixtureOf, negativeLogLikelihood } from "@hooke/uncertainty";
 *
 * console.log(negativeLogLikelihood(mixtureOf(array([[0]]), { noise: 1 }), array([0])).toFixed(4)); // 0.9189
 * ```
 */
export function negativeLogLikelihood(mixture: Mixture, targets: HostArray): number {
  checkScored("negativeLogLikelihood", mixture, targets);
  if (mixture.deviations.data.some((deviation: number) => deviation === 0)) {
    fail(
      "negativeLogLikelihood",
      `received a mixture ${describe(mixture.means)} without noise, which has no density; give mixtureOf the noise of measurements: ` +
        "{ noise: fitNoise(draws, targets) } of rows held back.",
      "invalid-data",
    );
  }
  let sum = 0;
  for (const [element, target] of targets.data.entries()) {
    const logs: number[] = [];
    eachComponent(mixture, element, (mean, deviation) => {
      logs.push(-0.5 * ((target - mean) / deviation) ** 2 - Math.log(deviation) - halfLogTwoPi);
    });
    const most = logs.reduce((a, b) => Math.max(a, b));
    sum -= most + Math.log(logs.reduce((all, log) => all + Math.exp(log - most), 0) / logs.length);
  }
  return sum / targets.data.length;
}

/**
 * Continuous ranked probability score, in the units of the targets, the mean over all elements: the absolute error of a distribution. Smaller is better. In closed
 * form (Grimit, Gneiting, Berrocal and Johnson 2006), by pairs of components.
 *
 * @example
 * ```ts
 * import { array } from "@hooke/runtime";
 * import { crps, mixtureOf } from "@hooke/uncertainty";
 *
 * // Without noise, of one draw: the absolute error.
 * console.log(crps(mixtureOf(array([[1]])), array([4]))); // 3
 * ```
 */
export function crps(mixture: Mixture, targets: HostArray): number {
  checkScored("crps", mixture, targets);
  let sum = 0;
  for (const [element, target] of targets.data.entries()) {
    const means: number[] = [];
    const variances: number[] = [];
    eachComponent(mixture, element, (mean, deviation) => {
      means.push(mean);
      variances.push(deviation ** 2);
    });
    const count = means.length;
    for (const [i, mean] of means.entries()) {
      sum += meanSize(target - mean, variances[i]!) / count;
      for (let j = 0; j < i; j++) sum -= meanSize(mean - means[j]!, variances[i]! + variances[j]!) / count ** 2;
      sum -= meanSize(0, 2 * variances[i]!) / (2 * count ** 2);
    }
  }
  return sum / targets.data.length;
}

/** The mean absolute value of a normal number. */
function meanSize(mean: number, variance: number): number {
  if (variance === 0) return Math.abs(mean);
  const deviation = Math.sqrt(variance);
  const z = mean / deviation;
  return 2 * deviation * normalDensity(z) + mean * (2 * normalBelow(z) - 1);
}
