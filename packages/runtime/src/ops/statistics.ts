// Mean and variance.
import type { Tensor } from "../tensor.ts";
import type { Operand } from "./align.ts";
import { div, square, stopGradient, sub } from "./elementwise.ts";
import { sum } from "./reduction.ts";
import { filledAxes, floats, type ReductionOptions, reductionOptions } from "./requirements.ts";

function meanOf(who: string, value: Tensor, options: ReductionOptions): Tensor {
  const count = filledAxes(who, value, options.axes).reduce((n, axis) => n * value.shape[axis]!, 1);
  return div(sum(value, options), count);
}

/** Arithmetic mean over axes. @throws on whole numbers, and on an empty axis */
export function mean(x: Operand, options: ReductionOptions = {}): Tensor {
  reductionOptions("mean", options);
  return meanOf("mean", floats("mean", x), options);
}

/** Mean of squared deviations (divides by the count) over axes. @throws on whole numbers, and on an empty axis */
export function variance(x: Operand, options: ReductionOptions = {}): Tensor {
  reductionOptions("variance", options);
  const value = floats("variance", x);
  const meanAlong = (y: Tensor): Tensor => meanOf("variance", y, { ...options, keepDims: true });
  const deviations = sub(value, meanAlong(value));
  // The mean is rounded. Its error is taken out, so that the variance of equal numbers is 0.
  return meanOf("variance", square(sub(deviations, stopGradient(meanAlong(deviations)))), options);
}
