// Elementwise primitives on floats and booleans; integers are handed to integer.ts.
//
// Kernels of tfjs 4.22 that are not used as they are:
//  - Erf is accurate to 1.5e-7 absolutely: worthless near zero, where a Taylor series takes over.
//  - Sign of NaN is 0, and on wasm that of small numbers too.
//  - Log1p and Expm1 are log(1 + x) and exp(x) - 1 on wasm and WebGPU: no digits are left near zero.
//  - Pow follows JavaScript: 1 ** NaN is NaN, in C99 and NumPy it is 1.
//  - Mod takes the sign of the divisor, and Cast wraps where Hooke saturates.
//  - LogicalXor is missing on some engines; NotEqual does the same.
import type { Aval, PrimitiveName } from "@hooke/runtime";
import type { Kernels } from "../plan/kernels.ts";
import { kindOf, type Ref } from "../plan/step.ts";
import * as integer from "./integer.ts";
import type { Lowering, Lowerings } from "./table.ts";

const isFloat = (x: Ref): boolean => x.dtype === "float32";

const unary =
  (kernel: string): Lowering =>
  (k, [x]) =>
    k.unary(kernel, x!);

/** Compares; booleans as whole numbers. */
const compare =
  (kernel: string): Lowering =>
  (k, [a, b], _, { inputs: [left] }) => {
    const asNumber = (x: Ref): Ref => (x.dtype === "bool" ? k.cast(x, "int32") : x);
    const ordered = (x: Ref): Ref => (left!.dtype === "u32" ? integer.ordered(k, x) : asNumber(x));
    return k.binary(kernel, ordered(a!), ordered(b!), "bool");
  };

const extremum =
  (kernel: "Maximum" | "Minimum"): Lowering =>
  (k, [a, b], _, { output }) =>
    output.dtype === "u32"
      ? integer.ordered(k, k.binary(kernel, integer.ordered(k, a!), integer.ordered(k, b!)))
      : k.binary(kernel, a!, b!);

const bitwise =
  (name: "and" | "or" | "xor"): Lowering =>
  (k, [a, b]) => {
    if (a!.dtype !== "bool") return integer.bitwise(k, name, a!, b!);
    const kernel = { and: "LogicalAnd", or: "LogicalOr", xor: "NotEqual" }[name];
    return k.binary(kernel, a!, b!);
  };

/** Division and remainder of `u32` would need 33 bits. */
function signedOnly(k: Kernels, { dtype }: Aval): void {
  if (dtype === "u32") {
    k.refuse(
      "u32 computed from i32, floats or booleans does not run here; convert to i32, or derive u32 from u32 alone.",
    );
  }
}

/** `x (c0 + c1 x^2 + ...)` near zero, tfjs's kernel elsewhere. */
const erf: Lowering<"erf"> = (k, [x]) => {
  const square = k.binary("Multiply", x!, x!);
  // 2/sqrt(pi) times (-1)^n / (n! (2n + 1)).
  const series = [1, -1 / 3, 1 / 10, -1 / 42, 1 / 216].map((c) => (c * 2) / Math.sqrt(Math.PI));
  const sum = series.reduceRight<Ref | undefined>(
    (total, c) => (total ? k.binary("Add", k.binary("Multiply", total, square), k.scalar(c)) : k.scalar(c)),
    undefined,
  )!;
  const near = k.binary("Less", square, k.scalar(0.25), "bool");
  return k.select(near, k.binary("Multiply", sum, x!), k.unary("Erf", x!));
};

const sign: Lowering<"sign"> = (k, [x], _, { output }) => {
  if (output.dtype === "u32") return k.cast(k.binary("NotEqual", x!, k.scalar(0, "int32"), "bool"), "int32");
  if (!isFloat(x!)) return integer.sign(k, x!);
  const zero = k.scalar(0);
  const [above, below] = [k.binary("Less", zero, x!, "bool"), k.binary("Less", x!, zero, "bool")];
  const value = k.binary("Sub", k.cast(above, "float32"), k.cast(below, "float32"));
  return k.select(k.binary("NotEqual", x!, x!, "bool"), x!, value);
};

/** `log(u) x / (u - 1)` with `u = 1 + x` as rounded: the errors of both factors cancel. Kahan, in HP-15C, 1982. */
const log1p: Lowering<"log1p"> = (k, [x]) => {
  if (k.can.precise) return k.unary("Log1p", x!);
  const one = k.scalar(1);
  const u = k.binary("Add", x!, one);
  const step = k.binary("Sub", u, one);
  const log = k.unary("Log", u);
  const flat = k.binary("Equal", step, k.scalar(0), "bool");
  const scale = k.binary("RealDiv", x!, k.select(flat, one, step));
  // Far from zero the factor is 1, or infinity over infinity.
  const far = k.binary("Less", one, k.unary("Abs", x!), "bool");
  return k.select(flat, x!, k.select(far, log, k.binary("Multiply", log, scale)));
};

/** `(u - 1) x / log(u)` with `u = exp(x)` as rounded: the errors cancel. Kahan, as for `log1p`. */
const expm1: Lowering<"expm1"> = (k, [x]) => {
  if (k.can.precise) return k.unary("Expm1", x!);
  const one = k.scalar(1);
  const u = k.unary("Exp", x!);
  const step = k.binary("Sub", u, one);
  const flat = k.binary("Equal", step, k.scalar(0), "bool");
  const near = k.binary("Less", k.unary("Abs", x!), one, "bool");
  const isSafe = k.binary("LogicalAnd", near, k.unary("LogicalNot", flat));
  const log = k.select(isSafe, k.unary("Log", u), one);
  const close = k.binary("Multiply", step, k.binary("RealDiv", x!, log));
  return k.select(k.binary("LogicalAnd", near, flat), x!, k.select(near, close, step));
};

