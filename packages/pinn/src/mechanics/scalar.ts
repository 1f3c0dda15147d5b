// Numbers and tensors of points in the same formula.
import { add, type Check, checkOptions, div, fail, isTensor, mul, quoted, sub, type Tensor } from "@hooke/runtime";

/** A number, an unknown `[]`, or one number a point `[n]`. */
export type Scalar = number | Tensor;

/** Scalars at points, `[n]` each, by component: `{ xx, xy, yy }`. */
export type Components = Readonly<Record<string, Tensor>>;

const both =
  (
    numbers: (a: number, b: number) => number,
    tensors: (a: Tensor, b: Scalar) => Tensor,
    turned: (a: number, b: Tensor) => Tensor,
  ) =>
  <A extends Scalar, B extends Scalar>(a: A, b: B): A extends Tensor ? Tensor : B extends Tensor ? Tensor : Scalar => {
    const result = typeof a !== "number" ? tensors(a, b) : typeof b !== "number" ? turned(a, b) : numbers(a, b);
    return result as never;
  };

export const plus = both((a, b) => a + b, add, add);
export const minus = both((a, b) => a - b, sub, sub);
export const times = both((a, b) => a * b, mul, mul);
export const over = both((a, b) => a / b, div, div);

/** The sum of tensors. */
export const total = (parts: readonly Tensor[]): Tensor => parts.reduce((a, b) => add(a, b));

/** Expects a number, or a tensor: an unknown or a field. */
export const scalarCheck: Check = (value) =>
  isTensor(value) || (typeof value === "number" && Number.isFinite(value)) ? undefined : "a finite number or a tensor";

/** Expects a number above 0, or a tensor. */
export const positiveCheck: Check = (value) =>
  isTensor(value) || (typeof value === "number" && value > 0 && Number.isFinite(value))
    ? undefined
    : "a number above 0, or a tensor";

/** Checks numbers of a material or a structure. */
export function checkNumbers<T extends object>(
  who: string,
  given: T,
  required: { readonly [K in keyof T]?: Check },
  optional: { readonly [K in keyof T]?: Check } = {},
): void {
  checkOptions(who, given, { required, optional } as never);
}

/** Checks that a value is a tensor. */
export function checkTensor(who: string, what: string, value: unknown): void {
  if (!isTensor(value)) fail(who, `received no tensor as ${what}; give what a term sees, such as d(w, "x", "x").`);
}

/** Checks that a record has tensors under some names. @throws naming those that are missing */
export function checkComponents(who: string, what: string, given: unknown, names: readonly string[]): void {
  const record = (typeof given === "object" && given !== null && !isTensor(given) ? given : {}) as Record<
    string,
    unknown
  >;
  const missing = names.filter((name) => !(name in record) || !isTensor(record[name]));
  if (missing.length === 0) return;
  fail(who, `received ${what} without ${quoted(missing)}; it takes the components ${quoted(names)}.`, "mismatch");
}

/** The axes of a tensor of second order: x and y, and z where it has `zz`. @throws if its diagonal is not there */
export function axesOf(who: string, what: string, given: unknown): readonly string[] {
  const axes = typeof given === "object" && given !== null && "zz" in given ? ["x", "y", "z"] : ["x", "y"];
  checkComponents(
    who,
    what,
    given,
    axes.map((axis) => axis + axis),
  );
  return axes;
}

/** An entry of a tensor of which symmetric entries may be given once. */
export function entry(who: string, what: string, given: Components, row: string, column: string): Tensor {
  if (`${row}${column}` in given) return given[row + column]!;
  if (`${column}${row}` in given) return given[column + row]!;
  return fail(who, `received ${what} without ${quoted([row + column])}.`, "mismatch");
}
