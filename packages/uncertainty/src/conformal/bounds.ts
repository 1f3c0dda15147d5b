// Bounds of predictions.
import type { Check, HostArray } from "@hooke/runtime";

/** Numbers that targets lie between, in their units, `f64[rows, ...]` each. */
export interface Bounds {
  readonly lower: HostArray;
  readonly upper: HostArray;
}

/** Expects bounds. */
export const boundsCheck: Check = (value) => {
  const { lower, upper } = (value ?? {}) as Partial<Bounds>;
  return lower?.data !== undefined && upper?.data !== undefined
    ? undefined
    : "bounds, { lower, upper }, arrays [rows, ...]";
};
