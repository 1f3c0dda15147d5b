// The one comparison behind "better": best epochs, early stopping and plateaus all ask here.
import { type Check, checkArgument, checks } from "@hooke/runtime";
import type { Direction } from "./metric.ts";

/** What a value must be better by to count. */
export interface Margin {
  /** Default 0: any difference counts. */
  readonly by?: number;
  /** Whether `by` is in units of the value or a share of the magnitude of the best one. Default `"absolute"`. */
  readonly mode?: "absolute" | "relative";
}

const directionCheck: Check = (value) => checks.oneOf(value, ["minimize", "maximize"]);
const number: Check = (value) => (typeof value === "number" ? undefined : "a number");

/** The value that any other but NaN beats or equals: what a search for the best starts from. */
export function worstOf(direction: Direction): number {
  return direction === "maximize" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/**
 * Whether a value is better than the best one so far by more than a margin. NaN never is, nor is the infinity at the bad end.
 *
 * @param best default none so far
 * @example
 * ```ts
 * import { isBetter } from "@hooke/data";
 *
 * console.log(isBetter("minimize", -3, -3, { by: 1e-4, mode: "relative" })); // false
 * console.log(isBetter("minimize", -3.1, -3, { by: 0.01, mode: "relative" })); // true
 * ```
 */
export function isBetter(
  direction: Direction,
  value: number,
  best = worstOf(direction),
  { by = 0, mode = "absolute" }: Margin = {},
): boolean {
  checkArgument("isBetter", "the direction", direction, directionCheck);
  for (const each of [value, best]) checkArgument("isBetter", "the value", each, number);
  const sign = direction === "maximize" ? 1 : -1;
  // A share is taken of the magnitude: best (1 - by) would lie above a best value below 0, and every value below that bound.
  const bound =
    mode === "absolute" || !Number.isFinite(best) ? best + sign * by : best * (1 + sign * Math.sign(best) * by);
  return sign > 0 ? value > bound : value < bound;
}
