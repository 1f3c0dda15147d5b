// A small residual network that sees grey images of any size and brightness as 128 numbers.
import { batchNorm, defineLayer, type LayerFactory, relu, sequential } from "@hooke/core";
import { add, checks, div, HookeError, maximum, mean, sqrt, square, sub, type Tensor } from "@hooke/runtime";
import { spatialOf } from "../input.ts";
import { globalAveragePool } from "../layers/adaptive-pool.ts";
import { conv2d } from "../layers/conv.ts";
import type { PaddingMode } from "../options.ts";

/** Options of {@link textureNet}. */
export interface TextureNetConfig {
  /** `"circular"` for periodic unit cells. Default `"reflect"`, for photographs. */
  readonly paddingMode?: Exclude<PaddingMode, "zeros">;
}

interface BlockConfig {
  readonly filters: number;
  readonly stride: number;
  readonly paddingMode: NonNullable<TextureNetConfig["paddingMode"]>;
}

const convolution = ({ filters, stride, paddingMode }: BlockConfig, kernelSize: number) =>
  conv2d({
    filters,
    kernelSize,
    stride,
    paddingMode,
    bias: false,
    padding: (kernelSize - 1) / 2,
    kernelInitializer: "heNormal",
  });

/** Two 3x3 convolutions and their sum with the input, which is projected where the size changes. */
const block = /* @__PURE__ */ defineLayer({
  type: "textureBlock",
  children: (config: BlockConfig) => ({
    conv1: convolution(config, 3),
    norm1: batchNorm(),
    conv2: convolution({ ...config, stride: 1 }, 3),
    norm2: batchNorm(),
    shortcut: sequential([convolution(config, 1), batchNorm()]),
  }),
  apply: ({ config: { stride }, children: { conv1, norm1, conv2, norm2, shortcut } }, x) => {
    const inner = norm2(conv2(relu(norm1(conv1(x)))));
    return relu(add(inner, stride === 1 ? x : shortcut(x)));
  },
});

/**
 * Features of textures in grey: `[batch, height, width, 1]` to `[batch, 128]`, at least 32 points a side. Each image is first brought
 * to mean 0 and standard deviation 1, so that brightness, contrast and the unit of grey do not count. A 5x5 convolution of 16
 * channels at half the size, residual blocks of 16, 32, 64 and 128 channels, of which all but the first halve it again, and the
 * average over the image: 307,504 parameters. Blocks as in He et al., "Deep residual learning for image recognition", CVPR 2016.
 *
 * Weights that were trained on generated textures: `@hooke/transfer/texture-net`.
 *
 * Parameters: `conv`, `norm`, `block1` to `block4`, each `conv1`, `norm1`, `conv2`, `norm2`, and `shortcut.0`, `shortcut.1` in all
 * but the first.
 *
 * @throws on other ranks, on several channels and on smaller images
 */
export const textureNet: LayerFactory<TextureNetConfig> = /* @__PURE__ */ defineLayer({
  type: "textureNet",
  options: { optional: { paddingMode: (value) => checks.oneOf(value, ["circular", "reflect"]) } },
  children: ({ paddingMode = "reflect" }: TextureNetConfig) => ({
    conv: convolution({ filters: 16, stride: 2, paddingMode }, 5),
    norm: batchNorm(),
    block1: block({ filters: 16, stride: 1, paddingMode }),
    block2: block({ filters: 32, stride: 2, paddingMode }),
    block3: block({ filters: 64, stride: 2, paddingMode }),
    block4: block({ filters: 128, stride: 2, paddingMode }),
    average: globalAveragePool(),
  }),
  apply: ({ children: { conv, norm, block1, block2, block3, block4, average } }, x) => {
    spatialOf(x.shape.slice(1), 2, 32);
    const channels = x.shape[3]!;
    if (channels !== 1) {
      throw new HookeError(
        `received images of ${channels} channels; it sees grey ones, [batch, height, width, 1]: average the channels.`,
        { code: "mismatch" },
      );
    }
    return average(block4(block3(block2(block1(relu(norm(conv(standardized(x)))))))));
  },
});

/** Each image with mean 0 and standard deviation 1; one without contrast becomes 0. */
function standardized(x: Tensor): Tensor {
  const options = { axes: [1, 2, 3], keepDims: true };
  const centred = sub(x, mean(x, options));
  return div(centred, maximum(sqrt(mean(square(centred), options)), 1e-6));
}
