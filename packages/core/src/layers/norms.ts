// Normalisations of each sample by itself, the same in training and inference. Channels are the last axis.
import { checks, describe, HookeError, mean, mul, reshape, sizeOf, square, type Tensor } from "@hooke/runtime";
import { defineLayer } from "../model/define-layer.ts";
import { refuseLengths } from "../model/sequence.ts";
import { affine, affineParams, channelsOf, inverseDeviation, type NormConfig, standardized } from "./normalize.ts";

/**
 * Normalises over the last axis, then `x scale + bias`. Ba et al. 2016. NaN where the variance overflows, in f32 from deviations of
 * 1e19 on, as in PyTorch.
 *
 * Parameters: `scale [channels]`, `bias [channels]`.
 */
export const layerNorm = /* @__PURE__ */ defineLayer({
  type: "layerNorm",
  options: { optional: { epsilon: checks.positive } },
  params: (_config: NormConfig, inputShape) => affineParams(inputShape),
  apply: ({ config: { epsilon }, params }, x) => affine(standardized(x, [-1], epsilon), params),
});

/** Options of {@link rmsNorm}. */
export interface RmsNormConfig {
  /**
   * Added to the mean square. Default: the distance from 1 to the next number of the input's dtype, 2^-23 in f32 and 2^-52 in f64,
   * as in PyTorch. (Llama's models were trained with 1e-5 or 1e-6.)
   */
  readonly epsilon?: number;
}

/**
 * Divides by the root of the mean square over the last axis, then `x scale`; nothing is subtracted or added. Zhang and Sennrich,
 * "Root mean square layer normalization", NeurIPS 2019; `torch.nn.RMSNorm`. NaN where the mean square overflows, in f32 from numbers of
 * 1e19 on (PyTorch: 0).
 *
 * Parameters: `scale [channels]`.
 */
export const rmsNorm = /* @__PURE__ */ defineLayer({
  type: "rmsNorm",
  options: { optional: { epsilon: checks.positive } },
  params: (_config: RmsNormConfig, inputShape) => ({
    scale: { shape: channelsOf(inputShape), initializer: "ones" as const },
  }),
  apply: ({ config, params: { scale } }, x) => {
    const { epsilon = x.dtype === "f64" ? 2 ** -52 : 2 ** -23 } = config;
    return mul(mul(x, inverseDeviation(mean(square(x), { axes: [-1], keepDims: true }), epsilon)), scale);
  },
});

/** One value minus its mean is 0, whatever the value: the output would be the bias alone. PyTorch refuses it, too. */
const oneValue = (where: string, x: Tensor): HookeError =>
  new HookeError(`expected more than one value in ${where}, received ${describe(x)}.`, { code: "mismatch" });

const eachStep = "use layerNorm, which normalises each step by itself";

/** Options of {@link groupNorm}. */
export interface GroupNormConfig extends NormConfig {
  /** Number of groups of consecutive channels; divides the number of channels. */
  readonly groups: number;
}

/**
 * Normalises over space and the channels of a group, then `x scale + bias`. Wu and He 2018.
 *
 * Parameters: `scale [channels]`, `bias [channels]`.
 *
 * @throws if the groups do not divide the channels, or hold one value each; on sequences with lengths
 */
export const groupNorm = /* @__PURE__ */ defineLayer({
  type: "groupNorm",
  options: { required: { groups: checks.count }, optional: { epsilon: checks.positive } },
  params: (_config: GroupNormConfig, inputShape) => affineParams(inputShape),
  apply: ({ config: { groups, epsilon }, params, extras }, x) => {
    if (x.rank > 2) refuseLengths(extras.lengths, eachStep);
    const channels = x.shape.at(-1)!;
    if (channels % groups !== 0) {
      throw new HookeError(`expected channels, the last axis, in ${groups} equal groups, received ${describe(x)}.`, {
        code: "mismatch",
      });
    }
    const values = sizeOf(x.shape.slice(1, -1));
    if (values * channels === groups) throw oneValue(`its ${groups} groups`, x);
    const grouped = reshape(x, [x.shape[0]!, values, groups, channels / groups]);
    return affine(reshape(standardized(grouped, [1, 3], epsilon), x.shape), params);
  },
});

/**
 * Normalises each channel over space, then `x scale + bias`. Ulyanov et al. 2016.
 *
 * Parameters: `scale [channels]`, `bias [channels]`.
 *
 * @throws on an input without spatial axes, or with a single value along them; on sequences with lengths
 */
export const instanceNorm = /* @__PURE__ */ defineLayer({
  type: "instanceNorm",
  options: { optional: { epsilon: checks.positive } },
  params: (_config: NormConfig, inputShape) => affineParams(inputShape),
  apply: ({ config: { epsilon }, params, extras }, x) => {
    refuseLengths(extras.lengths, eachStep);
    if (x.rank < 3)
      throw new HookeError(`expected [batch, ...space, channels], received ${describe(x)}.`, { code: "mismatch" });
    if (sizeOf(x.shape.slice(1, -1)) === 1) throw oneValue("each channel", x);
    const space = x.shape.slice(1, -1).map((_, axis) => axis + 1);
    return affine(standardized(x, space, epsilon), params);
  },
});
