// Upsampling: each point repeated, or values in between interpolated.
import { defineLayer, type LayerFactory } from "@hooke/core";
import {
  broadcastTo,
  checkOptions,
  checks,
  expandDims,
  HookeError,
  type OptionTable,
  reshape,
  type Tensor,
} from "@hooke/runtime";
import { checkFloat, spatialAxes } from "../input.ts";
import { each, type PerAxis } from "../options.ts";
import { mapAlongAxis } from "./along-axis.ts";

/** Options of {@link upsample}. */
export interface UpsampleConfig {
  /**
   * How many times more points each spatial axis gets, at least 1. Whole for `"nearest"`; for `"linear"` the size is
   * rounded down, and an axis that gets no more points stays as it is. Default 2.
   */
  readonly scale?: PerAxis;
  /** `"linear"` is bilinear for images and trilinear for volumes. Default `"nearest"`. */
  readonly mode?: "nearest" | "linear";
  /**
   * For `"linear"` alone: whether the outermost points of input and output coincide; otherwise the edges of their cells
   * do, as is PyTorch's default. Default false.
   */
  readonly alignCorners?: boolean;
}

const scaleCheck = (value: unknown): string | undefined =>
  [value].flat().every((item) => Number.isFinite(item) && (item as number) >= 1 && (item as number) <= 1024)
    ? undefined
    : "a number from 1 to 1024, or one for each axis";

const table: OptionTable<UpsampleConfig> = {
  optional: {
    scale: scaleCheck,
    mode: (value) => checks.oneOf(value, ["nearest", "linear"]),
    alignCorners: checks.flag,
  },
};

/** Repeats every point of an axis. */
function repeated(x: Tensor, axis: number, times: number): Tensor {
  if (!Number.isInteger(times)) throw new HookeError(`repeats points ${times} times; "nearest" takes whole scales.`);
  const shape = x.shape.map((size, i) => (i === axis ? size * times : size));
  const wide = [...x.shape.slice(0, axis + 1), times, ...x.shape.slice(axis + 1)];
  return reshape(broadcastTo(expandDims(x, axis + 1), wide), shape);
}

/** Weights of the input's points for each point of the output. */
function interpolation(size: number, scale: number, alignCorners: boolean): number[][] {
  const count = Math.floor(size * scale);
  const ratio = alignCorners ? (size - 1) / (count - 1) : 1 / scale;
  return Array.from({ length: count }, (_, i) => {
    const exact = alignCorners ? i * ratio : Math.max(0, (i + 0.5) * ratio - 0.5);
    const from = Math.min(Math.floor(exact), size - 1);
    const fraction = from + 1 < size ? exact - from : 0;
    const row = new Array<number>(size).fill(0);
    row[from] = 1 - fraction;
    if (fraction > 0) row[from + 1] = fraction;
    return row;
  });
}

/**
 * Enlarges the spatial axes: `[batch, ...spatial, channels]` to `[batch, ...floor(spatial * scale), channels]`, one to
 * three spatial axes. Point `i` of the result lies at `(i + 1/2) / scale - 1/2` of the input, and with `alignCorners`
 * at `i (size - 1) / (size' - 1)`. As PyTorch's `Upsample`; in place of transposed convolutions: Odena et al.,
 * "Deconvolution and checkerboard artifacts", Distill, 2016.
 *
 * @throws on other ranks, on a list of scales of another length than the spatial axes, on fractional scales of
 * `"nearest"`, on integers for `"linear"`
 */
export const upsample: LayerFactory<UpsampleConfig> = /* @__PURE__ */ defineLayer({
  type: "upsample",
  options: (config) => {
    checkOptions("upsample", config, table);
    const { mode = "nearest", alignCorners } = config as UpsampleConfig;
    return mode === "nearest" && alignCorners !== undefined
      ? 'alignCorners together with mode "linear" alone'
      : undefined;
  },
  apply: ({ config }: { config: UpsampleConfig }, x) => {
    const { scale = 2, mode = "nearest", alignCorners = false } = config;
    const axes = spatialAxes(x);
    const scales = each(scale, axes.length);
    if (scales.length !== axes.length) {
      throw new HookeError(`has ${scales.length} scales for an input of ${axes.length} spatial axes.`, {
        code: "mismatch",
      });
    }
    if (mode === "linear") checkFloat(x);
    return axes.reduce((value, axis, i) => {
      const [size, factor] = [value.shape[axis]!, scales[i]!];
      if (factor === 1) return value;
      if (mode === "nearest") return repeated(value, axis, factor);
      // As in PyTorch, which then does not interpolate at fractions of the distance.
      return Math.floor(size * factor) === size
        ? value
        : mapAlongAxis(value, axis, interpolation(size, factor, alignCorners));
    }, x);
  },
});