const pow: Lowering<"pow"> = (k, [a, b]) => {
  const power = k.binary("Pow", a!, b!);
  if (a!.scalar !== undefined && Math.abs(a!.scalar) !== 1) return power;
  if (b!.scalar !== undefined && Number.isFinite(b!.scalar)) return power;
  const one = k.scalar(1);
  const infinite = k.binary("Equal", k.unary("Abs", b!), k.scalar(Infinity), "bool");
  const minusOne = k.binary("LogicalAnd", k.binary("Equal", a!, k.scalar(-1), "bool"), infinite);
  return k.select(k.binary("LogicalOr", k.binary("Equal", a!, one, "bool"), minusOne), one, power);
};

/** The remainder of magnitudes, with the sign of the dividend. */
const rem: Lowering<"rem"> = (k, [a, b], _, { output }) => {
  signedOnly(k, output);
  if (!isFloat(a!)) return integer.divide(k, a!, b!).remainder;
  const size = k.binary("Mod", k.unary("Abs", a!), k.unary("Abs", b!));
  return k.select(k.binary("Less", a!, k.scalar(0), "bool"), k.unary("Neg", size), size);
};

const convert: Lowering<"convert"> = (k, [x], { dtype }, { inputs }) => {
  const from = inputs[0]!.dtype;
  if (from === dtype) return x!;
  if (dtype === "bool") return k.binary("NotEqual", x!, k.scalar(0, kindOf(from)), "bool");
  if (from === "bool" || (from === "i32" && dtype === "f32")) return k.cast(x!, kindOf(dtype));
  const limit = k.scalar(2 ** 31);
  if (from === "f32") {
    const { largest } = integer;
    if (dtype === "i32") return integer.saturate(k, x!, -(2 ** 31));
    const upper = integer.saturate(k, k.binary("Sub", x!, limit), 0);
    const high = k.binary("Add", upper, k.scalar(-(2 ** 31), "int32"));
    const isTop = k.binary("GreaterEqual", x!, k.scalar(2 ** 32), "bool");
    const isHigh = k.binary("GreaterEqual", x!, limit, "bool");
    const low = integer.saturate(k, x!, 0);
    return k.select(isTop, k.scalar(-1, "int32"), k.select(isHigh, high, k.binary("Minimum", low, largest(k))));
  }
  const zero = k.scalar(0, "int32");
  if (dtype === "u32") return k.binary("Maximum", x!, zero);
  const high = k.binary("Less", x!, zero, "bool");
  if (dtype === "i32") return k.select(high, integer.largest(k), x!);
  const wrapped = k.cast(x!, "float32");
  return k.select(high, k.binary("Add", wrapped, k.scalar(2 ** 32)), wrapped);
};

/** The primitives of this file. */
export type ElementwisePrimitive = Extract<
  PrimitiveName,
  | "neg"
  | "abs"
  | "sign"
  | "floor"
  | "exp"
  | "expm1"
  | "log"
  | "log1p"
  | "sin"
  | "cos"
  | "tan"
  | "tanh"
  | "sigmoid"
  | "erf"
  | "sqrt"
  | "rsqrt"
  | "not"
  | "convert"
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "rem"
  | "pow"
  | "maximum"
  | "minimum"
  | "equal"
  | "notEqual"
  | "less"
  | "lessEqual"
  | "and"
  | "or"
  | "xor"
  | "shiftLeft"
  | "shiftRight"
  | "select"
>;

export const elementwise: Pick<Lowerings, ElementwisePrimitive> = {
  neg: (k, [x]) => (isFloat(x!) ? k.unary("Neg", x!) : integer.negate(k, x!)),
  abs: (k, [x], _, { output }) => (output.dtype === "u32" ? x! : isFloat(x!) ? k.unary("Abs", x!) : integer.abs(k, x!)),
  sign,
  floor: unary("Floor"),
  exp: unary("Exp"),
  expm1,
  log: unary("Log"),
  log1p,
  sin: unary("Sin"),
  cos: unary("Cos"),
  tan: unary("Tan"),
  tanh: unary("Tanh"),
  sigmoid: unary("Sigmoid"),
  erf,
  sqrt: unary("Sqrt"),
  rsqrt: unary("Rsqrt"),
  not: (k, [x]) => (x!.dtype === "bool" ? k.unary("LogicalNot", x!) : integer.complement(k, x!)),
  convert,
  add: (k, [a, b]) => k.binary("Add", a!, b!),
  sub: (k, [a, b]) => k.binary("Sub", a!, b!),
  mul: (k, [a, b]) => (isFloat(a!) ? k.binary("Multiply", a!, b!) : integer.multiply(k, a!, b!)),
  div: (k, [a, b], _, { output }) => {
    signedOnly(k, output);
    return isFloat(a!) ? k.binary("RealDiv", a!, b!) : integer.divide(k, a!, b!).quotient;
  },
  rem,
  pow,
  maximum: extremum("Maximum"),
  minimum: extremum("Minimum"),
  equal: compare("Equal"),
  notEqual: compare("NotEqual"),
  less: compare("Less"),
  lessEqual: compare("LessEqual"),
  and: bitwise("and"),
  or: bitwise("or"),
  xor: bitwise("xor"),
  shiftLeft: (k, [a, b]) => integer.shiftLeft(k, a!, b!),
  shiftRight: (k, [a, b], _, { output }) => {
    signedOnly(k, output);
    return integer.shiftRight(k, a!, b!);
  },
  select: (k, [condition, a, b]) => k.select(condition!, a!, b!),
};
