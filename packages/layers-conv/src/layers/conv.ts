// Convolution in one, two and three dimensions.
import {
  type Activation,
  activate,
  activationCheck,
  defineLayer,
  type Initializer,
  initializerCheck,
  type LayerFactory,
  refuseLengths,
  sequenceLengths,
  withinLengths,
} from "@hooke/core";
import { add, checks, conv, HookeError, type Tensor } from "@hooke/runtime";
import { withBorder } from "../border.ts";
import { channelsFirst, channelsLast, spatialOf } from "../input.ts";
import {
  each,
  marginsOf,
  type Padding,
  type PaddingMode,
  type PerAxis,
  padding as paddingCheck,
  paddingMode as paddingModeCheck,
  perAxis,
} from "../options.ts";

/** Options of {@link conv1d}, {@link conv2d} and {@link conv3d}. */
export interface ConvConfig {
  /** Number of output channels. */
  readonly filters: number;
  /** Points of the window. */
  readonly kernelSize: PerAxis;
  /** Default 1. */
  readonly stride?: PerAxis;
  /** Default `"same"`; PyTorch's default is `"valid"`. */
  readonly padding?: Padding;
  /** What padding holds. `"circular"` is for periodic unit cells. Default `"zeros"`. */
  readonly paddingMode?: PaddingMode;
  /** Distance between the points of the window. Default 1. */
  readonly dilation?: PerAxis;
  /** Parts of the channels that do not see each other; it divides input channels and filters. Default 1. */
  readonly groups?: number;
  /** Applied to the result. Default: none. */
  readonly activation?: Activation;
  /** Whether a bias is added. Default true. */
  readonly bias?: boolean;
  /** Default `"torchDefault"`: uniform within `1 / sqrt(fan in)`. */
  readonly kernelInitializer?: Initializer;
  /** Default `"torchDefault"`: uniform within `1 / sqrt(fan in)`. */
  readonly biasInitializer?: Initializer;
}

/** Checks of what convolutions have in common. */
export const convolutionChecks = (rank: number) => ({
  required: { filters: checks.count, kernelSize: perAxis(rank, 1) },
  optional: {
    stride: perAxis(rank, 1),
    padding: paddingCheck(rank),
    paddingMode: paddingModeCheck,
    dilation: perAxis(rank, 1),
    groups: checks.count,
    activation: activationCheck,
    bias: checks.flag,
    kernelInitializer: initializerCheck,
    biasInitializer: initializerCheck,
  },
});

/** What {@link convolve} convolves. */
interface Convolved {
  readonly x: Tensor;
  readonly kernel: Tensor;
  /** The extra of that name, where there is one. */
  readonly lengths: Tensor | undefined;
}

/** The convolution of {@link ConvConfig}, before bias and activation. */
export function convolve({ x, kernel, lengths }: Convolved, config: Omit<ConvConfig, "filters">, rank: number): Tensor {
  const { stride = 1, dilation = 1, padding = "same", paddingMode = "zeros", groups = 1 } = config;
  const spatial = spatialOf(x.shape.slice(1), rank);
  const [strides, dilations, window] = [stride, dilation, config.kernelSize].map((value) => each(value, rank)) as [
    readonly number[],
    readonly number[],
    readonly number[],
  ];
  const margins = marginsOf(padding, spatial, window, strides, dilations);
  const params = { stride: strides, dilation: dilations, groups };
  const reach = dilations[0]! * (window[0]! - 1);
  const keepsSteps = strides[0] === 1 && margins[0]![0] + margins[0]![1] === reach;
  if (!keepsSteps || (paddingMode !== "zeros" && reach > 0)) {
    refuseLengths(lengths, 'along the steps use stride 1, padding "same" and paddingMode "zeros"');
  }
  const inside = withinLengths(x, sequenceLengths(lengths, x));
  return channelsLast(x.shape.slice(1), () =>
    paddingMode === "zeros"
      ? conv(inside, kernel, { ...params, padding: margins })
      : conv(withBorder(inside, margins, paddingMode), kernel, params),
  );
}

