// Elementwise operations with NumPy broadcasting. Numbers take the dtype of the tensor beside them.
import { type DType, describe, type HostArray, type Shape } from "../array.ts";
import { fail } from "../error.ts";
import type { None, PrimitiveName, PrimitiveParams } from "../primitives/params.ts";
import { asTensor, bind } from "../record.ts";
import type { Tensor } from "../tensor.ts";
import { broadcastTo } from "./structure.ts";

/** What an operation takes: a tensor, a constant host array, or a number. */
export type Operand = Tensor | HostArray | number;

const none: None = {};

type Plain = { [K in PrimitiveName]: PrimitiveParams[K] extends None ? K : never }[PrimitiveName];

/** The shape two shapes broadcast to, as in NumPy. @throws naming both */
export function broadcastShapes(who: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  const shape = new Array<number>(rank);
  for (let i = 1; i <= rank; i++) {
    const left = a[a.length - i] ?? 1;
    const right = b[b.length - i] ?? 1;
    if (left !== right && left !== 1 && right !== 1) {
      fail(
        who,
        `shapes [${a.join(", ")}] and [${b.join(", ")}] do not broadcast: ${left} against ${right} on axis -${i}.`,
        "mismatch",
      );
    }
    shape[rank - i] = left === 1 ? right : left;
  }
  return shape;
}

/** Brings operands to one shape and dtype. */
function align(who: string, given: readonly Operand[]): Tensor[] {
  const operands = given.map((operand) => (typeof operand === "number" ? operand : asTensor(operand)));
  const anchor = operands.find((operand) => typeof operand !== "number");
  const dtype: DType = anchor?.dtype ?? "f32";
  let shape: Shape = [];
  for (const operand of operands) if (typeof operand !== "number") shape = broadcastShapes(who, shape, operand.shape);
  return operands.map((operand) => {
    if (typeof operand === "number") return full(shape, operand, dtype);
    if (operand.dtype !== dtype) {
      fail(
        who,
        `operands are ${operands.map(show).join(" and ")}; convert one of them with convert(x, dtype).`,
        "mismatch",
      );
    }
    return broadcastTo(operand, shape);
  });
}

const show = (operand: Tensor | number): string => (typeof operand === "number" ? String(operand) : describe(operand));

/** An array filled with one value. Default dtype `f32`. */
export function full(shape: Shape, value: number, dtype: DType = "f32"): Tensor {
  return bind("full", [], { value, shape, dtype })[0]!;
}

/** A tensor like `x` filled with one value. */
export function fullLike(x: Tensor, value: number): Tensor {
  return full(x.shape, value, x.dtype);
}

function unary(primitive: Plain, x: Operand): Tensor {
  return bind(primitive, [asTensor(x)], none)[0]!;
}

function binary(primitive: Plain, a: Operand, b: Operand): Tensor {
  return bind(primitive, align(primitive, [a, b]), none)[0]!;
}

/** `-x`. */
export const neg = (x: Operand): Tensor => unary("neg", x);
/** `|x|`; derivative `sign(x)`. */
export const abs = (x: Operand): Tensor => unary("abs", x);
/** -1, 0 or 1. */
export const sign = (x: Operand): Tensor => unary("sign", x);
/** Largest integer not above `x`. */
export const floor = (x: Operand): Tensor => unary("floor", x);
/** `e^x`. */
export const exp = (x: Operand): Tensor => unary("exp", x);
/** `e^x - 1`, exact near 0. */
export const expm1 = (x: Operand): Tensor => unary("expm1", x);
/** Natural logarithm. */
export const log = (x: Operand): Tensor => unary("log", x);
/** `log(1 + x)`, exact near 0. */
export const log1p = (x: Operand): Tensor => unary("log1p", x);
/** Sine of radians. */
export const sin = (x: Operand): Tensor => unary("sin", x);
/** Cosine of radians. */
export const cos = (x: Operand): Tensor => unary("cos", x);
/** Tangent of radians. */
export const tan = (x: Operand): Tensor => unary("tan", x);
/** Hyperbolic tangent. */
export const tanh = (x: Operand): Tensor => unary("tanh", x);
/** `1 / (1 + e^-x)`. */
export const sigmoid = (x: Operand): Tensor => unary("sigmoid", x);
/** Error function. */
export const erf = (x: Operand): Tensor => unary("erf", x);
/** Square root; its derivative at 0 is infinite. Lengths of vectors: `norm`, whose derivative there is 0. */
export const sqrt = (x: Operand): Tensor => unary("sqrt", x);
/** `1 / sqrt(x)`. */
export const rsqrt = (x: Operand): Tensor => unary("rsqrt", x);
/** Logical not of a `bool`, bitwise not of an integer. */
export const not = (x: Operand): Tensor => unary("not", x);
/** `x`, treated as a constant by derivatives. */
export const stopGradient = (x: Operand): Tensor => unary("stopGradient", x);

