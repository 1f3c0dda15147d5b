// Transposed convolution: what convolution does to gradients, used to enlarge.
import {
  type Activation,
  activate,
  defineLayer,
  type Initializer,
  type LayerFactory,
  refuseLengths,
} from "@hooke/core";
import { add, convTranspose, HookeError, pad, type Tensor } from "@hooke/runtime";
import { spatialOf } from "../input.ts";
import { each, type Margins, type Padding, type PerAxis, perAxis } from "../options.ts";
import { checkGroups, convolutionChecks } from "./conv.ts";

/** Options of {@link convTranspose1d}, {@link convTranspose2d} and {@link convTranspose3d}. */
export interface ConvTransposeConfig {
  /** Number of output channels. */
  readonly filters: number;
  /** Points of the window. */
  readonly kernelSize: PerAxis;
  /** By how much the size grows. Default 1. */
  readonly stride?: PerAxis;
  /**
   * What is cut off the result: nothing (`"valid"`), as much as leaves `size * stride` points (`"same"`), or numbers,
   * as in PyTorch. Where windows shorter than the stride leave fewer, `"same"` adds what is missing at the end: these
   * points hold the bias alone, as in Keras. Default `"same"`.
   */
  readonly padding?: Padding;
  /**
   * Points by which the result is longer at the end of each axis, fewer than stride or dilation, as in PyTorch. Default
   * 0.
   */
  readonly outputPadding?: PerAxis;
  /** Default 1. */
  readonly dilation?: PerAxis;
  /** Default 1. */
  readonly groups?: number;
  /** Applied to the result. Default: none. */
  readonly activation?: Activation;
  /** Whether a bias is added. Default true. */
  readonly bias?: boolean;
  /** Default `"torchDefault"`. */
  readonly kernelInitializer?: Initializer;
  /** Default `"torchDefault"`. */
  readonly biasInitializer?: Initializer;
}

/**
 * What a padding cuts off both ends of an axis whose result is `surplus` points longer than `size * stride`; below 0, what it
 * adds.
 */
function cutOf(padding: Padding, axis: number, surplus: number): readonly [before: number, after: number] {
  if (padding === "valid") return [0, 0];
  if (padding === "same") return surplus < 0 ? [0, surplus] : [Math.floor(surplus / 2), Math.ceil(surplus / 2)];
  const own = typeof padding === "number" ? padding : padding[axis]!;
  return typeof own === "number" ? [own, own] : own;
}

interface Geometry {
  /** Points of each axis that the windows reach, without those cut off. */
  readonly size: readonly number[];
  /** Points cut off the edges of each axis. */
  readonly cut: Margins;
  /** Points beyond the windows' reach at the end of each axis: they hold zeros. */
  readonly beyond: readonly number[];
}

function geometry(config: ConvTransposeConfig, spatial: readonly number[]): Geometry {
  const rank = spatial.length;
  const { kernelSize, stride = 1, dilation = 1, outputPadding = 0, padding = "same" } = config;
  const axes = [kernelSize, stride, dilation, outputPadding].map((value) => each(value, rank));
  const parts = spatial.map((points, axis) => {
    const [window, step, gap, extra] = axes.map((values) => values[axis]!) as [number, number, number, number];
    if (extra > 0 && extra >= step && extra >= gap) {
      throw new HookeError(`has outputPadding ${extra}; it is below the stride (${step}) or the dilation (${gap}).`);
    }
    const span = gap * (window - 1) + 1;
    const [before, after] = cutOf(padding, axis, span + extra - step);
    // Output padding first takes back what is cut off the end.
    const kept = Math.max(0, after - extra);
    const size = (points - 1) * step + span - before - kept;
    if (size < 1)
      throw new HookeError(`cuts off all ${size + before + kept} points of axis ${axis + 1}; use less padding.`, {
        code: "mismatch",
      });
    return { size, cut: [before, kept] as const, beyond: Math.max(0, extra - after) };
  });
  return {
    size: parts.map(({ size }) => size),
    cut: parts.map(({ cut }) => cut),
    beyond: parts.map(({ beyond }) => beyond),
  };
}

/** The transposed convolution of {@link ConvTransposeConfig}, before bias and activation. */
function transposed(x: Tensor, kernel: Tensor, config: ConvTransposeConfig, rank: number): Tensor {
  const { stride = 1, dilation = 1, groups = 1 } = config;
  const { size, cut, beyond } = geometry(config, spatialOf(x.shape.slice(1), rank));
  const params = { stride: each(stride, rank), dilation: each(dilation, rank), groups, padding: cut };
  const product = convTranspose(x, kernel, size, params);
  if (beyond.every((points) => points === 0)) return product;
  return pad(product, [0, ...size.map(() => 0), 0], [0, ...beyond, 0]);
}

function transposedConvolution(type: string, rank: number): LayerFactory<ConvTransposeConfig> {
  const { required, optional } = convolutionChecks(rank);
  const { paddingMode: _, ...shared } = optional;
  return defineLayer({
    type,
    options: { required, optional: { ...shared, outputPadding: perAxis(rank, 0) } },
    params: (config: ConvTransposeConfig, inputShape) => {
      const { filters, kernelSize, groups = 1, bias = true } = config;
      const { kernelInitializer = "torchDefault", biasInitializer = "torchDefault" } = config;
      spatialOf(inputShape, rank);
      const channels = inputShape.at(-1)!;
      checkGroups(groups, inputShape, filters);
      const shape = [...each(kernelSize, rank), filters / groups, channels];
      const fanIn = shape.slice(0, -1).reduce((product, size) => product * size, 1);
      return {
        kernel: { shape, initializer: kernelInitializer },
        bias: bias ? { shape: [filters], initializer: biasInitializer, fanIn } : undefined,
      };
    },
    apply: ({ config, params: { kernel, bias }, extras: { lengths } }, x) => {
      refuseLengths(lengths, "convolve them by a layer that keeps the steps, such as conv1d");
      const product = transposed(x, kernel, config, rank);
      const sum = bias === undefined ? product : add(product, bias);
      return config.activation === undefined ? sum : activate(config.activation, sum);
    },
  });
}

/**
 * Transposed convolution along one axis: `[batch, length, channels]` to `[batch, length', filters]` with
 * `length' = (length - 1) stride + dilation (kernelSize - 1) + 1 + outputPadding - padding`. Zeiler et al.,
 * "Deconvolutional networks", CVPR 2010.
 *
 * Parameters: `kernel [kernelSize, filters / groups, channels]`, `bias [filters]`.
 *
 * @throws on other ranks, on groups that do not divide the channels, on output padding of at least both stride and
 * dilation, and on padding that cuts off everything
 */
export const convTranspose1d: LayerFactory<ConvTransposeConfig> = /* @__PURE__ */ transposedConvolution(
  "convTranspose1d",
  1,
);
/**
 * As {@link convTranspose1d}: `[batch, height, width, channels]` to `[batch, height', width', filters]`.
 *
 * Parameters: `kernel [height, width, filters / groups, channels]`, `bias [filters]`.
 */
export const convTranspose2d: LayerFactory<ConvTransposeConfig> = /* @__PURE__ */ transposedConvolution(
  "convTranspose2d",
  2,
);
/**
 * As {@link convTranspose1d}: `[batch, depth, height, width, channels]` to `[batch, depth', height', width', filters]`.
 *
 * Parameters: `kernel [depth, height, width, filters / groups, channels]`, `bias [filters]`.
 */
export const convTranspose3d: LayerFactory<ConvTransposeConfig> = /* @__PURE__ */ transposedConvolution(
  "convTranspose3d",
  3,
);
