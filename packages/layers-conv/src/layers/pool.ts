// Pooling over windows: the maximum or the average.
import { checks, defineLayer, type LayerFactory } from "@hooke/core";
import { averagePool, div, full, maxPool, sumPool } from "@hooke/runtime";
import {
  each,
  marginsOf,
  type Padding,
  type PerAxis,
  padding as paddingCheck,
  perAxis,
  spatialOf,
} from "../options.ts";

/** Options of the pooling layers. */
export interface PoolConfig {
  /** Points of the window. */
  readonly kernelSize: PerAxis;
  /** Default: the window. */
  readonly stride?: PerAxis;
  /** Default `"valid"`. Padding never is a maximum. */
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

function windowOf(config: PoolConfig, spatial: readonly number[]) {
  const rank = spatial.length;
  const window = each(config.kernelSize, rank);
  const stride = each(config.stride ?? config.kernelSize, rank);
  const ones = window.map(() => 1);
  return { window, stride, padding: marginsOf(config.padding ?? "valid", spatial, window, stride, ones) };
}

function maximum(type: string, rank: number): LayerFactory<PoolConfig> {
  return defineLayer({
    type,
    options: tables(rank),
    apply: ({ config }: { config: PoolConfig }, x) => maxPool(x, windowOf(config, spatialOf(x.shape.slice(1), rank))),
  });
}

function average(type: string, rank: number): LayerFactory<AveragePoolConfig> {
  const { required, optional } = tables(rank);
  return defineLayer({
    type,
    options: { required, optional: { ...optional, includePadding: checks.flag } },
    apply: ({ config }: { config: AveragePoolConfig }, x) => {
      const options = windowOf(config, spatialOf(x.shape.slice(1), rank));
      if (config.includePadding ?? true) return averagePool(x, options);
      const ones = full([1, ...x.shape.slice(1, -1), 1], 1, x.dtype);
      return div(sumPool(x, options), sumPool(ones, options));
    },
  });
}

/** The maximum over windows of `[batch, length, channels]`. */
export const maxPool1d: LayerFactory<PoolConfig> = /* @__PURE__ */ maximum("maxPool1d", 1);
/** The maximum over windows of `[batch, height, width, channels]`. */
export const maxPool2d: LayerFactory<PoolConfig> = /* @__PURE__ */ maximum("maxPool2d", 2);
/** The maximum over windows of `[batch, depth, height, width, channels]`. */
export const maxPool3d: LayerFactory<PoolConfig> = /* @__PURE__ */ maximum("maxPool3d", 3);
/** The average over windows of `[batch, length, channels]`. */
export const averagePool1d: LayerFactory<AveragePoolConfig> = /* @__PURE__ */ average("averagePool1d", 1);
/** The average over windows of `[batch, height, width, channels]`. */
export const averagePool2d: LayerFactory<AveragePoolConfig> = /* @__PURE__ */ average("averagePool2d", 2);
/** The average over windows of `[batch, depth, height, width, channels]`. */
export const averagePool3d: LayerFactory<AveragePoolConfig> = /* @__PURE__ */ average("averagePool3d", 3);
