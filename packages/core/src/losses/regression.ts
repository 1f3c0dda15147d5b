// Losses of numbers: squared, absolute and Huber errors, and the Gaussian likelihood.
import {
  abs,
  add,
  checkOptions,
  checks,
  convert,
  describe,
  div,
  exp,
  fail,
  lessEqual,
  maximum,
  mul,
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
export function mse(): Loss {
  return (predictions, targets, weights) => reduceLoss("mse", square(residuals("mse", predictions, targets)), weights);
}

/** Mean absolute error. */
export function mae(): Loss {
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
    const elements = select(lessEqual(size, delta), mul(square(residual), 0.5), mul(sub(size, delta / 2), delta));
    return reduceLoss("huber", elements, weights);
  };
}

/** Options of {@link gaussianNll}. */
export interface GaussianNllOptions {
  /** Lower bound of the variance, in squared units of the target. Default 1e-6. */
  readonly epsilon?: number;
}

/**
 * Negative log-likelihood of normal distributions, without its constant: `(log v + (t - m)^2 / v) / 2`. Nix and Weigend 1994.
 *
 * Predictions are `[batch, ..., 2 k]` for targets `[batch, ..., k]`: `k` means, then `k` logarithms of variances, so that a
 * plain dense layer can end the model. Below the bound the value takes the bound and the gradient passes through.
 */
export function gaussianNll(options: GaussianNllOptions = {}): Loss {
  checkOptions<GaussianNllOptions>("gaussianNll", options, { optional: { epsilon: checks.positive } });
  const { epsilon = 1e-6 } = options;
  return (predictions, targets, weights) => {
    const width = predictions.shape.at(-1) ?? 1;
    if (width % 2 !== 0) {
      fail("gaussianNll", `expected means and log variances, [batch, ..., 2 k], received ${describe(predictions)}.`);
    }
    const mean = sliceAxis(predictions, -1, 0, width / 2);
    const logVariance = sliceAxis(predictions, -1, width / 2, width);
    const bounded = add(logVariance, stopGradient(sub(maximum(logVariance, Math.log(epsilon)), logVariance)));
    const residual = residuals("gaussianNll", mean, targets);
    return reduceLoss("gaussianNll", mul(add(bounded, div(square(residual), exp(bounded))), 0.5), weights);
  };
}