/** @throws if groups do not divide both numbers of channels */
export function checkGroups(groups: number, inputShape: readonly number[], filters: number): void {
  const channels = inputShape.at(-1)!;
  if (channels % groups === 0 && filters % groups === 0) return;
  throw new HookeError(
    `has ${groups} groups for ${channels} input channels and ${filters} filters; groups divide both numbers.${channelsFirst(inputShape)}`,
    { code: "mismatch" },
  );
}

function convolution(type: string, rank: number): LayerFactory<ConvConfig> {
  return defineLayer({
    type,
    options: convolutionChecks(rank),
    params: (config: ConvConfig, inputShape) => {
      const { filters, kernelSize, groups = 1, bias = true } = config;
      const { kernelInitializer = "torchDefault", biasInitializer = "torchDefault" } = config;
      spatialOf(inputShape, rank);
      const channels = inputShape.at(-1)!;
      checkGroups(groups, inputShape, filters);
      const shape = [...each(kernelSize, rank), channels / groups, filters];
      const fanIn = shape.slice(0, -1).reduce((product, size) => product * size, 1);
      return {
        kernel: { shape, initializer: kernelInitializer },
        bias: bias ? { shape: [filters], initializer: biasInitializer, fanIn } : undefined,
      };
    },
    apply: ({ config, params: { kernel, bias }, extras: { lengths } }, x) => {
      const product = convolve({ x, kernel, lengths }, config, rank);
      const sum = bias === undefined ? product : add(product, bias);
      return config.activation === undefined ? sum : activate(config.activation, sum);
    },
  });
}

/**
 * Cross-correlation along one axis: `[batch, length, channels]` to `[batch, length', filters]`, where
 * `length' = floor((length + padding - dilation (kernelSize - 1) - 1) / stride) + 1`, and `ceil(length / stride)` for
 * `"same"` padding. LeCun et al., "Gradient-based learning applied to document recognition", Proceedings of the IEEE,
 * 1998; dilation: Yu and Koltun, "Multi-scale context aggregation by dilated convolutions", ICLR 2016; groups:
 * Krizhevsky et al., "ImageNet classification with deep convolutional neural networks", NeurIPS 2012.
 *
 * Sequences of different lengths: the extra `lengths`, `i32[batch]`. Each is convolved as if it were alone; what stands after the
 * end, even NaN, reaches nothing. The steps stay: stride 1, padding `"same"` and zeros. In two and three dimensions they are the
 * first spatial axis.
 *
 * Parameters: `kernel [kernelSize, channels / groups, filters]`, `bias [filters]`.
 *
 * @throws on other ranks, on groups that do not divide the channels, on reflecting or circular padding wider than
 * the input, and on lengths with another stride or padding
 */
export const conv1d: LayerFactory<ConvConfig> = /* @__PURE__ */ convolution("conv1d", 1);

/**
 * Cross-correlation over images: `[batch, height, width, channels]` to `[batch, height', width', filters]`, sizes as in
 * {@link conv1d}.
 *
 * Parameters: `kernel [height, width, channels / groups, filters]`, `bias [filters]`.
 *
 * @throws on other ranks, on groups that do not divide the channels, and on reflecting or circular padding wider than
 * the input
 * @example
 * ```ts
 * import { summary } from "@hooke/core";
 * import { conv2d } from "@hooke/layers-conv";
 *
 * const layer = conv2d({ filters: 8, kernelSize: 3, stride: 2, paddingMode: "circular" });
 * console.log(summary(layer, [64, 64, 1]).rows[0]!.outputShape); // [ 32, 32, 8 ]
 * ```
 */
export const conv2d: LayerFactory<ConvConfig> = /* @__PURE__ */ convolution("conv2d", 2);

/**
 * Cross-correlation over volumes: `[batch, depth, height, width, channels]` to
 * `[batch, depth', height', width', filters]`, sizes as in {@link conv1d}.
 *
 * Parameters: `kernel [depth, height, width, channels / groups, filters]`, `bias [filters]`.
 *
 * @throws on other ranks, on groups that do not divide the channels, and on reflecting or circular padding wider than
 * the input
 */
export const conv3d: LayerFactory<ConvConfig> = /* @__PURE__ */ convolution("conv3d", 3);
