// Losses of numbers: squared, absolute and Huber errors, and the Gaussian likelihood.
import {
  abs,
  add,
  type Check,
  checkOptions,
  checks,
  convert,
  describe,
  equal,
  exp,
  fail,
  greater,
  lessEqual,
  mul,
  nothingMore,
  select,
  sliceAxis,
  square,
  stopGradient,
  sub,
  type Tensor,
} from "@hooke/runtime";
import { checkTargets, type Loss, reduceLoss } from "./loss.ts";

const residuals = (who: string, predictions: Tensor, targets: Tensor): Tensor => {
  checkTargets(who, predictions, targets);
  return sub(predictions, convert(targets, predictions.dtype));
};

/** Mean squared error. */
export function mse(...more: []): Loss {
  nothingMore("mse", more);
  return (predictions, targets, weights) => reduceLoss("mse", square(residuals("mse", predictions, targets)), weights);
}

/** Mean absolute error. */
export function mae(...more: []): Loss {
  nothingMore("mae", more);
  return (predictions, targets, weights) => reduceLoss("mae", abs(residuals("mae", predictions, targets)), weights);
}

/** Options of {@link huber}. */
export interface HuberOptions {
  /** Residual from which the loss is linear, in units of the target. Default 1. */
  readonly delta?: number;
}

/** `r^2 / 2` for residuals up to `delta`, `delta (|r| - delta / 2)` beyond. Huber 1964. */
export function huber(options: HuberOptions = {}): Loss {
  checkOptions<HuberOptions>("huber", options, { optional: { delta: checks.positive } });
  const { delta = 1 } = options;
  return (predictions, targets, weights) => {
    const residual = residuals("huber", predictions, targets);
    const size = abs(residual);
    const small = lessEqual(size, delta);
    // The square sees small residuals alone: choosing the result would leave the gradient 0 * Infinity of one that overflows.
    const squared = mul(square(select(small, residual, 0)), 0.5);
    const elements = select(small, squared, mul(sub(size, delta / 2), delta));
    return reduceLoss("huber", elements, weights);
  };
}

/** At least `bound`, with the derivative of `x` below it, too. */
function boundedBelow(x: Tensor, bound: number): Tensor {
  // What is subtracted from itself leaves its derivative and adds 0; -Infinity would leave NaN.
  const finite = select(equal(x, -Infinity), 0, x);
  return select(greater(x, bound), x, add(sub(finite, stopGradient(finite)), bound));
}

/** Options of {@link gaussianNll}. */
export interface GaussianNllOptions {
  /** Lower bound of the variance, in squared units of the target. Default 1e-6. */
  readonly epsilon?: number;
  /**
   * Power of the variance that weighs each element, from 0 to 1: 0 is the likelihood, 1 has the gradients of a squared error in the means. Between them,
   * 0.5, what is hard to fit is not taken for noise (Seitzer, Tavakoli, Antic and Martius, ICLR 2022). Default 0.
   */
  readonly beta?: number;
}

const unitInterval: Check = (value) =>
  checks.nonNegative(value) === undefined && (value as number) <= 1 ? undefined : "a number from 0 to 1";

/**
 * Negative log-likelihood of normal distributions, without its constant: `(log v + (t - m)^2 / v) / 2`. Nix and Weigend 1994.
 *
 * Predictions are `[batch, ..., 2 k]` for targets `[batch, ..., k]`: `k` means, then `k` logarithms of variances, so that a
 * plain dense layer can end the model. Below the bound the value takes the bound and the gradient passes through.
 */
export function gaussianNll(options: GaussianNllOptions = {}): Loss {
  checkOptions<GaussianNllOptions>("gaussianNll", options, {
    optional: { epsilon: checks.positive, beta: unitInterval },
  });
  const { epsilon = 1e-6, beta = 0 } = options;
  return (predictions, targets, weights) => {
    const width = predictions.shape.at(-1) ?? 1;
    if (width % 2 !== 0) {
      fail(
        "gaussianNll",
        `expected means and log variances, [batch, ..., 2 k], received ${describe(predictions)}.`,
        "mismatch",
      );
    }
    const mean = sliceAxis(predictions, -1, 0, width / 2);
    const logVariance = sliceAxis(predictions, -1, width / 2, width);
    const bounded = boundedBelow(logVariance, Math.log(epsilon));
    // In units of the standard deviation before it is squared: neither the square nor the variance overflows on its own.
    const scaled = mul(residuals("gaussianNll", mean, targets), exp(mul(bounded, -0.5)));
    const elements = add(mul(bounded, 0.5), mul(mul(scaled, 0.5), scaled));
    const weighed = beta === 0 ? elements : mul(elements, exp(mul(stopGradient(bounded), beta)));
    return reduceLoss("gaussianNll", weighed, weights);
  };
}
