// Transposed convolution: what convolution does to gradients, used to enlarge.
import { type Activation, activate, defineLayer, type Initializer, type LayerFactory } from "@hooke/core";
import { add, convTranspose, HookeError } from "@hooke/runtime";
import { each, type Margins, type Padding, type PerAxis, perAxis, spatialOf } from "../options.ts";
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
   * What is cut off the result: nothing (`"valid"`), as much as leaves `size * stride` points (`"same"`), or numbers, as in PyTorch.
   * Default `"same"`.
   */
  readonly padding?: Padding;
  /** Points added at the end of each axis, fewer than stride or dilation. Default 0. */
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

/** What a padding cuts off both ends of an axis whose result is `surplus` points longer than `size * stride`. */
function cutOf(padding: Padding, axis: number, surplus: number): readonly [before: number, after: number] {
  if (padding === "valid") return [0, 0];
  if (padding === "same") return [Math.floor(surplus / 2), Math.ceil(surplus / 2)];
  const own = typeof padding === "number" ? padding : padding[axis]!;
  return typeof own === "number" ? [own, own] : own;
}

/** The size of the result, and what is cut off its edges, for each axis. */
function geometry(config: ConvTransposeConfig, spatial: readonly number[]): { size: number[]; cut: Margins } {
  const rank = spatial.length;
  const { kernelSize, stride = 1, dilation = 1, outputPadding = 0, padding = "same" } = config;
  const axes = [kernelSize, stride, dilation, outputPadding].map((value) => each(value, rank));
  const parts = spatial.map((points, axis) => {
    const [window, step, gap, extra] = axes.map((values) => values[axis]!) as [number, number, number, number];
    if (extra > 0 && extra >= step && extra >= gap) {
      throw new HookeError(`has outputPadding ${extra}; it is below the stride (${step}) or the dilation (${gap}).`);
    }
    const span = gap * (window - 1) + 1;
    const cut = cutOf(padding, axis, Math.max(0, span + extra - step));
    return { size: (points - 1) * step + span + extra - cut[0] - cut[1], cut };
  });
  return { size: parts.map(({ size }) => size), cut: parts.map(({ cut }) => cut) };
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
      checkGroups(groups, channels, filters);
      const shape = [...each(kernelSize, rank), filters / groups, channels];
      const fanIn = shape.slice(0, -1).reduce((product, size) => product * size, 1);
      return {
        kernel: { shape, initializer: kernelInitializer },
        bias: bias ? { shape: [filters], initializer: biasInitializer, fanIn } : undefined,
      };
    },
    apply: ({ config, params: { kernel, bias } }, x) => {
      const { stride = 1, dilation = 1, groups = 1 } = config;
      const { size, cut } = geometry(config, spatialOf(x.shape.slice(1), rank));
      if (size.some((points) => points < 1)) {
        throw new HookeError(`cuts off all of its result, [${size.join(", ")}] points; use less padding.`);
      }
      const params = { stride: each(stride, rank), dilation: each(dilation, rank), groups, padding: cut };
      const product = convTranspose(x, kernel, size, params);
      const sum = bias === undefined ? product : add(product, bias);
      return config.activation === undefined ? sum : activate(config.activation, sum);
    },
  });
}

/**
 * Transposed convolution along one axis: `[batch, length, channels]` to `[batch, length', filters]` with
 * `length' = (length - 1) stride + dilation (kernelSize - 1) + 1 + outputPadding - padding`. Zeiler et al. 2010.
 *
 * Parameters: `kernel [kernelSize, filters / groups, channels]`, `bias [filters]`.
 */
export const convTranspose1d: LayerFactory<ConvTransposeConfig> = /* @__PURE__ */ transposedConvolution(
  "convTranspose1d",
  1,
);
/** As {@link convTranspose1d}, for `[batch, height, width, channels]`. */
export const convTranspose2d: LayerFactory<ConvTransposeConfig> = /* @__PURE__ */ transposedConvolution(
  "convTranspose2d",
  2,
);
/** As {@link convTranspose1d}, for `[batch, depth, height, width, channels]`. */
export const convTranspose3d: LayerFactory<ConvTransposeConfig> = /* @__PURE__ */ transposedConvolution(
  "convTranspose3d",
  3,
);
