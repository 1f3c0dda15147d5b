// Checks that several functions of this package make.
import { hostArrayCheck, type RowNames } from "@hooke/data";
import { type Check, checkArgument, describe, fail, type HostArray, isFloat, sameShape, sizeOf } from "@hooke/runtime";

/** Expects a name or number for each row. */
export const namesCheck: Check = (value) =>
  typeof value === "object" && typeof (value as Partial<ArrayLike<unknown>> | null)?.length === "number"
    ? undefined
    : "a name or number for each row, such as that of its specimen";

/** Expects a function. */
export const functionCheck: Check = (value) => (typeof value === "function" ? undefined : "a function");

/** @throws unless it is an array of numbers that are not labels, `[rows, ...]`, with a row at least */
export function checkNumbers(who: string, what: string, value: unknown): asserts value is HostArray {
  checkArgument(who, what, value, hostArrayCheck);
  const array = value as HostArray;
  if (!isFloat(array.dtype)) {
    fail(
      who,
      `received ${what} ${describe(array)}, which look like labels of classes; it takes numbers, f32 or f64. Of classes: classMixtureOf and conformalSets.`,
      "mismatch",
    );
  }
  if (array.shape.length === 0 || array.data.length === 0) {
    fail(who, `received ${what} ${describe(array)}; give rows, [rows, ...], one at least.`, "invalid-data");
  }
}

/** @throws unless both have one shape; a column of its own, `[rows, 1]` for `[rows]`, is the same */
export function checkAlike(who: string, what: string, a: HostArray, other: string, b: HostArray): void {
  if (sameShape(column(a.shape), column(b.shape))) return;
  fail(who, `received ${what} ${describe(a)} and ${other} ${describe(b)}; they have the same shape.`, "mismatch");
}

const column = (shape: readonly number[]): readonly number[] =>
  shape.length === 2 && shape[1] === 1 ? [shape[0]!] : shape;

/** @throws on a value that is not finite */
export function checkFinite(who: string, what: string, { data, shape }: HostArray): void {
  const bad = data.findIndex((value: number) => !Number.isFinite(value));
  if (bad < 0) return;
  const row = Math.floor(bad / Math.max(1, sizeOf(shape.slice(1))));
  fail(who, `${what} hold ${data[bad]} in row ${row}; they are finite.`, "non-finite");
}

/** @throws unless there is a name for each row */
export function checkRowNames(who: string, option: string, names: RowNames | undefined, rows: number): void {
  if (names === undefined || names.length === rows) return;
  fail(who, `received ${names.length} ${option} for ${rows} rows; give one for each.`, "mismatch");
}

/** An array of doubles. */
export const f64 = (shape: readonly number[], data: Float64Array): HostArray => ({ shape, dtype: "f64", data });
