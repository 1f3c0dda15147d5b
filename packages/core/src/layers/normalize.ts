// What the normalisation layers share: an affine map per channel, and standardisation over some axes.
import { add, HookeError, mean, mul, rsqrt, type Shape, square, sub, type Tensor } from "@hooke/runtime";
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

/** Mean 0 and variance 1 over axes; the variance divides by the count. */
export function standardized(x: Tensor, axes: readonly number[], epsilon = 1e-5): Tensor {
  const centered = sub(x, mean(x, { axes, keepDims: true }));
  const variance = mean(square(centered), { axes, keepDims: true });
  return mul(centered, rsqrt(add(variance, epsilon)));
}
