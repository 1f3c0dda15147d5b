// Points where the residual is large: residual-based adaptive distribution.
import { checkOptions, checks } from "@hooke/runtime";
import { unitNumbers } from "../points/sampler.ts";
import type { Resampling } from "./resampling.ts";

/** Options of {@link worstFirst}. */
export interface WorstFirstOptions {
  /** Iterations between. Default 500. */
  readonly every?: number;
  /**
   * How many times as large as at its points residuals at others may be until points are drawn again all the same, which is looked at every 100 iterations;
   * 0: it does not look. Default 2.
   */
  readonly stale?: number;
  /** The power of the residual. Default 1. */
  readonly power?: number;
  /** What is added to the mean of 1: at 0 all points go where the residual is, at many they are spread. Default 1. */
  readonly base?: number;
  /** How many times as many points it chooses from. Default 5. */
  readonly pool?: number;
}

/**
 * Draws points with a density in proportion to `|r|^power / mean(|r|^power) + base` (RAD of Wu et al. 2023), without repetition.
 *
 * @throws on an option it does not have
 */
export function worstFirst(options: WorstFirstOptions = {}): Resampling {
  checkOptions<WorstFirstOptions>("worstFirst", options, {
    optional: {
      every: checks.count,
      stale: checks.nonNegative,
      power: checks.positive,
      base: checks.nonNegative,
      pool: checks.countUpTo(1000),
    },
  });
  const { every = 500, stale = 2, power = 1, base = 1, pool = 5 } = options;
  return {
    name: "worstFirst",
    every,
    stale,
    pool,
    choose: ({ magnitude }, { count }, key) => {
      const sizes = magnitude.map((size) => size ** power);
      const mean = sizes.reduce((total, size) => total + size, 0) / sizes.length || 1;
      // The smallest of exponential numbers with these rates: a draw without repetition (Efraimidis and Spirakis 2006).
      const times = unitNumbers(key, sizes.length).map((u, i) => -Math.log1p(-u) / (sizes[i]! / mean + base));
      const order = Uint32Array.from(times, (_, i) => i).sort((a, b) => times[a]! - times[b]! || a - b);
      return order.slice(0, count).sort();
    },
  };
}
