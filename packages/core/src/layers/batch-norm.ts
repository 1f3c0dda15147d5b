// Batch normalisation: statistics of the batch in training, running statistics otherwise.
import { add, checks, describe, HookeError, mean, mul, rsqrt, sizeOf, square, sub } from "@hooke/runtime";
import type { ParameterSpec } from "../initializers/initializer.ts";
import { defineLayer } from "../layer/define-layer.ts";
import { affine, affineParams, channelsOf } from "./normalize.ts";

/** Options of {@link batchNorm}. */
export interface BatchNormConfig {
  /** Weight of a batch in the running statistics: `new = (1 - momentum) old + momentum batch`. Default 0.1. */
  readonly momentum?: number;
  /** Added to the variance. Default 1e-5. */
  readonly epsilon?: number;
}

/**
 * Normalises each channel (the last axis) over batch and space: by the batch's mean and variance in training, by the running
 * ones otherwise; then `x scale + bias`. Ioffe and Szegedy 2015, with PyTorch's conventions: the batch is normalised by its
 * variance over `n`, the running variance takes the one over `n - 1`.
 *
 * Parameters: `scale [channels]`, `bias [channels]`; state: `mean [channels]`, `variance [channels]`.
 *
 * @throws in training, on one value per channel
 */
export const batchNorm = /* @__PURE__ */ defineLayer({
  type: "batchNorm",
  options: { optional: { momentum: checks.fraction, epsilon: checks.positive } },
  params: (_config: BatchNormConfig, inputShape) => affineParams(inputShape),
  state: (_config, inputShape): { readonly mean: ParameterSpec; readonly variance: ParameterSpec } => ({
    mean: { shape: channelsOf(inputShape), initializer: "zeros" },
    variance: { shape: channelsOf(inputShape), initializer: "ones" },
  }),
  apply: ({ config, params, state, training }, x) => {
    const { momentum = 0.1, epsilon = 1e-5 } = config;
    if (!training) {
      const scale = mul(params.scale, rsqrt(add(state.variance, epsilon)));
      return [affine(sub(x, state.mean), { scale, bias: params.bias }), state];
    }
    const count = sizeOf(x.shape.slice(0, -1));
    if (count < 2) {
      throw new HookeError(
        `expected more than one value per channel in training, received ${describe(x)}; train on batches of more rows.`,
        { code: "mismatch" },
      );
    }
    const axes = x.shape.slice(0, -1).map((_, axis) => axis);
    const batchMean = mean(x, { axes });
    const centered = sub(x, batchMean);
    const batchVariance = mean(square(centered), { axes });
    const scale = mul(params.scale, rsqrt(add(batchVariance, epsilon)));
    const nextState = {
      mean: add(mul(state.mean, 1 - momentum), mul(batchMean, momentum)),
      variance: add(mul(state.variance, 1 - momentum), mul(batchVariance, (momentum * count) / (count - 1))),
    };
    return [affine(centered, { scale, bias: params.bias }), nextState];
  },
});
