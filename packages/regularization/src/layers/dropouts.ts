// Dropout in other shapes: whole channels, whole samples, and the one that keeps self-normalising networks normalised.
import { defineLayer, type LayerContext } from "@hooke/core";
import { add, bernoulli, checks, describe, HookeError, mul, type Shape, select, type Tensor } from "@hooke/runtime";

/** Options of {@link spatialDropout}, {@link alphaDropout} and {@link dropPath}. */
export interface DropRate {
  /** Probability of being dropped, in [0, 1). */
  readonly rate: number;
}

const options = { required: { rate: checks.fraction } };

/** Ones for the axes that share a draw. */
const shared = (x: Tensor, own: (axis: number) => boolean): Shape =>
  x.shape.map((size, axis) => (own(axis) ? size : 1));

/** What is kept. */
const mask = (rowRng: LayerContext["rowRng"], rate: number, shape: Shape): Tensor =>
  rowRng("mask")(shape, (key, whole) => bernoulli(key, 1 - rate, whole));

/**
 * In training sets whole channels of a sample to 0 with probability `rate` and multiplies the others by `1 / (1 -
 * rate)`; the identity otherwise. Neighbouring pixels are alike, so that single ones dropped would be guessed from the
 * rest. PyTorch's Dropout1d to Dropout3d with channels last: `[batch, ...space, channels]` to the same shape. Tompson
 * et al., "Efficient object localization using convolutional networks" (CVPR 2015).
 *
 * @throws on an input without spatial axes; in training, if the model is applied without a key
 */
export const spatialDropout = /* @__PURE__ */ defineLayer({
  type: "spatialDropout",
  options,
  apply: ({ config: { rate }, training, rowRng }: LayerContext<DropRate>, x) => {
    if (x.rank < 3)
      throw new HookeError(`expected [batch, ...space, channels], received ${describe(x)}.`, { code: "mismatch" });
    if (!training || rate === 0) return x;
    const kept = mask(
      rowRng,
      rate,
      shared(x, (axis) => axis === 0 || axis === x.rank - 1),
    );
    return select(kept, mul(x, 1 / (1 - rate)), 0);
  },
});

/** What selu tends to for large negative inputs: `-scale alpha`. */
const floor = -1.0507009873554805 * 1.6732632423543772;

/**
 * In training sets each element to selu's lower limit, -1.758, with probability `rate`, then scales and shifts all of
 * them so that standard normal inputs keep mean 0 and variance 1; the identity otherwise. Inputs of any shape, `[batch,
 * ...]`, to the same shape. For networks of `selu`; PyTorch's AlphaDropout. Klambauer et al., "Self-normalizing neural
 * networks" (NeurIPS 2017).
 *
 * @throws in training, if the model is applied without a key
 */
export const alphaDropout = /* @__PURE__ */ defineLayer({
  type: "alphaDropout",
  options,
  apply: ({ config: { rate }, training, rowRng }: LayerContext<DropRate>, x) => {
    if (!training || rate === 0) return x;
    const scale = 1 / Math.sqrt((1 - rate) * (1 + rate * floor ** 2));
    const shift = -scale * floor * rate;
    return select(mask(rowRng, rate, x.shape), add(mul(x, scale), shift), scale * floor + shift);
  },
});

/**
 * Stochastic depth: in training sets a whole sample to 0 with probability `rate` and multiplies the others by `1 / (1 -
 * rate)`; the identity otherwise. Inputs of any shape, `[batch, ...]`, to the same shape. As the last layer of a
 * residual branch it drops the branch; torchvision's `stochastic_depth` by rows. Huang et al., "Deep networks with
 * stochastic depth" (ECCV 2016).
 *
 * @throws in training, if the model is applied without a key
 * @example
 * ```ts
 * import { dense, layerNorm, residual, sequential } from "@hooke/core";
 * import { dropPath } from "@hooke/regularization";
 *
 * // Deeper branches are dropped more often.
 * const block = (rate: number) => residual(sequential([layerNorm(), dense({ units: 8 }), dropPath({ rate })]));
 * const model = sequential([0, 0.1, 0.2].map(block));
 * console.log(model.type); // sequential
 * ```
 */
export const dropPath = /* @__PURE__ */ defineLayer({
  type: "dropPath",
  options,
  apply: ({ config: { rate }, training, rowRng }: LayerContext<DropRate>, x) => {
    if (!training || rate === 0) return x;
    const kept = mask(
      rowRng,
      rate,
      shared(x, (axis) => axis === 0),
    );
    return select(kept, mul(x, 1 / (1 - rate)), 0);
  },
});
