// Shares of mixtures below a number, and the numbers that so many lie below.
import { checkArgument, checkOptions, checks } from "@hooke/runtime";
import { f64 } from "../checks.ts";
import type { Bounds } from "../conformal/bounds.ts";
import { eachComponent, type Mixture, mixtureCheck } from "./mixture.ts";
import { normalBelow } from "./normal.ts";

/** The share of an element's mixture below a number. Of components without a deviation one at the number counts half. */
export function shareBelow(mixture: Mixture, element: number, value: number): number {
  let sum = 0;
  eachComponent(mixture, element, (mean, deviation) => {
    sum += deviation === 0 ? (value > mean ? 1 : value === mean ? 0.5 : 0) : normalBelow((value - mean) / deviation);
  });
  return sum / mixture.means.shape[0]!;
}

/** How much of a mixture lies within bounds. */
export interface MixtureBoundsOptions {
  /** Above 0 and below 1. Default 0.9. */
  readonly level?: number;
}

/**
 * Bounds that hold a share of each mixture, as much beyond either: what the model believes, not a guarantee. `splitConformal` makes one of it.
 *
 * @example
 * ```ts
 * import { array } from "@hooke/runtime";
 * import { mixtureBounds, mixtureOf } from "@hooke/uncertainty";
 *
 * const { upper } = mixtureBounds(mixtureOf(array([[0]]), { noise: 1 }), { level: 0.95 });
 * console.log(upper.data[0]!.toFixed(3)); // 1.960
 * ```
 */
export function mixtureBounds(mixture: Mixture, options: MixtureBoundsOptions = {}): Bounds {
  checkArgument("mixtureBounds", "the mixture", mixture, mixtureCheck);
  checkOptions<MixtureBoundsOptions>("mixtureBounds", options, { optional: { level: checks.betweenZeroAndOne } });
  const { level = 0.9 } = options;
  const { shape, data } = mixture.mean;
  const ends = (share: number) =>
    f64(
      shape,
      Float64Array.from(data, (_, i) => quantile(mixture, i, share)),
    );
  return { lower: ends((1 - level) / 2), upper: ends((1 + level) / 2) };
}

/** By bisection, to the last digits of the range that the components span. */
function quantile(mixture: Mixture, element: number, share: number): number {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  eachComponent(mixture, element, (mean, deviation) => {
    low = Math.min(low, mean - 9 * deviation);
    high = Math.max(high, mean + 9 * deviation);
  });
  for (let round = 0; round < 48; round++) {
    const middle = (low + high) / 2;
    if (shareBelow(mixture, element, middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
