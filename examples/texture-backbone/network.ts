// The network: a small residual one that sees grey images of any size and brightness as 128 numbers.
import { batchNorm, defineLayer, type LayerFactory, relu, sequential } from "@hooke/core";
import { conv2d, globalAveragePool } from "@hooke/layers-conv";
import { add, checks, describe, div, fail, maximum, mean, sqrt, square, sub, type Tensor } from "@hooke/runtime";

/** What lies beyond the edges: the image again, as in a periodic unit cell, or its mirror image. */
export type Border = "circular" | "reflect";

/** Options of {@link textureNet}. */
export interface TextureNetConfig {
  /** `"circular"` for periodic unit cells; `"reflect"` for photographs. Default `"reflect"`. */
  readonly border?: Border;
}

interface BlockConfig {
  readonly filters: number;
  readonly stride: number;
  readonly border: Border;
}

const convolution = ({ filters, stride, border }: BlockConfig, kernelSize: number) =>
  conv2d({
    filters,
    kernelSize,
    stride,
    bias: false,
    padding: (kernelSize - 1) / 2,
    paddingMode: border,
    kernelInitializer: "heNormal",
  });

/** Two 3x3 convolutions and their sum with the input, projected where its size or channels change. */
const block = /* @__PURE__ */ defineLayer({
  type: "textureBlock",
  children: (config: BlockConfig) => ({
    conv1: convolution(config, 3),
    norm1: batchNorm(),
    conv2: convolution({ ...config, stride: 1 }, 3),
    norm2: batchNorm(),
    shortcut: sequential([convolution(config, 1), batchNorm()]),
  }),
  apply: ({ config, children: { conv1, norm1, conv2, norm2, shortcut } }, x) => {
    const inner = norm2(conv2(relu(norm1(conv1(x)))));
    return relu(add(inner, config.stride === 1 ? x : shortcut(x)));
  },
});

/**
 * Features of grey images: `[batch, height, width, 1]` to `[batch, 128]`, at least 32 points a side. Each image is brought to mean
 * 0 and standard deviation 1 first: brightness and contrast do not count, whether greys end at 1 or at 255 neither. 307,504
 * parameters: a 5x5 convolution of 16 channels at half the size, residual blocks of 16, 32, 64 and 128 channels, of which all
 * but the first halve it, and the average over the image. He et al., "Deep residual learning for image recognition", CVPR 2016.
 *
 * @throws on other ranks, on several channels and on smaller images
 */
export const textureNet: LayerFactory<TextureNetConfig> = /* @__PURE__ */ defineLayer({
  type: "textureNet",
  options: { optional: { border: (value) => checks.oneOf(value, ["circular", "reflect"]) } },
  children: ({ border = "reflect" }: TextureNetConfig) => ({
    conv: convolution({ filters: 16, stride: 2, border }, 5),
    norm: batchNorm(),
    block1: block({ filters: 16, stride: 1, border }),
    block2: block({ filters: 32, stride: 2, border }),
    block3: block({ filters: 64, stride: 2, border }),
    block4: block({ filters: 128, stride: 2, border }),
    average: globalAveragePool(),
  }),
  apply: ({ children: { conv, norm, block1, block2, block3, block4, average } }, x) => {
    const [height = 0, width = 0, channels] = x.shape.slice(1);
    if (x.rank !== 4 || channels !== 1 || Math.min(height, width) < 32) {
      fail(
        "textureNet",
        `received ${describe(x)}; it takes grey images [batch, height, width, 1] of at least 32 x 32 points.`,
        "mismatch",
      );
    }
    return average(block4(block3(block2(block1(relu(norm(conv(standardized(x)))))))));
  },
});

/** Each image with mean 0 and standard deviation 1; one without contrast becomes 0. */
function standardized(x: Tensor): Tensor {
  const axes = [1, 2, 3];
  const centred = sub(x, mean(x, { axes, keepDims: true }));
  return div(centred, maximum(sqrt(mean(square(centred), { axes, keepDims: true })), 1e-6));
}
