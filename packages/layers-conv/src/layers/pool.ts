// Pooling over windows: the maximum or the average.
import { defineLayer, type LayerContext, type LayerFactory, refuseLengths } from "@hooke/core";
import { averagePool, checks, div, full, HookeError, maxPool, sumPool } from "@hooke/runtime";
import { channelsLast, checkFloat, spatialOf } from "../input.ts";
import { each, marginsOf, type Padding, type PerAxis, padding as paddingCheck, perAxis } from "../options.ts";

/** Options of the pooling layers. */
export interface PoolConfig {
  /** Points of the window. */
  readonly kernelSize: PerAxis;
  /** Default: the window. */
  readonly stride?: PerAxis;
  /** At most half the window on each side, rounded down. Default `"valid"`. Padding never is a maximum. */
  readonly padding?: Padding;
}

/** Options of the average pooling layers. */
export interface AveragePoolConfig extends PoolConfig {
  /** Whether padding counts as zeros in the average, as PyTorch does by default, or not at all. Default true. */
  readonly includePadding?: boolean;
}

const tables = (rank: number) => ({
  required: { kernelSize: perAxis(rank, 1) },
  optional: { stride: perAxis(rank, 1), padding: paddingCheck(rank) },
});

const cure = "pool all steps that count by globalAveragePool or globalMaxPool";

function windowOf(config: PoolConfig, spatial: readonly number[]) {
  const rank = spatial.length;
  const window = each(config.kernelSize, rank);
  const stride = each(config.stride ?? config.kernelSize, rank);
  const ones = window.map(() => 1);
  const padding = marginsOf(config.padding ?? "valid", spatial, window, stride, ones);
  for (const [axis, size] of window.entries()) {
    const most = Math.floor(size / 2);
    if (Math.max(...padding[axis]!) > most) {
      throw new HookeError(
        `pads axis ${axis + 1} by [${padding[axis]!.join(", ")}] points for a window of ${size}; it pads by at most half the window, ` +
          `${most}, so that every window holds a point of the input.`,
      );
    }
  }
  return { window, stride, padding };
}

function maximum(type: string, rank: number): LayerFactory<PoolConfig> {
  return defineLayer({
    type,
    options: tables(rank),
    apply: ({ config, extras: { lengths } }: LayerContext<PoolConfig>, x) => {
      refuseLengths(lengths, cure);
      const options = windowOf(config, spatialOf(x.shape.slice(1), rank));
      return channelsLast(x.shape.slice(1), () => maxPool(x, options));
    },
  });
}

function average(type: string, rank: number): LayerFactory<AveragePoolConfig> {
  const { required, optional } = tables(rank);
  return defineLayer({
    type,
    options: { required, optional: { ...optional, includePadding: checks.flag } },
    apply: ({ config, extras: { lengths } }: LayerContext<AveragePoolConfig>, x) => {
      refuseLengths(lengths, cure);
      const options = windowOf(config, spatialOf(x.shape.slice(1), rank));
      checkFloat(x);
      return channelsLast(x.shape.slice(1), () => {
        if (config.includePadding ?? true) return averagePool(x, options);
        const ones = full([1, ...x.shape.slice(1, -1), 1], 1, x.dtype);
        return div(sumPool(x, options), sumPool(ones, options));
      });
    },
  });
}

/**
 * The maximum over windows: `[batch, length, channels]` to `[batch, length', channels]` with
 * `length' = floor((length + padding - kernelSize) / stride) + 1`, and `ceil(length / stride)` for `"same"` padding. Of
 * equal maxima the first takes the derivative. Ranzato et al., "Unsupervised learning of invariant feature hierarchies
 * with applications to object recognition", CVPR 2007.
 *
 * @throws on other ranks, on padding of more than half the window, and on a window that does not fit
 */
export const maxPool1d: LayerFactory<PoolConfig> = /* @__PURE__ */ maximum("maxPool1d", 1);
/** As {@link maxPool1d}: `[batch, height, width, channels]` to `[batch, height', width', channels]`. */
export const maxPool2d: LayerFactory<PoolConfig> = /* @__PURE__ */ maximum("maxPool2d", 2);
/** As {@link maxPool1d}: `[batch, depth, height, width, channels]` to `[batch, depth', height', width', channels]`. */
export const maxPool3d: LayerFactory<PoolConfig> = /* @__PURE__ */ maximum("maxPool3d", 3);
/**
 * The average over windows: `[batch, length, channels]` to `[batch, length', channels]`, `length'` as in
 * {@link maxPool1d}. LeCun et al., "Gradient-based learning applied to document recognition", Proceedings of the IEEE,
 * 1998.
 *
 * @throws on other ranks, on padding of more than half the window, and on a window that does not fit
 */
export const averagePool1d: LayerFactory<AveragePoolConfig> = /* @__PURE__ */ average("averagePool1d", 1);
/** As {@link averagePool1d}: `[batch, height, width, channels]` to `[batch, height', width', channels]`. */
export const averagePool2d: LayerFactory<AveragePoolConfig> = /* @__PURE__ */ average("averagePool2d", 2);
/**
 * As {@link averagePool1d}: `[batch, depth, height, width, channels]` to `[batch, depth', height', width', channels]`.
 */
export const averagePool3d: LayerFactory<AveragePoolConfig> = /* @__PURE__ */ average("averagePool3d", 3);
