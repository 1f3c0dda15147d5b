// Checks shared by the shape rules; every message says which primitive speaks and what it received.
import { type DType, describe, isFloat, sameShape, stored } from "../array.ts";
import { fail } from "../error.ts";
import type { Aval } from "../program.ts";

/** Dtypes that a primitive takes. */
export type Types = readonly DType[];
export const numeric: Types = ["f32", "f64", "i32", "u32"];
export const floats: Types = ["f32", "f64"];
export const bits: Types = ["bool", "i32", "u32"];
export const integers: Types = ["i32", "u32"];
export const everything: Types = ["f32", "f64", "i32", "u32", "bool"];

export function needInputs(who: string, inputs: readonly Aval[], count: number): void {
  if (inputs.length !== count) fail(who, `received ${inputs.length} inputs; it takes ${count}.`);
}

export function needAlike(who: string, inputs: readonly Aval[]): Aval {
  const first = inputs[0]!;
  for (const input of inputs) {
    if (!sameShape(input.shape, first.shape) || input.dtype !== first.dtype) {
      fail(who, `received ${inputs.map(describe).join(" and ")}; shapes and dtypes must agree.`, "mismatch");
    }
  }
  return first;
}

export function needDType(who: string, input: Aval, allowed: readonly DType[]): void {
  if (!allowed.includes(input.dtype))
    fail(who, `received ${describe(input)}; it takes ${allowed.join(", ")}.`, "mismatch");
}

/** A number that the dtype holds: floats hold all, after rounding. */
export function needValue(who: string, value: number, dtype: DType): void {
  if (isFloat(dtype) || (stored(value, dtype) === value && (dtype !== "bool" || value <= 1))) return;
  fail(
    who,
    `received ${value}, which is not a value of ${dtype}. Use convert(x, "f32") on the operand beside it.`,
    "mismatch",
  );
}

export function needFloat(who: string, input: Aval): void {
  if (!isFloat(input.dtype)) fail(who, `received ${describe(input)}; it takes f32 or f64.`, "mismatch");
}

export function needAxis(who: string, input: Aval, axis: number): void {
  if (!Number.isInteger(axis) || axis < 0 || axis >= input.shape.length) {
    fail(who, `axis ${axis} does not exist in ${describe(input)}.`, "mismatch");
  }
}

/** Strictly increasing existing axes. */
export function needAxes(who: string, input: Aval, axes: readonly number[]): void {
  for (const [i, axis] of axes.entries()) {
    needAxis(who, input, axis);
    if (i > 0 && axes[i - 1]! >= axis) fail(who, `axes [${axes.join(", ")}] must increase.`);
  }
}

export function needRank(who: string, input: Aval, ...parameters: readonly (readonly unknown[])[]): void {
  for (const list of parameters) {
    if (list.length !== input.shape.length) {
      fail(
        who,
        `received ${describe(input)} and a parameter of ${list.length} entries; it takes one entry per axis.`,
        "mismatch",
      );
    }
  }
}
