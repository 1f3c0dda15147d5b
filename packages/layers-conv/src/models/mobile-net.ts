// MobileNetV2 for images: torchvision's, and with another padding and epsilon Keras'.
import { batchNorm, defineLayer, dense, type Layer, type LayerFactory, sequential } from "@hooke/core";
import { add, checks, clip, type Tensor } from "@hooke/runtime";
import { globalAveragePool } from "../layers/adaptive-pool.ts";
import { conv2d } from "../layers/conv.ts";
import { depthwiseConv2d } from "../layers/depthwise.ts";

/** How the convolutions of {@link mobileNetV2} and {@link invertedResidualBlock} are padded and normalised. */
export interface MobileNetStyle {
  /**
   * `"symmetric"` pads by one point on every side, as torchvision does; `"same"` puts what a stride leaves over to the end, as
   * Keras does. Weights trained with one are wrong with the other. Default `"symmetric"`.
   */
  readonly padding?: "symmetric" | "same";
  /** Of batch normalisation: 1e-5 in torchvision, 1e-3 in Keras. Default 1e-5. */
  readonly epsilon?: number;
  /** Whether there is batch normalisation; without, convolutions have a bias, as where exporters fold one into the other. Default true. */
  readonly norm?: boolean;
}

/** Options of {@link invertedResidualBlock}. */
export interface InvertedResidualBlockConfig extends MobileNetStyle {
  /** Channels of the output. */
  readonly filters: number;
  /** Channels of the depthwise convolution. */
  readonly expandedFilters: number;
  /** Of the depthwise convolution. Default 1. */
  readonly stride?: number;
}

/** Options of {@link mobileNetV2}. */
export interface MobileNetConfig extends MobileNetStyle {
  /**
   * Number of outputs: classes, or regression targets. Default 1000, as for ImageNet. With 0 there is no head: the output is the
   * averages over the image, 1,280 where `width` is at most 1.
   */
  readonly outputs?: number;
  /** Factor of all numbers of channels, which are rounded to multiples of 8. Default 1. */
  readonly width?: number;
}

const styleChecks = {
  padding: (value: unknown) => checks.oneOf(value, ["symmetric", "same"]),
  epsilon: checks.positive,
  norm: checks.flag,
};

/** A convolution over all channels, or over each by itself, and its normalisation; weights start as torchvision's, of variance `2 / fanOut`. */
function unit(filters: number, kernelSize: number, stride: number, depthwise: boolean, style: MobileNetStyle): Layer {
  const { padding = "symmetric", epsilon, norm = true } = style;
  const options = {
    kernelSize,
    stride,
    bias: !norm,
    padding: padding === "same" ? ("same" as const) : (kernelSize - 1) / 2,
    kernelInitializer: {
      name: "normal",
      standardDeviation: Math.SQRT2 / Math.sqrt(kernelSize ** 2 * filters),
    } as const,
    biasInitializer: "zeros" as const,
  };
  const conv = depthwise ? depthwiseConv2d(options) : conv2d({ filters, ...options });
  return norm ? sequential({ conv, norm: batchNorm(epsilon === undefined ? {} : { epsilon }) }) : conv;
}

const relu6 = (x: Tensor): Tensor => clip(x, 0, 6);

/**
 * A 1x1 convolution to `expandedFilters` channels, which is left out where the input has as many, a 3x3 depthwise and a 1x1 convolution,
 * each with batch normalisation, the first two with relu limited to 6; and the input added where size and channels stay:
 * `[batch, height, width, channels]` to `[batch, ceil(height / stride), ceil(width / stride), filters]`. Sandler et al.,
 * "MobileNetV2: inverted residuals and linear bottlenecks", CVPR 2018.
 *
 * Parameters: `expand`, `depthwise`, `project`, each `conv.kernel`, `norm.scale`, `norm.bias`; with `norm: false` `kernel`, `bias`.
 */
export const invertedResidualBlock: LayerFactory<InvertedResidualBlockConfig> = /* @__PURE__ */ defineLayer({
  type: "invertedResidualBlock",
  options: {
    required: { filters: checks.count, expandedFilters: checks.count },
    optional: { stride: checks.count, ...styleChecks },
  },
  children: ({ filters, expandedFilters, stride = 1, ...style }: InvertedResidualBlockConfig) => ({
    expand: unit(expandedFilters, 1, 1, false, style),
    depthwise: unit(expandedFilters, 3, stride, true, style),
    project: unit(filters, 1, 1, false, style),
  }),
  apply: ({ config: { filters, expandedFilters, stride = 1 }, children: { expand, depthwise, project } }, x) => {
    const channels = x.shape.at(-1);
    const inner = project(relu6(depthwise(channels === expandedFilters ? x : relu6(expand(x)))));
    return stride === 1 && channels === filters ? add(x, inner) : inner;
  },
});

/** Expansion, channels, blocks and first stride of each stage. */
const stages = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

/** The multiple of 8 next to a number of channels, at least nine tenths of it. */
function multipleOf8(channels: number): number {
  const near = Math.max(8, 8 * Math.floor((channels + 4) / 8));
  return near < 0.9 * channels ? near + 8 : near;
}

function blocksOf(width: number, style: MobileNetStyle): Layer[] {
  let channels = multipleOf8(32 * width);
  return stages.flatMap(([expansion, outputs, count, stride]) =>
    Array.from({ length: count }, (_, i) => {
      const filters = multipleOf8(outputs * width);
      const options = { filters, expandedFilters: expansion * channels, stride: i === 0 ? stride : 1, ...style };
      channels = filters;
      return invertedResidualBlock(options);
    }),
  );
}

/**
 * MobileNetV2: `[batch, height, width, channels]` to `[batch, outputs]`, images of any size; 3,504,872 parameters for three channels
 * and 1,000 classes. It has the layers of torchvision's without the dropout before the head; with
 * `{ padding: "same", epsilon: 1e-3 }` those of Keras'. Sandler et al., "MobileNetV2: inverted residuals and linear bottlenecks",
 * CVPR 2018.
 *
 * Parameters: `stem`, `blocks.0` to `blocks.16`, each as {@link invertedResidualBlock}, `last`, `head`.
 */
export const mobileNetV2: LayerFactory<MobileNetConfig> = /* @__PURE__ */ defineLayer({
  type: "mobileNetV2",
  options: { optional: { outputs: checks.wholeNumber, width: checks.positive, ...styleChecks } },
  children: ({ outputs = 1000, width = 1, ...style }: MobileNetConfig) => ({
    stem: unit(multipleOf8(32 * width), 3, 2, false, style),
    blocks: sequential(blocksOf(width, style)),
    last: unit(multipleOf8(1280 * Math.max(1, width)), 1, 1, false, style),
    average: globalAveragePool(),
    ...(outputs > 0 && {
      head: dense({ units: outputs, kernelInitializer: { name: "normal", standardDeviation: 0.01 } }),
    }),
  }),
  apply: ({ children: { stem, blocks, last, average, head } }, x) => {
    const features = average(relu6(last(blocks(relu6(stem(x))))));
    return head === undefined ? features : head(features);
  },
});
