// Schedules along a cosine: annealing once, again and again, and one cycle up and down.
import type { Schedule } from "@hooke/core";
import { fail } from "@hooke/runtime";
import { type Counted, checkSchedule, elapsed } from "./clock.ts";

/** From `from` at 0 to `to` at 1 along half a cosine. */
const along = (from: number, to: number, at: number): number => to + ((from - to) * (1 + Math.cos(Math.PI * at))) / 2;

/** Options of {@link cosineAnnealing}. */
export interface CosineAnnealingConfig extends Counted {
  /** The first and largest learning rate. */
  readonly learningRate: number;
  /** Epochs (or updates) until the smallest rate, where it stays. */
  readonly length: number;
  /** The smallest rate. Default 0. */
  readonly minimum?: number;
}

/**
 * Half a cosine from `learningRate` to `minimum`: PyTorch's CosineAnnealingLR up to its end; afterwards the rate stays,
 * where PyTorch's rises again. Loshchilov and Hutter, "SGDR" (ICLR 2017).
 *
 * @throws on a minimum above the learning rate
 * @example
 * ```ts
 * import { cosineAnnealing } from "@hooke/regularization";
 *
 * const schedule = cosineAnnealing({ learningRate: 0.1, length: 10 });
 * console.log(schedule.at({ epoch: 5, step: 51, stepsPerEpoch: 10, epochs: 10, history: [] }).toFixed(4)); // 0.0500
 * ```
 */
export function cosineAnnealing(config: CosineAnnealingConfig): Schedule<CosineAnnealingConfig> {
  checkSchedule("cosineAnnealing", config, ["learningRate", "length"], ["minimum", "every"]);
  const { learningRate, length, minimum = 0, every } = config;
  return {
    type: "cosineAnnealing",
    config,
    at: (moment) => along(learningRate, minimum, Math.min(elapsed(moment, every), length) / length),
  };
}

/** Options of {@link warmRestarts}. */
export interface WarmRestartsConfig extends Counted {
  /** The rate after each restart. */
  readonly learningRate: number;
  /** Epochs (or updates) of the first period. */
  readonly length: number;
  /** Each period is this many times as long as the one before. Default 1. */
  readonly growth?: number;
  /** The smallest rate. Default 0. */
  readonly minimum?: number;
}

/**
 * Half a cosine again and again: PyTorch's CosineAnnealingWarmRestarts. Loshchilov and Hutter, "SGDR" (ICLR 2017).
 *
 * @throws on a minimum above the learning rate
 */
export function warmRestarts(config: WarmRestartsConfig): Schedule<WarmRestartsConfig> {
  checkSchedule("warmRestarts", config, ["learningRate", "length"], ["growth", "minimum", "every"]);
  const { learningRate, length, growth = 1, minimum = 0, every } = config;
  return {
    type: "warmRestarts",
    config,
    at: (moment) => {
      let t = elapsed(moment, every);
      let period = length;
      if (growth === 1) t %= length;
      else {
        while (t >= period) {
          t -= period;
          period *= growth;
        }
      }
      return along(learningRate, minimum, t / period);
    },
  };
}

/** Options of {@link oneCycle}. */
export interface OneCycleConfig {
  /** The largest learning rate. */
  readonly learningRate: number;
  /** Updates of the whole cycle; afterwards the last rate stays. */
  readonly length: number;
  /** The fraction of the cycle after which the rate is largest; above `1 / length`. Default 0.3. */
  readonly peakAt?: number;
  /** The first rate is the largest one divided by this. Default 25. */
  readonly startDivisor?: number;
  /** The last rate is the first one divided by this. Default 1e4. */
  readonly endDivisor?: number;
}

/**
 * Up along half a cosine, down along another, update by update: PyTorch's OneCycleLR, whose first rate is that of
 * update 1 and whose largest that of update `peakAt length`. Smith and Topin, "Super-convergence" (2018, arXiv
 * 1708.07120).
 *
 * @throws if the rise would be over with the first update: `peakAt length` must be above 1
 */
export function oneCycle(config: OneCycleConfig): Schedule<OneCycleConfig> {
  checkSchedule("oneCycle", config, ["learningRate", "length"], ["peakAt", "startDivisor", "endDivisor"]);
  const { learningRate, length, peakAt = 0.3, startDivisor = 25, endDivisor = 1e4 } = config;
  if (!(peakAt * length > 1)) {
    fail(
      "oneCycle",
      `received peakAt ${peakAt} of length ${length}: the rate would be largest at update ${peakAt * length}, before it has risen. ` +
        "Their product must be above 1; length counts updates, not epochs.",
    );
  }
  const first = learningRate / startDivisor;
  const peak = peakAt * length - 1;
  const end = length - 1;
  return {
    type: "oneCycle",
    config,
    at: ({ step }) => {
      const t = Math.min(step - 1, end);
      if (t <= peak) return along(first, learningRate, t / peak);
      return along(learningRate, first / endDivisor, (t - peak) / (end - peak));
    },
  };
}
