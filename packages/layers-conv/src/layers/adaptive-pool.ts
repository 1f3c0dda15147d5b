// Pooling to a size: over everything, or over windows chosen so that a given number of them covers the input.
import {
  defineLayer,
  type LayerFactory,
  meanOverSteps,
  type NoOptions,
  sequenceLengths,
  validSteps,
  withinLengths,
} from "@hooke/core";
import { checks, concat, HookeError, max, select, sliceAxis, type Tensor } from "@hooke/runtime";
import { checkFloat, spatialAxes } from "../input.ts";
import { each, type PerAxis } from "../options.ts";
import { mapAlongAxis } from "./along-axis.ts";

/**
 * The average of each channel: `[batch, ...spatial, channels]` to `[batch, channels]`, one to three spatial axes. Lin
 * et al., "Network in network", ICLR 2014.
 *
 * Of sequences `[batch, time, ..., channels]` with the extra `lengths`, `i32[batch]`, the average over the steps that count; 0 for
 * a sequence of length 0.
 *
 * @throws on other ranks and on integers
 */
export const globalAveragePool: LayerFactory<NoOptions> = /* @__PURE__ */ defineLayer({
  type: "globalAveragePool",
  options: {},
  apply: ({ extras: { lengths } }, x) => {
    checkFloat(x);
    spatialAxes(x);
    return meanOverSteps(x, sequenceLengths(lengths, x));
  },
});

/**
 * The maximum of each channel: `[batch, ...spatial, channels]` to `[batch, channels]`, one to three spatial axes. Equal
 * maxima share the derivative. Oquab et al., "Is object localization for free?", CVPR 2015.
 *
 * Of sequences `[batch, time, ..., channels]` with the extra `lengths`, `i32[batch]`, the maximum over the steps that count; 0 for
 * a sequence of length 0.
 *
 * @throws on other ranks
 */
export const globalMaxPool: LayerFactory<NoOptions> = /* @__PURE__ */ defineLayer({
  type: "globalMaxPool",
  options: {},
  apply: ({ extras }, x) => {
    const axes = spatialAxes(x);
    const lengths = sequenceLengths(extras.lengths, x);
    if (lengths === undefined) return max(x, { axes });
    // The first step stands in for those that do not count: it changes no maximum.
    const first = sliceAxis(withinLengths(x, lengths), 1, 0, 1);
    return max(select(validSteps(lengths, x.shape[1]!, x.rank), x, first), { axes });
  },
});

/** Options of the adaptive pooling layers. */
export interface AdaptivePoolConfig {
  /** Points of the result on each spatial axis. */
  readonly outputSize: PerAxis;
}

/** Where the windows begin and end that {@link adaptiveAveragePool} describes: `count` over `size` points. */
const windows = (size: number, count: number): readonly (readonly [number, number])[] =>
  Array.from({ length: count }, (_, i) => [Math.floor((i * size) / count), Math.ceil(((i + 1) * size) / count)]);

const outputSize = (value: unknown): string | undefined =>
  [value].flat().every((size) => checks.countUpTo(65536)(size) === undefined)
    ? undefined
    : "a whole number from 1 to 65536, or one for each axis";

function sizesOf({ outputSize }: AdaptivePoolConfig, x: Tensor): readonly number[] {
  const axes = spatialAxes(x);
  const sizes = each(outputSize, axes.length);
  if (sizes.length !== axes.length) {
    throw new HookeError(`has ${sizes.length} output sizes for an input of ${axes.length} spatial axes.`, {
      code: "mismatch",
    });
  }
  return sizes;
}

/**
 * The average over windows that cover the input: `[batch, ...spatial, channels]` to `[batch, ...outputSize, channels]`,
 * one to three spatial axes. Window `i` of `n` over an axis of `size` points holds those from `floor(i size / n)` to
 * before `ceil((i + 1) size / n)`: neighbours overlap where `n` does not divide the size. As PyTorch's
 * `AdaptiveAvgPool`; the idea: He et al., "Spatial pyramid pooling in deep convolutional networks for visual
 * recognition", ECCV 2014.
 *
 * @throws on other ranks, on integers, and on a list of sizes of another length than the spatial axes
 */
export const adaptiveAveragePool: LayerFactory<AdaptivePoolConfig> = /* @__PURE__ */ defineLayer({
  type: "adaptiveAveragePool",
  options: { required: { outputSize } },
  apply: ({ config }: { config: AdaptivePoolConfig }, x) => {
    checkFloat(x);
    return sizesOf(config, x).reduce((value, count, i) => {
      const size = value.shape[i + 1]!;
      const rows = windows(size, count).map(([from, to]) =>
        Array.from({ length: size }, (_, at) => (at >= from && at < to ? 1 / (to - from) : 0)),
      );
      return mapAlongAxis(value, i + 1, rows);
    }, x);
  },
});

/**
 * The maximum over the windows of {@link adaptiveAveragePool}: `[batch, ...spatial, channels]` to
 * `[batch, ...outputSize, channels]`. Equal maxima of a window share the derivative.
 *
 * @throws on other ranks, and on a list of sizes of another length than the spatial axes
 */
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
