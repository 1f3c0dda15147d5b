// Calibration: whether what is believed with some probability is true as often.
import type { HostArray } from "@hooke/runtime";
import { f64 } from "../checks.ts";
import type { Mixture } from "../predictive/mixture.ts";
import { shareBelow } from "../predictive/quantiles.ts";
import { checkScored } from "./density.ts";

/**
 * Where targets fall in their distributions: the share of each mixture below its target (probability integral transform), `f64[rows, ...]`. Evenly spread from
 * 0 to 1 where distributions are right; many near 0 and 1 where they are too narrow.
 *
 * @example
 * ```ts
 * import { array } from "@hooke/runtime";
 * import { mixtureOf, pit } from "@hooke/uncertainty";
 *
 * console.log(pit(mixtureOf(array([[5]]), { noise: 1 }), array([5])).data[0]); // 0.5
 * ```
 */
export function pit(mixture: Mixture, targets: HostArray): HostArray {
  checkScored("pit", mixture, targets);
  return f64(
    mixture.mean.shape,
    Float64Array.from(targets.data, (target, i) => shareBelow(mixture, i, target)),
  );
}

/** Shares of targets within bounds of many levels. */
export interface CalibrationCurve {
  /** 0.05, 0.1, ..., 0.95. */
  readonly levels: readonly number[];
  /** The share of targets within the central bounds of each level. Equal to it where distributions are right, below where they are too narrow. */
  readonly shares: readonly number[];
}

/**
 * How many targets lie within the bounds of each level (Kuleshov, Fenner and Ermon 2018): what `reliabilityFigure` shows.
 *
 * @example
 * ```ts
 * import { array } from "@hooke/runtime";
 * import { calibrationCurve, mixtureOf } from "@hooke/uncertainty";
 *
 * // Half a deviation off: within the bounds of level 0.4, not of 0.35.
 * const { levels, shares } = calibrationCurve(mixtureOf(array([[0]]), { noise: 2 }), array([1]));
 * console.log(levels[shares.indexOf(1)]); // 0.4
 * ```
 */
export function calibrationCurve(mixture: Mixture, targets: HostArray): CalibrationCurve {
  const shares = pit(mixture, targets).data as Float64Array;
  const levels = Array.from({ length: 19 }, (_, i) => Number((0.05 * (i + 1)).toFixed(2)));
  const reached = shares.map((share) => Math.abs(2 * share - 1));
  return {
    levels,
    shares: levels.map((level) => reached.filter((reach) => reach <= level).length / reached.length),
  };
}

/**
 * The mean distance of a {@link calibrationCurve} from what is asked: 0 where distributions are right, 0.5 at worst.
 *
 * @example
 * ```ts
 * import { array } from "@hooke/runtime";
 * import { calibrationError, mixtureOf } from "@hooke/uncertainty";
 *
 * // Far too sure: within the bounds of no level.
 * console.log(calibrationError(mixtureOf(array([[0, 0]]), { noise: 1e-3 }), array([1, -1])).toFixed(2)); // 0.50
 * ```
 */
export function calibrationError(mixture: Mixture, targets: HostArray): number {
  const { levels, shares } = calibrationCurve(mixture, targets);
  return levels.reduce((sum, level, i) => sum + Math.abs(level - shares[i]!), 0) / levels.length;
}
