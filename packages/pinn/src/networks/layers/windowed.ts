// Many networks, each for a part of the domain, blended by windows that add up to 1.
import { defineLayer, type Layer, layerCheck } from "@hooke/core";
import {
  add,
  array,
  type Check,
  checks,
  describe,
  HookeError,
  mul,
  sigmoid,
  sliceAxis,
  sub,
  type Tensor,
} from "@hooke/runtime";

/** Options of {@link windowed}. */
export interface WindowedConfig {
  /** One for each window, the last column's windows first. */
  readonly networks: readonly Layer[];
  /** Into how many windows of equal width [-1, 1] is divided, by column; 1: not at all. */
  readonly counts: readonly number[];
  /** Over which part of its width a window gives way to the next, above 0 and at most 1. */
  readonly overlap: number;
}

const networksCheck: Check = (value) =>
  Array.isArray(value) && value.length > 0 && value.every((each) => layerCheck(each) === undefined)
    ? undefined
    : "a list of layers, one for each window";
const countsCheck: Check = (value) =>
  Array.isArray(value) && value.length > 0 && value.every((each) => checks.count(each) === undefined)
    ? undefined
    : "whole numbers above 0, one for each column, such as [4, 1]";
/** Expects an overlap of windows. */
export const overlapCheck: Check = (value) =>
  Number.isFinite(value) && (value as number) > 0 && (value as number) <= 1 ? undefined : "a number in (0, 1]";

/** A window along a column: where it lies, and what it lets through. */
export interface Window {
  /** What its network sees as [-1, 1]: the window and what it shares with its neighbours. */
  readonly low: number;
  readonly high: number;
  readonly weight: (x: Tensor) => Tensor | undefined;
}

/** Windows of equal width over [-1, 1]. Their weights add up to 1; `undefined` is 1. */
export function windowsOver(count: number, overlap: number): Window[] {
  const width = 2 / count;
  const half = (overlap * width) / 2;
  // At the ends of what neighbours share the smaller weight is 0.7 %.
  const softness = half / 5;
  return Array.from({ length: count }, (_, i) => {
    const [low, high] = [-1 + i * width, -1 + (i + 1) * width];
    const rise = (x: Tensor): Tensor => sigmoid(mul(sub(x, low), 1 / softness));
    const fall = (x: Tensor): Tensor => sigmoid(mul(sub(high, x), 1 / softness));
    const [first, last] = [i === 0, i === count - 1];
    return {
      low: first ? low : low - half,
      high: last ? high : high + half,
      weight: (x) => {
        if (first && last) return undefined;
        if (first) return fall(x);
        if (last) return rise(x);
        // The difference of two rises, without its cancellation.
        return mul(mul(rise(x), fall(x)), -Math.expm1(-width / softness));
      },
    };
  });
}

/** One of every list, the last list's first: the windows of a grid. */
export const gridOf = <T>(lists: readonly (readonly T[])[]): T[][] =>
  lists.reduce<T[][]>((grid, list) => grid.flatMap((row) => list.map((each) => [...row, each])), [[]]);

/**
 * The sum of networks, each under its window: `[batch, columns]`, numbers in [-1, 1], to what the networks return. A network sees its window as [-1, 1]. Windows are
 * products of sigmoids, as smooth as any equation asks, and add up to 1. Every network is evaluated at every point.
 *
 * Moseley, Markham and Nissen-Meyer, "Finite basis physics-informed neural networks (FBPINNs)", Adv. Comput. Math. 49 (2023).
 *
 * @throws on another number of networks than of windows, or of columns than of counts
 */
export const windowed = /* @__PURE__ */ defineLayer({
  type: "windowed",
  options: { required: { networks: networksCheck, counts: countsCheck, overlap: overlapCheck } },
  children: ({ networks, counts }: WindowedConfig): Readonly<Record<string, Layer>> => {
    const windows = counts.reduce((product, count) => product * count, 1);
    if (networks.length !== windows) {
      throw new HookeError(
        `windowed: received ${networks.length} networks for ${windows} windows; give one for each.`,
        {
          code: "mismatch",
        },
      );
    }
    return Object.fromEntries(networks.map((network, i) => [String(i), network]));
  },
  apply: ({ config: { counts, overlap }, children }, x) => {
    if (x.rank !== 2 || x.shape[1] !== counts.length) {
      throw new HookeError(`received ${describe(x)} for ${counts.length} counts; expected [batch, ${counts.length}].`, {
        code: "mismatch",
      });
    }
    const columns = counts.map((_, axis) => sliceAxis(x, 1, axis, axis + 1));
    const along = counts.map((count, axis) =>
      windowsOver(count, overlap).map((window) => ({ ...window, value: window.weight(columns[axis]!) })),
    );
    return gridOf(along)
      .map((cell, i) => {
        const slopes = array(cell.map(({ low, high }) => 2 / (high - low)));
        const centers = array(cell.map(({ low, high }) => (low + high) / 2));
        const output = children[i]!(mul(sub(x, centers), slopes));
        return cell.reduce((value, { value: weight }) => (weight === undefined ? value : mul(value, weight)), output);
      })
      .reduce((a, b) => add(a, b));
  },
});
