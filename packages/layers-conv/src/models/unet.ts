// U-Net: from an image to a field on the same grid.
import { batchNorm, defineLayer, groupNorm, type Layer, type LayerFactory, relu, sequential } from "@hooke/core";
import { checks, concat, HookeError, type Tensor } from "@hooke/runtime";
import { channelsFirst } from "../input.ts";
import { conv2d } from "../layers/conv.ts";
import { convTranspose2d } from "../layers/conv-transpose.ts";
import { maxPool2d } from "../layers/pool.ts";
import { type PaddingMode, paddingMode as paddingModeCheck } from "../options.ts";

/** What is common to {@link unet2d} and its blocks. */
export interface UnetStyle {
  /** `"circular"` for periodic unit cells. Default `"zeros"`. */
  readonly paddingMode?: PaddingMode;
  /**
   * What follows each 3x3 convolution: `"batchNorm"`; `"groupNorm"`, which sees each image by itself, for batches whose fields differ in size and for
   * small ones, in 8 groups, or the most that divide both 8 and the channels; or `"none"`, where convolutions have a bias. Default `"batchNorm"`.
   */
  readonly norm?: "batchNorm" | "groupNorm" | "none";
}

/** Options of {@link unet2d}. */
export interface UnetConfig extends UnetStyle {
  /** Channels of the predicted field. Default 1. */
  readonly outputs?: number;
  /** Channels at full size; each level has twice as many. Default 32. */
  readonly filters?: number;
  /** How often the size is halved. Default 3. */
  readonly depth?: number;
}

/** Options of {@link unetBlock}. */
export interface UnetBlockConfig extends UnetStyle {
  /** Number of output channels. */
  readonly filters: number;
}

const styleChecks = {
  paddingMode: paddingModeCheck,
  norm: (value: unknown) => checks.oneOf(value, ["batchNorm", "groupNorm", "none"]),
};

/** The most groups of those of 8, 4, 2 and 1 that share out the channels. */
const groupsOf = (channels: number): number => [8, 4, 2].find((groups) => channels % groups === 0) ?? 1;

function convolution({ filters, paddingMode = "zeros", norm = "batchNorm" }: UnetBlockConfig): Layer {
  const conv = conv2d({ filters, kernelSize: 3, paddingMode, bias: norm === "none" });
  if (norm === "none") return sequential({ conv });
  return sequential({ conv, norm: norm === "batchNorm" ? batchNorm() : groupNorm({ groups: groupsOf(filters) }) });
}

/**
 * Twice a 3x3 convolution, a normalisation, relu: `[batch, height, width, channels]` to `[batch, height, width, filters]`. What a
 * {@link unet2d} is made of.
 *
 * Parameters: `first` and `second`, each `conv.kernel`, `norm.scale`, `norm.bias`, or without normalisation `conv.kernel`, `conv.bias`.
 */
export const unetBlock: LayerFactory<UnetBlockConfig> = /* @__PURE__ */ defineLayer({
  type: "unetBlock",
  options: { required: { filters: checks.count }, optional: styleChecks },
  children: (config: UnetBlockConfig) => ({ first: convolution(config), second: convolution(config) }),
  apply: ({ children: { first, second } }, x) => relu(second(relu(first(x)))),
});

/**
 * U-Net for full-field prediction: `[batch, height, width, channels]` to `[batch, height, width, outputs]`. Height and
 * width are multiples of `2 ^ depth`. Ronneberger et al., "U-Net: convolutional networks for biomedical image
 * segmentation", MICCAI 2015, with normalisation and padding that keeps the size. Group normalisation: Wu and He, "Group normalization",
 * ECCV 2018.
 *
 * Parameters: `down0` ... `down{depth}` (blocks), `up{level}` (2x2 transposed convolutions), `merge{level}` (blocks),
 * `head`.
 *
 * @throws on sizes that cannot be halved `depth` times
 */
export const unet2d: LayerFactory<UnetConfig> = /* @__PURE__ */ defineLayer({
  type: "unet2d",
  options: {
    optional: {
      outputs: checks.count,
      filters: checks.count,
      depth: checks.countUpTo(16),
      ...styleChecks,
    },
  },
  children: ({ outputs = 1, filters = 32, depth = 3, ...style }: UnetConfig) => {
    const levels = Array.from({ length: depth }, (_, level) => level);
    const at = (level: number): number => filters * 2 ** level;
    const block = (level: number): Layer => unetBlock({ filters: at(level), ...style });
    const entries: (readonly [string, Layer])[] = [
      ...[...levels, depth].map((level) => [`down${level}`, block(level)] as const),
      ...levels.map(
        (level) => [`up${level}`, convTranspose2d({ filters: at(level), kernelSize: 2, stride: 2 })] as const,
      ),
      ...levels.map((level) => [`merge${level}`, block(level)] as const),
    ];
    return Object.fromEntries([
      ...entries,
      ["pool", maxPool2d({ kernelSize: 2 })],
      ["head", conv2d({ filters: outputs, kernelSize: 1 })],
    ]) as Readonly<Record<string, Layer>>;
  },
  apply: ({ config: { depth = 3 }, children }, x) => {
    const [, height, width] = x.shape as readonly [number, number, number, number];
    if (x.rank !== 4 || height % 2 ** depth !== 0 || width % 2 ** depth !== 0) {
      throw new HookeError(
        `expected [batch, height, width, channels] with sides that are multiples of ${2 ** depth}, received [${x.shape.join(", ")}]; ` +
          `crop or pad the images, or use another depth.${channelsFirst(x.shape.slice(1))}`,
        { code: "mismatch" },
      );
    }
    const layer = (name: string, value: Tensor): Tensor => children[name]!(value);
    const skipped: Tensor[] = [];
    let value = x;
    for (let level = 0; level < depth; level++) {
      const block = layer(`down${level}`, value);
      skipped.push(block);
      value = layer("pool", block);
    }
    value = layer(`down${depth}`, value);
    for (let level = depth - 1; level >= 0; level--) {
      value = layer(`merge${level}`, concat([skipped[level]!, layer(`up${level}`, value)], 3));
    }
    return layer("head", value);
  },
});
