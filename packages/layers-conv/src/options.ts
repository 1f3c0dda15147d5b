// Options that all windows share: one number for every spatial axis or a list with one each, and padding.
import { type Check, checks } from "@hooke/runtime";

/** One number for every spatial axis, or one for each, in the order of the axes. */
export type PerAxis = number | readonly number[];

/**
 * What is added around the input: nothing (`"valid"`), as much as keeps the size at stride 1 (`"same"`: the output has
 * `ceil(size / stride)` points, an odd surplus is added at the end), a number of points on both sides of every axis,
 * one number for each axis, or `[before, after]` for each axis.
 */
export type Padding = "valid" | "same" | number | readonly (number | readonly [before: number, after: number])[];

/**
 * What padding holds: zeros, the image mirrored about its first and last points, or the image continued periodically.
 */
export type PaddingMode = "zeros" | "reflect" | "circular";

/** Points added before and after each axis. */
export type Margins = readonly (readonly [before: number, after: number])[];

const isWhole = (value: unknown, least: number): boolean => Number.isSafeInteger(value) && (value as number) >= least;

/** Expects a whole number from `least`, or a list of one for each of `rank` axes. */
export const perAxis =
  (rank: number, least: number): Check =>
  (value) => {
    const list = Array.isArray(value) && value.length === rank && value.every((item) => isWhole(item, least));
    if (isWhole(value, least) || list) return undefined;
    return `a whole number of at least ${least}${rank > 1 ? `, or a list of ${rank}, one for each axis` : ""}`;
  };

/** Expects a {@link Padding}. */
export const padding =
  (rank: number): Check =>
  (value) => {
    const isPair = (item: unknown): boolean =>
      Array.isArray(item) && item.length === 2 && item.every((n) => isWhole(n, 0));
    const isList =
      Array.isArray(value) && value.length === rank && value.every((item) => isWhole(item, 0) || isPair(item));
    if (value === "valid" || value === "same" || isWhole(value, 0) || isList) return undefined;
    const list =
      rank === 1 ? "[[before, after]]" : `a list of ${rank} numbers or [before, after] pairs, one for each axis`;
    return `"valid", "same", a whole number, or ${list}`;
  };

/** Expects a {@link PaddingMode}. */
export const paddingMode: Check = (value) => checks.oneOf(value, ["zeros", "reflect", "circular"]);

/** The numbers of each axis. */
export const each = (value: PerAxis, rank: number): readonly number[] =>
  typeof value === "number" ? Array.from({ length: rank }, () => value) : value;

/** The margins that a padding stands for. */
export function marginsOf(
  given: Padding,
  spatial: readonly number[],
  window: readonly number[],
  stride: readonly number[],
  dilation: readonly number[],
): Margins {
  return spatial.map((size, axis) => {
    const span = dilation[axis]! * (window[axis]! - 1) + 1;
    if (given === "valid") return [0, 0];
    if (given === "same") {
      const total = Math.max(0, (Math.ceil(size / stride[axis]!) - 1) * stride[axis]! + span - size);
      return [Math.floor(total / 2), Math.ceil(total / 2)];
    }
    const own = typeof given === "number" ? given : given[axis]!;
    return typeof own === "number" ? [own, own] : own;
  });
}
