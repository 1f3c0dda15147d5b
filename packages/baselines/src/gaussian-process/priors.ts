// Priors of hyperparameters: weak, so that length scales of inputs that say little do not chase noise.
import { add, mul, square, sub, sum, type Tensor } from "@hooke/runtime";
import type { Hyperparameters } from "./hyperparameters.ts";

/** Of logarithms: a mean, and a standard deviation. */
interface Normal {
  readonly mean: number;
  readonly deviation: number;
}

/**
 * For inputs and targets of variance 1. Length scales grow with the root of the number of columns, as distances do: Hvarfner, Hellsten and
 * Nardi, "Vanilla Bayesian optimization performs great in high dimensions", ICML 2024.
 */
export function priorsFor(width: number): Readonly<Record<keyof Hyperparameters<unknown>, Normal>> {
  return {
    lengthScales: { mean: 0.5 * Math.log(width) + 0.5, deviation: 1.5 },
    amplitude: { mean: 0.5, deviation: 1 },
    noise: { mean: -2, deviation: 1.5 },
  };
}

/** The logarithm of their density, less what does not depend on them. */
export function logPrior(at: Hyperparameters<Tensor>, width: number): Tensor {
  const priors = priorsFor(width);
  return (["lengthScales", "amplitude", "noise"] as const)
    .map((name) => {
      const { mean, deviation } = priors[name];
      return mul(sum(square(mul(sub(at[name], mean), 1 / deviation))), -0.5);
    })
    .reduce(add);
}
