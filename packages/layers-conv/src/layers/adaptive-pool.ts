// Pooling to a size: over everything, or over windows chosen so that a given number of them covers the input.
import { checks, defineLayer, type LayerFactory, type NoOptions } from "@hooke/core";
import { concat, HookeError, max, mean, sliceAxis, type Tensor } from "@hooke/runtime";
import { each, type PerAxis } from "../options.ts";
import { mapAlongAxis } from "./along-axis.ts";

function spatialAxes(x: Tensor): number[] {
  if (x.rank < 3)
    throw new HookeError(`expected [batch, ...spatial, channels] with 1 to 3 spatial axes, received rank ${x.rank}.`);
  return Array.from({ length: x.rank - 2 }, (_, i) => i + 1);
}

/** The average of each channel: `[batch, ...spatial, channels]` to `[batch, channels]`. */
export const globalAveragePool: LayerFactory<NoOptions> = /* @__PURE__ */ defineLayer({
  type: "globalAveragePool",
  apply: (_context, x) => mean(x, { axes: spatialAxes(x) }),
});

/** The maximum of each channel: `[batch, ...spatial, channels]` to `[batch, channels]`. */
export const globalMaxPool: LayerFactory<NoOptions> = /* @__PURE__ */ defineLayer({
  type: "globalMaxPool",
  apply: (_context, x) => max(x, { axes: spatialAxes(x) }),
});

/** Options of the adaptive pooling layers. */
export interface AdaptivePoolConfig {
  /** Points of the result on each spatial axis. */
  readonly outputSize: PerAxis;
}

/** Window `i` of `count` over `size` points: from `floor(i size / count)` to `ceil((i + 1) size / count)`, as in PyTorch. */
const windows = (size: number, count: number): readonly (readonly [number, number])[] =>
  Array.from({ length: count }, (_, i) => [Math.floor((i * size) / count), Math.ceil(((i + 1) * size) / count)]);

const outputSize = (value: unknown): string | undefined =>
  [value].flat().every((size) => checks.count(size) === undefined)
    ? undefined
    : "a whole number above 0, or one for each axis";

function sizesOf({ outputSize }: AdaptivePoolConfig, x: Tensor): readonly number[] {
  const axes = spatialAxes(x);
  const sizes = each(outputSize, axes.length);
  if (sizes.length !== axes.length) {
    throw new HookeError(`has ${sizes.length} output sizes for an input of ${axes.length} spatial axes.`);
  }
  return sizes;
}

/** The average over windows that cover the input, `outputSize` of them on each axis; they may overlap. */
export const adaptiveAveragePool: LayerFactory<AdaptivePoolConfig> = /* @__PURE__ */ defineLayer({
  type: "adaptiveAveragePool",
  options: { required: { outputSize } },
  apply: ({ config }: { config: AdaptivePoolConfig }, x) =>
    sizesOf(config, x).reduce((value, count, i) => {
      const size = value.shape[i + 1]!;
      const rows = windows(size, count).map(([from, to]) =>
        Array.from({ length: size }, (_, at) => (at >= from && at < to ? 1 / (to - from) : 0)),
      );
      return mapAlongAxis(value, i + 1, rows);
    }, x),
});

/** The maximum over windows that cover the input, `outputSize` of them on each axis; they may overlap. */
export const adaptiveMaxPool: LayerFactory<AdaptivePoolConfig> = /* @__PURE__ */ defineLayer({
  type: "adaptiveMaxPool",
  options: { required: { outputSize } },
  apply: ({ config }: { config: AdaptivePoolConfig }, x) =>
    sizesOf(config, x).reduce((value, count, i) => {
      const axis = i + 1;
      const parts = windows(value.shape[axis]!, count).map(([from, to]) =>
        max(sliceAxis(value, axis, from, to), { axes: axis, keepDims: true }),
      );
      return concat(parts, axis);
    }, x),
});
