// The numbers a pretrained network was fed: channels less their mean, over their deviation, as a layer in front of it.
import { defineLayer, type LayerFactory } from "@hooke/core";
import { array, type Check, describe, div, HookeError, sub } from "@hooke/runtime";

/** Options of {@link normalizeChannels}. */
export interface NormalizeChannelsConfig {
  /** By channel, in the units of the images. */
  readonly mean: readonly number[];
  /** By channel, in the units of the images. */
  readonly std: readonly number[];
}

const numbers: Check = (value) =>
  Array.isArray(value) && value.length > 0 && value.every((each) => Number.isFinite(each))
    ? undefined
    : "a number for each channel";
const positive: Check = (value) =>
  numbers(value) ?? ((value as number[]).every((each) => each > 0) ? undefined : "a number above 0 for each channel");

/**
 * `(x - mean) / std` over the last axis. One grey channel becomes as many as there are numbers, so that a network of colour images sees it as
 * the grey image that it is, at the borders too, where zeros that a convolution pads with would not stand for the mean.
 *
 * @example
 * ```ts
 * import { normalizeChannels } from "@hooke/transfer";
 *
 * // What torchvision's networks were trained on, of images from 0 to 1.
 * const imagenet = normalizeChannels({ mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] });
 * console.log(imagenet.type); // normalizeChannels
 * ```
 */
export const normalizeChannels: LayerFactory<NormalizeChannelsConfig> = /* @__PURE__ */ defineLayer({
  type: "normalizeChannels",
  options: { required: { mean: numbers, std: positive } },
  apply: ({ config: { mean, std } }: { readonly config: NormalizeChannelsConfig }, x) => {
    if (x.rank < 2) {
      throw new HookeError(`expected an input [batch, ..., channels], received ${describe(x)}.`, { code: "mismatch" });
    }
    const channels = x.shape.at(-1);
    if (mean.length !== std.length || (channels !== mean.length && channels !== 1)) {
      throw new HookeError(
        `received ${channels} channels for ${mean.length} means and ${std.length} deviations; give one of each for every channel.`,
        { code: "mismatch" },
      );
    }
    const of = (values: readonly number[]) => array(values, { dtype: x.dtype as "f32" | "f64" });
    return div(sub(x, of(mean)), of(std));
  },
});
