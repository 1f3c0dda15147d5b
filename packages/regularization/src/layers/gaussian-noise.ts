// Gaussian noise: inputs, or what layers make of them, disturbed while training.
import { defineLayer, type LayerContext } from "@hooke/core";
import { add, checks, mul, normal } from "@hooke/runtime";

/** Options of {@link gaussianNoise}. */
export interface GaussianNoiseConfig {
  /** In the units of the input; 0 or more. */
  readonly standardDeviation: number;
}

/**
 * In training adds normal noise of mean 0, drawn anew for each element and update; the identity otherwise. Inputs of
 * any shape, `[batch, ...]`, to the same shape. In front of a model it penalises steep functions. Bishop, "Training
 * with noise is equivalent to Tikhonov regularization" (Neural Computation 1995).
 *
 * @throws in training, if the model is applied without a key
 */
export const gaussianNoise = /* @__PURE__ */ defineLayer({
  type: "gaussianNoise",
  options: { required: { standardDeviation: checks.nonNegative } },
  apply: ({ config: { standardDeviation }, training, rowRng }: LayerContext<GaussianNoiseConfig>, x) => {
    if (!training || standardDeviation === 0) return x;
    const noise = rowRng("noise")(x.shape, (key, shape) => normal(key, shape, x.dtype === "f64" ? "f64" : "f32"));
    return add(x, mul(noise, standardDeviation));
  },
});
