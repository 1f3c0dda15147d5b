// What the normalisation layers share: an affine map per channel, and standardisation over some axes.
import {
  add,
  HookeError,
  less,
  mean,
  mul,
  rsqrt,
  type Shape,
  select,
  square,
  stopGradient,
  sub,
  type Tensor,
} from "@hooke/runtime";
import type { ParameterSpec } from "../initializers/initializer.ts";

/** Options of normalisations without running statistics. */
export interface NormConfig {
  /** Added to the variance. Default 1e-5. */
  readonly epsilon?: number;
}

/** The shape `[channels]`, the input's last axis. @throws if there is none */
export function channelsOf(inputShape: Shape): Shape {
  if (inputShape.length === 0)
    throw new HookeError("expected an input [batch, ..., channels], received [batch].", { code: "mismatch" });
  return inputShape.slice(-1);
}

/** Scale (from ones) and bias (from zeros) per channel. */
export function affineParams(inputShape: Shape): { readonly scale: ParameterSpec; readonly bias: ParameterSpec } {
  const shape = channelsOf(inputShape);
  return { scale: { shape, initializer: "ones" }, bias: { shape, initializer: "zeros" } };
}

/** `x scale + bias`. */
export const affine = (x: Tensor, { scale, bias }: { readonly scale: Tensor; readonly bias: Tensor }): Tensor =>
  add(mul(x, scale), bias);

/**
 * What rounding the mean has left in deviations from it, a constant for derivatives. Equal numbers are equally far from their rounded
 * mean; divided by their own size, that would look like a result instead of 0.
 */
export const meanError = (deviations: Tensor, meanOf: (values: Tensor) => Tensor): Tensor =>
  stopGradient(meanOf(deviations));

/**
 * `1 / sqrt(variance + epsilon)`; NaN where the variance has overflowed: 1 / Infinity would turn whatever is normalised into 0 without a
 * word.
 */
export const inverseDeviation = (variance: Tensor, epsilon = 1e-5): Tensor =>
  select(less(variance, Infinity), rsqrt(add(variance, epsilon)), Number.NaN);

/** Mean 0 and variance 1 over axes; the variance divides by the count. */
export function standardized(x: Tensor, axes: readonly number[], epsilon?: number): Tensor {
  const meanOf = (values: Tensor): Tensor => mean(values, { axes, keepDims: true });
  const nearly = sub(x, meanOf(x));
  const centered = sub(nearly, meanError(nearly, meanOf));
  return mul(centered, inverseDeviation(meanOf(square(centered)), epsilon));
}
