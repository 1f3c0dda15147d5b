// Elementwise primitives: arithmetic, transcendental functions, comparisons, logic, selection, conversion.

import type { DType } from "../array.ts";
import { checkDType } from "../check-array.ts";
import {
  abs,
  add,
  and,
  convert,
  cos,
  div,
  equal,
  exp,
  less,
  lessEqual,
  log,
  mul,
  neg,
  pow,
  select,
  sign,
  sin,
  sub,
} from "../ops/elementwise.ts";
import { round } from "../ops/rounding.ts";
import type { Tensor } from "../tensor.ts";
import { errorFunction } from "./erf.ts";
import { binary, compare, unary, write } from "./makers.ts";
import { bits, everything, floats, integers, needAlike, needDType, needInputs, numeric } from "./needs.ts";
import type { None, PrimitiveName, PrimitiveParams } from "./params.ts";
import type { MaybeTensor, Rules } from "./rule.ts";

const sumOf = (a: MaybeTensor, b: MaybeTensor): MaybeTensor => (a === null ? b : b === null ? a : add(a, b));
const times = (tangent: MaybeTensor, factor: () => Tensor): MaybeTensor =>
  tangent === null ? null : mul(tangent, factor());

/** The tangent of `a` where `a` is above `b`, half of it on a tie, 0 elsewhere: chosen, not multiplied, for 0 * Infinity is NaN. */
const share = (tangent: MaybeTensor, a: Tensor, b: Tensor): MaybeTensor =>
  tangent === null ? null : select(equal(a, b), mul(tangent, 0.5), select(less(b, a), tangent, 0));

/** From the side on which the exponential does not overflow, so that small results keep their digits. */
function sigmoidOf(x: number): number {
  const exponential = Math.exp(-Math.abs(x));
  return (x < 0 ? exponential : 1) / (1 + exponential);
}

const bitwise = (dtype: DType, value: number): number => (dtype === "u32" ? value >>> 0 : value);

function convertElement(value: number, to: DType): number {
  switch (to) {
    case "bool":
      return value !== 0 ? 1 : 0;
    case "i32":
      return Number.isNaN(value) ? 0 : Math.min(Math.max(Math.trunc(value), -2147483648), 2147483647);
    case "u32":
      return Number.isNaN(value) ? 0 : Math.min(Math.max(Math.trunc(value), 0), 4294967295);
    default:
      return value;
  }
}

type Elementwise = { [K in PrimitiveName]: PrimitiveParams[K] extends None ? K : never }[PrimitiveName] | "convert";

