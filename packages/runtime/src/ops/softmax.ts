// Sums of exponentials, and what is made of them: shifted by the largest element, so that nothing overflows.
import type { Tensor } from "../tensor.ts";
import type { Operand } from "./align.ts";
import { abs, add, div, equal, exp, log, select, stopGradient, sub } from "./elementwise.ts";
import { max, sum } from "./reduction.ts";
import { filledAxes, floats, type ReductionOptions, reductionOptions } from "./requirements.ts";
import { reshape } from "./structure.ts";

/**
 * `log(sum(exp(x)))` over axes, without overflow. Infinity where an element is, with the derivative of {@link max}: 1 there,
 * split evenly if there are several. -Infinity where all are, and then without a derivative (0).
 *
 * @throws on whole numbers, and on an empty axis
 */
export function logSumExp(x: Operand, options: ReductionOptions = {}): Tensor {
  reductionOptions("logSumExp", options);
  const value = floats("logSumExp", x);
  const axes = filledAxes("logSumExp", value, options.axes);
  const highest = max(value, { axes, keepDims: true });
  // Infinity - Infinity is NaN: infinities are not shifted.
  const shift = stopGradient(select(equal(abs(highest), Infinity), 0, highest));
  const overflows = equal(highest, Infinity);
  const total = sum(exp(sub(select(overflows, 0, value), shift)), options);
  // Only where all are -Infinity nothing is left; the logarithm of 0 has no derivative.
  const nothing = equal(total, 0);
  const finite = add(log(select(nothing, 1, total)), reshape(shift, total.shape));
  const { shape } = total;
  return select(nothing, -Infinity, select(reshape(overflows, shape), reshape(highest, shape), finite));
}

/** `exp(x) / sum(exp(x))` along an axis (default the last). @throws on whole numbers, and on an empty axis */
export function softmax(x: Operand, axis = -1, ...more: []): Tensor {
  const value = floats("softmax", x, more);
  const exponential = exp(sub(value, highestOf("softmax", value, axis)));
  return div(exponential, sum(exponential, { axes: axis, keepDims: true }));
}

/**
 * `log(softmax(x))` along an axis (default the last), without cancellation. @throws on whole numbers, and on an empty
 * axis
 */
export function logSoftmax(x: Operand, axis = -1, ...more: []): Tensor {
  const value = floats("logSoftmax", x, more);
  const shifted = sub(value, highestOf("logSoftmax", value, axis));
  return sub(shifted, log(sum(exp(shifted), { axes: axis, keepDims: true })));
}

/** The largest element, kept as an axis: a constant for derivatives, because the results do not depend on the shift. */
const highestOf = (who: string, value: Tensor, axes: number | readonly number[] | undefined): Tensor =>
  stopGradient(max(value, { axes: filledAxes(who, value, axes), keepDims: true }));
