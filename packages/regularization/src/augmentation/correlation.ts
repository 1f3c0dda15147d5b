// Directional two-point statistics: how long an image stays correlated with itself along a direction.
import { fail, type HostArray } from "@hooke/runtime";
import { type Axis, axes } from "./symmetry.ts";

/** A direction of the grid: an axis, or the diagonal between two, `x+y` or `x-y`. */
export type Direction = Axis | `${Axis}+${Axis}` | `${Axis}-${Axis}`;

/** One step along a direction, per spatial axis in the order (z,) y, x. */
export function stepOf(direction: Direction, size: number): number[] {
  const step = new Array<number>(size).fill(0);
  const axisOf = (axis: Axis): number => size - 1 - axes.indexOf(axis);
  step[axisOf(direction[0] as Axis)] = 1;
  if (direction.length === 3) step[axisOf(direction[2] as Axis)] = direction[1] === "+" ? 1 : -1;
  return step;
}

/** Sum of the autocorrelation over lags 0 to `maxLag`, along steps. */
export function correlationLength(
  { shape, data }: HostArray,
  image: number,
  step: readonly number[],
  maxLag: number,
  periodic: boolean,
): number {
  const spatial = shape.slice(1, -1);
  const channels = shape.at(-1)!;
  const points = spatial.reduce((product, length) => product * length, 1);
  const values = new Float64Array(data.subarray(image * points * channels, (image + 1) * points * channels));
  for (let c = 0; c < channels; c++) {
    let sum = 0;
    for (let p = c; p < values.length; p += channels) sum += values[p]!;
    for (let p = c; p < values.length; p += channels) values[p]! -= sum / points;
  }
  const covariance = (lag: number): number => {
    let sum = 0;
    let pairs = 0;
    const index = spatial.map(() => 0);
    for (let point = 0; point < points; point++) {
      let other = 0;
      let inside = true;
      for (const [axis, length] of spatial.entries()) {
        let at = index[axis]! + lag * step[axis]!;
        if (periodic) at = ((at % length) + length) % length;
        else if (at < 0 || at >= length) inside = false;
        other = other * length + at;
      }
      if (inside) {
        for (let c = 0; c < channels; c++) sum += values[point * channels + c]! * values[other * channels + c]!;
        pairs++;
      }
      for (let axis = spatial.length - 1; axis >= 0; axis--) {
        index[axis]!++;
        if (index[axis]! < spatial[axis]!) break;
        index[axis] = 0;
      }
    }
    return sum / pairs;
  };
  const variance = covariance(0);
  if (!Number.isFinite(variance)) {
    const value = data.subarray(image * points * channels).find((item: number) => !Number.isFinite(item));
    fail("checkIsotropy", `image ${image} holds ${value}; correct it or leave it out.`, "invalid-data");
  }
  if (!(variance > 0)) fail("checkIsotropy", `image ${image} has no contrast; leave it out.`, "invalid-data");
  let length = 1;
  for (let lag = 1; lag <= maxLag; lag++) length += covariance(lag) / variance;
  return length;
}
