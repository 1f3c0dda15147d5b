// What functions made of several operations require of their operand, said in their own name rather than in that of a part.

import { describe, isFloat } from "../array.ts";
import { fail } from "../error.ts";
import { checkOptions } from "../options/check-options.ts";
import { flag } from "../options/checks.ts";
import { tensorFor } from "../record.ts";
import type { Tensor } from "../tensor.ts";
import type { Operand } from "./align.ts";

import { normalizeAxes } from "./structure.ts";

/** A tensor of floats. @throws on whole numbers and booleans: what functions of them give lies between whole numbers */
export function floats(who: string, x: Operand, more?: readonly unknown[]): Tensor {
  const value = tensorFor(who, x, more);
  if (!isFloat(value.dtype))
    fail(
      who,
      `received ${describe(value)}; its results are no ${value.dtype}. Give it convert(x, "f32") or "f64".`,
      "mismatch",
    );
  return value;
}

/** Which axes a reduction removes (default all), and whether they stay with size 1. */
export interface ReductionOptions {
  readonly axes?: number | readonly number[];
  readonly keepDims?: boolean;
}

/** Checks what reductions take beside their operand; axes are checked where they are used. */
export function reductionOptions(who: string, options: ReductionOptions): void {
  checkOptions<ReductionOptions>(who, options, { optional: { axes: () => undefined, keepDims: flag } });
}

/** Axes of at least one element each, sorted; all of them by default. @throws on an axis there is not, or an empty one */
export function filledAxes(who: string, value: Tensor, axes: number | readonly number[] | undefined): number[] {
  const normalized = normalizeAxes(who, axes, value.rank);
  if (normalized.some((axis) => value.shape[axis] === 0))
    fail(who, `received ${describe(value)}; an empty axis has no ${who}.`, "mismatch");
  return normalized;
}

/** A tensor of floats or whole numbers. @throws on booleans */
export function numbers(who: string, x: Operand, more?: readonly unknown[]): Tensor {
  const value = tensorFor(who, x, more);
  if (value.dtype === "bool")
    fail(who, `received ${describe(value)}; it takes numbers. Give it convert(x, "i32").`, "mismatch");
  return value;
}
