// Dropout: zeros at random while training.
import { bernoulli, checks, mul, select } from "@hooke/runtime";
import { defineLayer, type LayerContext } from "../model/define-layer.ts";

/** Options of {@link dropout}. */
export interface DropoutConfig {
  /** Probability that an element becomes 0, in [0, 1). */
  readonly rate: number;
}

/**
 * In training sets each element to 0 with probability `rate` and multiplies the others by `1 / (1 - rate)`; the identity
 * otherwise. Srivastava et al. 2014.
 *
 * @throws in training, if the model is applied without a key
 */
export const dropout = /* @__PURE__ */ defineLayer({
  type: "dropout",
  options: { required: { rate: checks.fraction } },
  apply: ({ config: { rate }, training, rowRng }: LayerContext<DropoutConfig>, x) => {
    if (!training || rate === 0) return x;
    const kept = rowRng("mask")(x.shape, (key, shape) => bernoulli(key, 1 - rate, shape));
    return select(kept, mul(x, 1 / (1 - rate)), 0);
  },
});
