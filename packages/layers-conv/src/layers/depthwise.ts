// Depthwise convolution, each channel by itself, and separable convolution, which mixes channels afterwards.
import { type Activation, activate, defineLayer, type Initializer, type LayerFactory } from "@hooke/core";
import { add, checks } from "@hooke/runtime";
import { spatialOf } from "../input.ts";
import { each, type Padding, type PaddingMode, type PerAxis } from "../options.ts";
import { conv1d, conv2d, conv3d, convolutionChecks, convolve } from "./conv.ts";

/** Options of the depthwise convolutions. */
export interface DepthwiseConfig {
  /** Points of the window. */
  readonly kernelSize: PerAxis;
  /** Filters of each input channel. Default 1. */
  readonly multiplier?: number;
  /** Default 1. */
  readonly stride?: PerAxis;
  /** Default `"same"`. */
  readonly padding?: Padding;
  /** Default `"zeros"`. */
  readonly paddingMode?: PaddingMode;
  /** Default 1. */
  readonly dilation?: PerAxis;
  /** Applied to the result. Default: none. */
  readonly activation?: Activation;
  /** Whether a bias is added. Default true. */
  readonly bias?: boolean;
  /** Default `"torchDefault"`. */
  readonly kernelInitializer?: Initializer;
  /** Default `"torchDefault"`. */
  readonly biasInitializer?: Initializer;
}

function depthwise(type: string, rank: number): LayerFactory<DepthwiseConfig> {
  const { required, optional } = convolutionChecks(rank);
  const { groups: _, ...shared } = optional;
  return defineLayer({
    type,
    options: { required: { kernelSize: required.kernelSize }, optional: { ...shared, multiplier: checks.count } },
    params: (config: DepthwiseConfig, inputShape) => {
      const { kernelSize, multiplier = 1, bias = true } = config;
      const { kernelInitializer = "torchDefault", biasInitializer = "torchDefault" } = config;
      spatialOf(inputShape, rank);
      const filters = inputShape.at(-1)! * multiplier;
      const window = each(kernelSize, rank);
      const fanIn = window.reduce((product, size) => product * size, 1);
      return {
        kernel: { shape: [...window, 1, filters], initializer: kernelInitializer },
        bias: bias ? { shape: [filters], initializer: biasInitializer, fanIn } : undefined,
      };
    },
    apply: ({ config, params: { kernel, bias }, extras: { lengths } }, x) => {
      const { multiplier: _, ...window } = config;
      const product = convolve({ x, kernel, lengths }, { ...window, groups: x.shape.at(-1)! }, rank);
      const sum = bias === undefined ? product : add(product, bias);
      return config.activation === undefined ? sum : activate(config.activation, sum);
    },
  });
}

/**
 * Each channel convolved by itself: `[batch, length, channels]` to `[batch, length', channels * multiplier]`, `length'`
 * as in {@link conv1d}; the filters of a channel follow each other. Sifre, "Rigid-motion scattering for image
 * classification", thesis, École Polytechnique, 2014.
 *
 * Parameters: `kernel [kernelSize, 1, channels * multiplier]`, `bias [channels * multiplier]`.
 *
 * @throws on other ranks, and on reflecting or circular padding wider than the input
 */
export const depthwiseConv1d: LayerFactory<DepthwiseConfig> = /* @__PURE__ */ depthwise("depthwiseConv1d", 1);
/**
 * As {@link depthwiseConv1d}: `[batch, height, width, channels]` to `[batch, height', width', channels * multiplier]`.
 *
 * Parameters: `kernel [height, width, 1, channels * multiplier]`, `bias [channels * multiplier]`.
 */
export const depthwiseConv2d: LayerFactory<DepthwiseConfig> = /* @__PURE__ */ depthwise("depthwiseConv2d", 2);
/**
 * As {@link depthwiseConv1d}: `[batch, depth, height, width, channels]` to
 * `[batch, depth', height', width', channels * multiplier]`.
 *
 * Parameters: `kernel [depth, height, width, 1, channels * multiplier]`, `bias [channels * multiplier]`.
 */
export const depthwiseConv3d: LayerFactory<DepthwiseConfig> = /* @__PURE__ */ depthwise("depthwiseConv3d", 3);

/** Options of the separable convolutions; the activation and the bias belong to the mixing convolution. */
export interface SeparableConfig extends Omit<DepthwiseConfig, "biasInitializer" | "kernelInitializer"> {
  /** Number of output channels. */
  readonly filters: number;
}

function separable(
  type: string,
  rank: number,
  spatial: LayerFactory<DepthwiseConfig>,
  pointwise: typeof conv2d,
): LayerFactory<SeparableConfig> {
  const { required, optional } = convolutionChecks(rank);
  const { groups: _, kernelInitializer: _k, biasInitializer: _b, ...shared } = optional;
  return defineLayer({
    type,
    options: { required, optional: { ...shared, multiplier: checks.count } },
    children: ({ filters, activation, bias = true, ...window }: SeparableConfig) => ({
      depthwise: spatial({ ...window, bias: false }),
      pointwise: pointwise({ filters, kernelSize: 1, bias, ...(activation !== undefined && { activation }) }),
    }),
    apply: ({ children }, x) => children.pointwise(children.depthwise(x)),
  });
}

/**
 * A depthwise convolution without bias, then one of window 1 that mixes the channels: `[batch, length, channels]` to
 * `[batch, length', filters]`, `length'` as in {@link conv1d}. Chollet, "Xception: deep learning with depthwise
 * separable convolutions", CVPR 2017.
 *
 * Parameters: `depthwise.kernel [kernelSize, 1, channels * multiplier]`,
 * `pointwise.kernel [1, channels * multiplier, filters]`, `pointwise.bias [filters]`.
 *
 * @throws on other ranks, and on reflecting or circular padding wider than the input
 */
export const separableConv1d: LayerFactory<SeparableConfig> = /* @__PURE__ */ separable(
  "separableConv1d",
  1,
  depthwiseConv1d,
  conv1d,
);
/** As {@link separableConv1d}: `[batch, height, width, channels]` to `[batch, height', width', filters]`. */
export const separableConv2d: LayerFactory<SeparableConfig> = /* @__PURE__ */ separable(
  "separableConv2d",
  2,
  depthwiseConv2d,
  conv2d,
);
/**
 * As {@link separableConv1d}: `[batch, depth, height, width, channels]` to `[batch, depth', height', width', filters]`.
 */
export const separableConv3d: LayerFactory<SeparableConfig> = /* @__PURE__ */ separable(
  "separableConv3d",
  3,
  depthwiseConv3d,
  conv3d,
);