/** `a + b`. */
export const add = (a: Operand, b: Operand): Tensor => binary("add", a, b);
/** `a - b`. */
export const sub = (a: Operand, b: Operand): Tensor => binary("sub", a, b);
/** `a * b`. */
export const mul = (a: Operand, b: Operand): Tensor => binary("mul", a, b);
/** `a / b`; integers divide towards zero. */
export const div = (a: Operand, b: Operand): Tensor => binary("div", a, b);
/** Remainder of `a / b` with the sign of `a`. */
export const rem = (a: Operand, b: Operand): Tensor => binary("rem", a, b);
/** `a^b`, floats only. */
export const pow = (a: Operand, b: Operand): Tensor => binary("pow", a, b);
/** The larger; NaN if either is; the derivative splits a tie evenly. */
export const maximum = (a: Operand, b: Operand): Tensor => binary("maximum", a, b);
/** The smaller; NaN if either is; the derivative splits a tie evenly. */
export const minimum = (a: Operand, b: Operand): Tensor => binary("minimum", a, b);
/** `a = b`, as `bool`. */
export const equal = (a: Operand, b: Operand): Tensor => binary("equal", a, b);
/** `a != b`, as `bool`. */
export const notEqual = (a: Operand, b: Operand): Tensor => binary("notEqual", a, b);
/** `a < b`, as `bool`. */
export const less = (a: Operand, b: Operand): Tensor => binary("less", a, b);
/** `a <= b`, as `bool`. */
export const lessEqual = (a: Operand, b: Operand): Tensor => binary("lessEqual", a, b);
/** `a > b`, as `bool`. */
export const greater = (a: Operand, b: Operand): Tensor => binary("less", b, a);
/** `a >= b`, as `bool`. */
export const greaterEqual = (a: Operand, b: Operand): Tensor => binary("lessEqual", b, a);
/** Logical and of `bool`, bitwise and of integers. */
export const and = (a: Operand, b: Operand): Tensor => binary("and", a, b);
/** Logical or of `bool`, bitwise or of integers. */
export const or = (a: Operand, b: Operand): Tensor => binary("or", a, b);
/** Exclusive or. */
export const xor = (a: Operand, b: Operand): Tensor => binary("xor", a, b);
/** `a << b`, integers; `b` modulo 32. */
export const shiftLeft = (a: Operand, b: Operand): Tensor => binary("shiftLeft", a, b);
/** `a >> b`: logical for `u32`, arithmetic for `i32`; `b` modulo 32. */
export const shiftRight = (a: Operand, b: Operand): Tensor => binary("shiftRight", a, b);

/** `x * x`. */
export function square(x: Operand): Tensor {
  const value = asTensor(x);
  return mul(value, value);
}

/**
 * Where `condition` (`bool`) holds `a`, elsewhere `b`; all three broadcast.
 *
 * It chooses between results; both are computed. A value that is not chosen does no harm, but its derivative may: its cotangent
 * is 0, and 0 times an infinite derivative is NaN. So `select(greater(x, 0), sqrt(x), 0)` has the derivative NaN at 0. The cure
 * is to choose the *argument*, too, so that the function never sees what it cannot differentiate:
 *
 * @example
 * ```ts
 * import { array, grad, greater, referenceBackend, run, select, sqrt, type Tensor } from "@hooke/runtime";
 *
 * const trap = (x: Tensor) => select(greater(x, 0), sqrt(x), 0);
 * const cure = (x: Tensor) => select(greater(x, 0), sqrt(select(greater(x, 0), x, 1)), 0);
 * for (const root of [trap, cure]) {
 *   const { data } = await run(referenceBackend(), (x: Tensor) => grad(root)(x), array(0));
 *   console.log(data[0]);
 * }
 * // NaN
 * // 0
 * ```
 */
export function select(condition: Tensor | HostArray, a: Operand, b: Operand): Tensor {
  const [x, y] = align("select", [a, b]) as [Tensor, Tensor];
  const shape = broadcastShapes("select", condition.shape, x.shape);
  return bind(
    "select",
    [broadcastTo(asTensor(condition), shape), broadcastTo(x, shape), broadcastTo(y, shape)],
    none,
  )[0]!;
}

/** `x` as another dtype: floats to integers truncate and clamp to the range (NaN becomes 0), anything to `bool` is `!= 0`. */
export function convert(x: Operand, dtype: DType): Tensor {
  const value = asTensor(x);
  return value.dtype === dtype ? value : bind("convert", [value], { dtype })[0]!;
}
