// Elementwise operations with NumPy broadcasting. Numbers take the dtype of the tensor beside them.
import { type DType, describe, type HostArray, isFloat, type Shape } from "../array.ts";
import { fail } from "../error.ts";
import { nothingMore } from "../options/check-options.ts";
import { creation } from "../primitives/creation.ts";
import { elementwise } from "../primitives/elementwise.ts";
import type { None, PrimitiveParams } from "../primitives/params.ts";
import { emit, tensorFor } from "../record.ts";
import type { Tensor } from "../tensor.ts";
import { align, broadcastShapes, type Operand } from "./align.ts";
import { known } from "./known.ts";
import { broadcastTo } from "./structure.ts";

const none: None = {};

type Plain = { [K in keyof typeof elementwise]: PrimitiveParams[K] extends None ? K : never }[keyof typeof elementwise];

/** An array filled with one value. Default dtype `f32`. */
export function full(shape: Shape, value: number, dtype: DType = "f32"): Tensor {
  return emit(creation, "full", [], { value, shape, dtype })[0]!;
}

/** A tensor like `x` filled with one value. */
export function fullLike(x: Tensor, value: number, ...more: []): Tensor {
  nothingMore("fullLike", more);
  return full(x.shape, value, x.dtype);
}

type Unary = (x: Operand) => Tensor;

function unary(primitive: Plain): Unary {
  return (x, ...more: []) => {
    return emit(elementwise, primitive, [tensorFor(primitive, x, more)], none)[0]!;
  };
}

type Binary = (a: Operand, b: Operand) => Tensor;

/** @param who the function's name, where it is the primitive with its operands changed over */
function binary(primitive: Plain, who: string = primitive): Binary {
  return (a, b, ...more: []) => {
    return emit(elementwise, primitive, align(who, who === primitive ? [a, b] : [b, a], more), none)[0]!;
  };
}

/** `-x`. */
export const neg: (x: Operand) => Tensor = /* @__PURE__ */ unary("neg");
/** `|x|`; derivative `sign(x)`. */
export const abs: (x: Operand) => Tensor = /* @__PURE__ */ unary("abs");
/** -1, 0 or 1. */
export const sign: (x: Operand) => Tensor = /* @__PURE__ */ unary("sign");
/** Largest integer not above `x`. */
export const floor: (x: Operand) => Tensor = /* @__PURE__ */ unary("floor");
/** `e^x`. */
export const exp: (x: Operand) => Tensor = /* @__PURE__ */ unary("exp");
/** `e^x - 1`, exact near 0. */
export const expm1: (x: Operand) => Tensor = /* @__PURE__ */ unary("expm1");
/** Natural logarithm. */
export const log: (x: Operand) => Tensor = /* @__PURE__ */ unary("log");
/** `log(1 + x)`, exact near 0. */
export const log1p: (x: Operand) => Tensor = /* @__PURE__ */ unary("log1p");
/** Sine of radians. */
export const sin: (x: Operand) => Tensor = /* @__PURE__ */ unary("sin");
/** Cosine of radians. */
export const cos: (x: Operand) => Tensor = /* @__PURE__ */ unary("cos");
/** Tangent of radians. */
export const tan: (x: Operand) => Tensor = /* @__PURE__ */ unary("tan");
/** Hyperbolic tangent. */
export const tanh: (x: Operand) => Tensor = /* @__PURE__ */ unary("tanh");
/** `1 / (1 + e^-x)`. */
export const sigmoid: (x: Operand) => Tensor = /* @__PURE__ */ unary("sigmoid");
/** Error function. */
export const erf: (x: Operand) => Tensor = /* @__PURE__ */ unary("erf");
/** Square root; its derivative at 0 is infinite. Lengths of vectors: `norm`, whose derivative there is 0. */
export const sqrt: (x: Operand) => Tensor = /* @__PURE__ */ unary("sqrt");
/** `1 / sqrt(x)`. */
export const rsqrt: (x: Operand) => Tensor = /* @__PURE__ */ unary("rsqrt");
/** Logical not of a `bool`, bitwise not of an integer. */
export const not: (x: Operand) => Tensor = /* @__PURE__ */ unary("not");
/** `x`, treated as a constant by derivatives. */
export const stopGradient: (x: Operand) => Tensor = /* @__PURE__ */ unary("stopGradient");

/** `a + b`. */
export const add: (a: Operand, b: Operand) => Tensor = /* @__PURE__ */ binary("add");
/** `a - b`. */
export const sub: (a: Operand, b: Operand) => Tensor = /* @__PURE__ */ binary("sub");
/** `a * b`. */
export const mul: (a: Operand, b: Operand) => Tensor = /* @__PURE__ */ binary("mul");
/** `a / b`; integers divide towards zero. */
export const div: (a: Operand, b: Operand) => Tensor = /* @__PURE__ */ binary("div");
/** Remainder of `a / b` with the sign of `a`, as `%` in JavaScript and C; {@link mod} has that of `b`. */
export const rem: (a: Operand, b: Operand) => Tensor = /* @__PURE__ */ binary("rem");

/** Up to here, products are as close to the power as its exponential is. */
const mostFactors = 16;

