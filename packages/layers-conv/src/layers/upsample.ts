// Upsampling: each point repeated, or values in between interpolated.
import { checks, defineLayer, type LayerFactory } from "@hooke/core";
import { broadcastTo, expandDims, HookeError, reshape, type Tensor } from "@hooke/runtime";
import { each, type PerAxis } from "../options.ts";
import { mapAlongAxis } from "./along-axis.ts";

/** Options of {@link upsample}. */
export interface UpsampleConfig {
  /** How many times more points each spatial axis gets. Whole for `"nearest"`; the size is rounded down for `"linear"`. Default 2. */
  readonly scale?: PerAxis;
  /** `"linear"` is bilinear for images and trilinear for volumes. Default `"nearest"`. */
  readonly mode?: "nearest" | "linear";
  /**
   * For `"linear"`: whether the outermost points of input and output coincide; otherwise the edges of their cells do, as is PyTorch's
   * default. Default false.
   */
  readonly alignCorners?: boolean;
}

const scaleCheck = (value: unknown): string | undefined =>
  [value].flat().every((item) => Number.isFinite(item) && (item as number) >= 1)
    ? undefined
    : "a number of at least 1, or one for each axis";

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
  return Array.from({ length: count }, (_, i) => {
    const exact = alignCorners
      ? count === 1
        ? 0
        : (i * (size - 1)) / (count - 1)
      : Math.max(0, (i + 0.5) / scale - 0.5);
    const from = Math.min(Math.floor(exact), size - 1);
    const fraction = from + 1 < size ? exact - from : 0;
    const row = new Array<number>(size).fill(0);
    row[from] = 1 - fraction;
    if (fraction > 0) row[from + 1] = fraction;
    return row;
  });
}

/** Enlarges the spatial axes of `[batch, ...spatial, channels]`. */
export const upsample: LayerFactory<UpsampleConfig> = /* @__PURE__ */ defineLayer({
  type: "upsample",
  options: {
    optional: {
      scale: scaleCheck,
      mode: (value) => checks.oneOf(value, ["nearest", "linear"]),
      alignCorners: checks.flag,
    },
  },
  apply: ({ config }: { config: UpsampleConfig }, x) => {
    const { scale = 2, mode = "nearest", alignCorners = false } = config;
    const rank = x.rank - 2;
    const scales = each(scale, rank);
    if (rank < 1 || scales.length !== rank) {
      throw new HookeError(
        `has ${scales.length} scales for an input of rank ${x.rank}; expected one for each spatial axis.`,
      );
    }
    return scales.reduce((value, factor, i) => {
      if (factor === 1) return value;
      if (mode === "nearest") return repeated(value, i + 1, factor);
      return mapAlongAxis(value, i + 1, interpolation(value.shape[i + 1]!, factor, alignCorners));
    }, x);
  },
});