export const elementwise: Rules<Exclude<Elementwise, "foldKey" | "cholesky" | "pack">> = /* @__PURE__ */ (() => ({
  neg: {
    ...unary("neg", (x) => -x, null, numeric),
    jvp: (_i, _o, _p, [dx]) => [neg(dx!)],
    transpose: ([ct]) => [neg(ct!)],
  },
  abs: unary("abs", Math.abs, (x) => sign(x), numeric),
  sign: unary("sign", Math.sign, null, numeric),
  floor: unary("floor", Math.floor, null),
  exp: unary("exp", Math.exp, (_, y) => y),
  // Not y + 1, which has lost the small derivatives of large negative x.
  expm1: unary("expm1", Math.expm1, (x) => exp(x)),
  log: unary("log", Math.log, (x) => div(1, x)),
  log1p: unary("log1p", Math.log1p, (x) => div(1, add(x, 1))),
  sin: unary("sin", Math.sin, (x) => cos(x)),
  cos: unary("cos", Math.cos, (x) => neg(sin(x))),
  tan: unary("tan", Math.tan, (_, y) => add(mul(y, y), 1)),
  tanh: unary("tanh", Math.tanh, (_, y) => sub(1, mul(y, y))),
  sigmoid: unary("sigmoid", sigmoidOf, (_, y) => mul(y, sub(1, y))),
  erf: unary("erf", errorFunction, (x) => mul(exp(neg(mul(x, x))), 2 / Math.sqrt(Math.PI))),
  sqrt: unary("sqrt", Math.sqrt, (_, y) => div(0.5, y)),
  rsqrt: unary(
    "rsqrt",
    (x) => 1 / Math.sqrt(x),
    (x, y) => mul(div(y, x), -0.5),
  ),
  not: {
    ...unary("not", Number, null, bits),
    reference: ([x], _, [out]) => [
      write(out!, x!.data.length, (i) => (x!.dtype === "bool" ? 1 - x!.data[i]! : bitwise(x!.dtype, ~x!.data[i]!))),
    ],
  },
  stopGradient: unary("stopGradient", Number, null, everything),
  convert: {
    outputs(inputs, { dtype }) {
      needInputs("convert", inputs, 1);
      checkDType("convert", dtype);
      return [{ shape: inputs[0]!.shape, dtype }];
    },
    jvp: (_, __, { dtype }, [dx]) => [floats.includes(dtype) ? convert(dx!, dtype) : null],
    transpose: ([ct], _, [x]) => [convert(ct!, x!.dtype)],
    reference: ([x], { dtype }, [out]) => [write(out!, x!.data.length, (i) => convertElement(x!.data[i]!, dtype))],
  },
  add: binary("add", {
    types: numeric,
    evaluate: (a, b) => a + b,
    jvp: (_a, _b, _y, da, db) => sumOf(da, db),
    transpose: ([ct], [a, b]) => [a === null ? ct! : null, b === null ? ct! : null],
  }),
  sub: binary("sub", {
    types: numeric,
    evaluate: (a, b) => a - b,
    jvp: (_a, _b, _y, da, db) => (da === null ? neg(db!) : db === null ? da : sub(da, db)),
    transpose: ([ct], [a, b]) => [a === null ? ct! : null, b === null ? neg(ct!) : null],
  }),
  mul: binary("mul", {
    types: numeric,
    evaluate: (a, b, dtype) => (integers.includes(dtype) ? Math.imul(a, b) : a * b),
    jvp: (a, b, _y, da, db) =>
      sumOf(
        times(da, () => b),
        times(db, () => a),
      ),
    transpose: ([ct], [a, b]) => [a === null ? mul(ct!, b!) : null, b === null ? mul(ct!, a!) : null],
  }),
  div: binary("div", {
    types: numeric,
    evaluate: (a, b, dtype) => (integers.includes(dtype) ? (b === 0 ? 0 : Math.trunc(a / b)) : a / b),
    jvp: (_a, b, y, da, db) =>
      sumOf(
        da === null ? null : div(da, b),
        times(db, () => neg(div(y, b))),
      ),
    transpose: ([ct], [, b]) => [div(ct!, b!), null],
  }),
  rem: binary("rem", {
    types: numeric,
    evaluate: (a, b, dtype) => (integers.includes(dtype) && b === 0 ? 0 : a % b),
    jvp: (a, b, y, da, db) =>
      sumOf(
        da,
        // How often b goes into a: the quotient of multiples, for that of a and b may round up to one more.
        times(db, () => neg(round(div(sub(a, y), b)))),
      ),
  }),
  pow: binary("pow", {
    types: floats,
    // As in C99; JavaScript's own operator gives NaN for 1 ** NaN and (-1) ** Infinity.
    evaluate: (a, b) => (a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : a ** b),
    jvp: (a, b, y, da, db) =>
      sumOf(
        // x^0 is flat: there it is b y / a, since b * a^(b - 1) is 0 * Infinity where 1 / a overflows. 0, too, where a is 0 or NaN.
        times(da, () => {
          const flat = equal(b, 0);
          const slope = mul(b, pow(a, sub(select(flat, 1, b), 1)));
          return select(flat, div(mul(b, y), select(less(0, abs(a)), a, 1)), slope);
        }),
        // 0^b is flat in b for b >= 0; log(0) must not turn that into NaN. Below 0 both are infinite.
        times(db, () => mul(y, log(select(and(equal(a, 0), lessEqual(0, b)), 1, a)))),
      ),
  }),
  maximum: binary("maximum", {
    types: numeric,
    evaluate: (a, b) => Math.max(a, b),
    jvp: (a, b, _y, da, db) => sumOf(share(da, a, b), share(db, b, a)),
  }),
  minimum: binary("minimum", {
    types: numeric,
    evaluate: (a, b) => Math.min(a, b),
    jvp: (a, b, _y, da, db) => sumOf(share(da, b, a), share(db, a, b)),
  }),
  equal: compare("equal", (a, b) => a === b),
  notEqual: compare("notEqual", (a, b) => a !== b),
  less: compare("less", (a, b) => a < b),
  lessEqual: compare("lessEqual", (a, b) => a <= b),
  and: binary("and", { types: bits, evaluate: (a, b, dtype) => bitwise(dtype, a & b) }),
  or: binary("or", { types: bits, evaluate: (a, b, dtype) => bitwise(dtype, a | b) }),
  xor: binary("xor", { types: bits, evaluate: (a, b, dtype) => bitwise(dtype, a ^ b) }),
  shiftLeft: binary("shiftLeft", { types: integers, evaluate: (a, b, dtype) => bitwise(dtype, a << b) }),
  shiftRight: binary("shiftRight", {
    types: integers,
    evaluate: (a, b, dtype) => (dtype === "u32" ? a >>> b : a >> b),
  }),
  select: {
    outputs(inputs) {
      needInputs("select", inputs, 3);
      needDType("select", inputs[0]!, ["bool"]);
      needAlike("select", inputs.slice(1));
      needAlike(
        "select",
        inputs.map(({ shape }) => ({ shape, dtype: "bool" })),
      );
      return [inputs[1]!];
    },
    jvp: ([condition], _, __, [, da, db]) => [select(condition!, da ?? 0, db ?? 0)],
    transpose: ([ct], [condition, a, b]) => [
      null,
      a === null ? select(condition!, ct!, 0) : null,
      b === null ? select(condition!, 0, ct!) : null,
    ],
    reference: ([condition, a, b], _, [out]) => [
      write(out!, a!.data.length, (i) => (condition!.data[i] ? a!.data[i]! : b!.data[i]!)),
    ],
  },
}))();