/**
 * `a^b` of floats; of whole numbers for a number `b` that is whole and not negative, modulo 2^32.
 *
 * A whole *number* `b` from -16 to 16 is a product of factors `a` or `1 / a`: right to the last digits, for negative `a` too, and with
 * all its derivatives at 0. Other exponents cost a logarithm and an exponential, and their derivative in `b` is NaN for negative `a`.
 *
 * @example
 * ```ts
 * import { array, pow, referenceBackend, run, type Tensor } from "@hooke/runtime";
 *
 * const cube = (x: Tensor) => pow(x, 3);
 * console.log((await run(referenceBackend(), cube, array([-2, 3], { dtype: "i32" }))).data); // Int32Array(2) [ -8, 27 ]
 * ```
 */
export function pow(a: Operand, b: Operand, ...more: []): Tensor {
  nothingMore("pow", more);
  if (typeof b !== "number" || !Number.isInteger(b)) return binary("pow")(a, b);
  const base = tensorFor("pow", a);
  if (isFloat(base.dtype)) {
    if (Math.abs(b) > mostFactors) return binary("pow")(base, b);
    const power = (x: Tensor): Tensor => (b < 0 ? product(div(1, x), -b) : product(x, b));
    // Beyond a square, the product rule would add up equal terms.
    return b >= -1 && b <= 2 ? power(base) : known(`x^${b}`, [base], power, [(x) => mul(pow(x, b - 1), b)]);
  }
  if (b < 0)
    fail("pow", `received ${describe(base)} and the exponent ${b}; powers of whole numbers below 0 are fractions.`);
  return product(base, b);
}

/** `count` factors `x`, by squares. */
function product(x: Tensor, count: number): Tensor {
  if (count === 0) return fullLike(x, 1);
  if (count === 1) return x;
  const root = product(x, Math.floor(count / 2));
  const even = mul(root, root);
  return count % 2 === 0 ? even : mul(even, x);
}

/** The larger; NaN if either is; the derivative splits a tie evenly. */
export const maximum: (a: Operand, b: Operand) => Tensor = /* @__PURE__ */ binary("maximum");
/** The smaller; NaN if either is; the derivative splits a tie evenly. */
export const minimum: (a: Operand, b: Operand) => Tensor = /* @__PURE__ */ binary("minimum");
/** `a = b`, as `bool`. */
export const equal: (a: Operand, b: Operand) => Tensor = /* @__PURE__ */ binary("equal");
/** `a != b`, as `bool`. */
export const notEqual: (a: Operand, b: Operand) => Tensor = /* @__PURE__ */ binary("notEqual");
/** `a < b`, as `bool`. */
export const less: (a: Operand, b: Operand) => Tensor = /* @__PURE__ */ binary("less");
/** `a <= b`, as `bool`. */
export const lessEqual: (a: Operand, b: Operand) => Tensor = /* @__PURE__ */ binary("lessEqual");
/** `a > b`, as `bool`. */
export const greater: (a: Operand, b: Operand) => Tensor = /* @__PURE__ */ binary("less", "greater");
/** `a >= b`, as `bool`. */
export const greaterEqual: (a: Operand, b: Operand) => Tensor = /* @__PURE__ */ binary("lessEqual", "greaterEqual");
/** Logical and of `bool`, bitwise and of integers. */
export const and: (a: Operand, b: Operand) => Tensor = /* @__PURE__ */ binary("and");
/** Logical or of `bool`, bitwise or of integers. */
export const or: (a: Operand, b: Operand) => Tensor = /* @__PURE__ */ binary("or");
/** Exclusive or. */
export const xor: (a: Operand, b: Operand) => Tensor = /* @__PURE__ */ binary("xor");
/** `a << b`, integers; `b` modulo 32. */
export const shiftLeft: (a: Operand, b: Operand) => Tensor = /* @__PURE__ */ binary("shiftLeft");
/** `a >> b`: logical for `u32`, arithmetic for `i32`; `b` modulo 32. */
export const shiftRight: (a: Operand, b: Operand) => Tensor = /* @__PURE__ */ binary("shiftRight");

/** Whether `x` is not a number, as `bool`; never of a whole number. */
const missing: (x: Operand) => Tensor = (x, ...more: []) => {
  const value = tensorFor("isNaN", x, more);
  return notEqual(value, value);
};

/** Whether `x` is neither infinite nor NaN, as `bool`; always of a whole number. */
const finite: (x: Operand) => Tensor = (x, ...more: []) => {
  const value = tensorFor("isFinite", x, more);
  return isFloat(value.dtype) ? less(abs(value), Infinity) : full(value.shape, 1, "bool");
};

export { finite as isFinite, missing as isNaN };

/** `x * x`. */
export function square(x: Operand, ...more: []): Tensor {
  const value = tensorFor("square", x, more);
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
export function select(condition: Tensor | HostArray, a: Operand, b: Operand, ...more: []): Tensor {
  const [x, y] = align("select", [a, b], more) as [Tensor, Tensor];
  const shape = broadcastShapes("select", condition.shape, x.shape);
  return emit(
    elementwise,
    "select",
    [broadcastTo(tensorFor("select", condition), shape), broadcastTo(x, shape), broadcastTo(y, shape)],
    none,
  )[0]!;
}

/** `x` as another dtype: floats to integers truncate and clamp to the range (NaN becomes 0), anything to `bool` is `!= 0`. */
export function convert(x: Operand, dtype: DType, ...more: []): Tensor {
  const value = tensorFor("convert", x, more);
  return value.dtype === dtype ? value : emit(elementwise, "convert", [value], { dtype })[0]!;
}
