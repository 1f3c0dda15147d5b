// Elementwise primitives on vectors of lanes: code of the operands in, code of the result out.
import { isFamily, type NameOfFamily, type NodeOfKind } from "@hooke/plan";
import { type DType, fail, type NodeOf, type Value } from "@hooke/runtime";
import type { Code } from "../encoder/code.ts";
import { local } from "../encoder/control.ts";
import { f32x4, f64x2, i32, i32x4, v128 } from "../encoder/opcodes.ts";
import type { MathName } from "../math/functions.ts";
import type { FloatType } from "../math/lanes.ts";
import { constantVector, type Lanes, narrowMask, widenMask } from "./vector.ts";

/** What the expressions of one loop need around them. */
export interface ExpressionContext {
  readonly lanes: Lanes;
  /** Whether the engine has relaxed SIMD. */
  readonly relaxed: boolean;
  /** The number that all elements of a value are, where it is known. */
  number(value: Value): number | undefined;
  /** Code of a function of floats on vectors (`exp`, `tanh`, `pow`, ...). */
  math(name: MathName, dtype: FloatType, operands: readonly Code[]): Code;
  /** Code of a function of integers on scalars (`divS`, `remU`, ...). */
  integer(name: IntegerFunction, a: Code, b: Code): Code;
  /** A `v128` local for the moment. */
  scratch(): number;
}

export type IntegerFunction = "divS" | "divU" | "remS" | "remU" | "shl" | "shrS" | "shrU";

type FloatOps = typeof f32x4 & typeof f64x2;
const floatOps = (dtype: DType): FloatOps => (dtype === "f64" ? f64x2 : f32x4) as FloatOps;

/** An integer function applied lane by lane, for what vectors cannot do. */
function lanewise({ lanes, integer, scratch }: ExpressionContext, name: IntegerFunction, a: Code, b: Code): Code {
  const [left, right] = [scratch(), scratch()];
  let result: Code = local.get(left);
  const setup: Code = [local.set(left, a), local.set(right, b)];
  for (let lane = 0; lane < lanes; lane++) {
    const value = integer(name, i32x4.extract_lane(lane, local.get(left)), i32x4.extract_lane(lane, local.get(right)));
    result = i32x4.replace_lane(lane, result, value);
  }
  return [setup, result];
}

const shifts = { shl: i32x4.shl, shrS: i32x4.shr_s, shrU: i32x4.shr_u } as const;

/** All lanes by the same amount, where it is known. */
const shift = (
  context: ExpressionContext,
  name: keyof typeof shifts,
  amount: number | undefined,
  a: Code,
  b: Code,
): Code => (amount === undefined ? lanewise(context, name, a, b) : shifts[name](a, i32.const(amount)));

type Comparison = NameOfFamily<"comparison">;

const comparisons = { equal: "eq", notEqual: "ne", less: "lt", lessEqual: "le" } as const satisfies Record<
  Comparison,
  string
>;

function compare(context: ExpressionContext, primitive: Comparison, dtype: DType, a: Code, b: Code): Code {
  const test = comparisons[primitive];
  if (dtype === "f64") return f64x2[test](a, b);
  let mask: Code;
  if (dtype === "f32") mask = f32x4[test](a, b);
  else if (dtype === "bool") return compareMasks(primitive, a, b);
  else if (test === "eq" || test === "ne") mask = i32x4[test](a, b);
  else mask = i32x4[`${test}_${dtype === "i32" ? "s" : "u"}`](a, b);
  return context.lanes === 4 ? mask : widenMask(mask);
}

/** False is less than true. */
function compareMasks(primitive: Comparison, a: Code, b: Code): Code {
  switch (primitive) {
    case "equal":
      return v128.not(v128.xor(a, b));
    case "notEqual":
      return v128.xor(a, b);
    case "less":
      return v128.andnot(b, a);
    case "lessEqual":
      return v128.or(v128.not(a), b);
  }
}

function convert(context: ExpressionContext, from: DType, to: DType, x: Code): Code {
  const { lanes, scratch } = context;
  if (from === to) return x;
  if (to === "bool") return compare(context, "notEqual", from, x, constantVector(from, 0));
  if (from === "bool") {
    const mask = to === "f64" || lanes === 4 ? x : narrowMask(x, scratch());
    return v128.and(mask, constantVector(to, 1));
  }
  switch (`${from} ${to}`) {
    case "f32 f64":
      return f64x2.promote_low_f32x4(x);
    case "f64 f32":
      return f32x4.demote_f64x2_zero(x);
    case "f32 i32":
      return i32x4.trunc_sat_f32x4_s(x);
    case "f32 u32":
      return i32x4.trunc_sat_f32x4_u(x);
    case "f64 i32":
      return i32x4.trunc_sat_f64x2_s_zero(x);
    case "f64 u32":
      return i32x4.trunc_sat_f64x2_u_zero(x);
    case "i32 f32":
      return f32x4.convert_i32x4_s(x);
    case "u32 f32":
      return f32x4.convert_i32x4_u(x);
    case "i32 f64":
      return f64x2.convert_low_i32x4_s(x);
    case "u32 f64":
      return f64x2.convert_low_i32x4_u(x);
    case "i32 u32":
      return i32x4.max_s(x, i32x4.const(0));
    default:
      return i32x4.min_u(x, i32x4.const(0x7fffffff));
  }
}

/** Per lane, of whose mask all bits are the same: `a` where they are set, `b` elsewhere. */
const pick = ({ relaxed }: ExpressionContext, a: Code, b: Code, mask: Code): Code =>
  relaxed ? i32x4.relaxed_laneselect(a, b, mask) : v128.bitselect(a, b, mask);

/** `sign(x)`, keeping NaN and -0. */
function signOf(dtype: DType, x: Code, scratch: number): Code {
  if (dtype === "u32") return i32x4.min_u(x, i32x4.const(1));
  if (dtype === "i32") return i32x4.max_s(i32x4.min_s(x, i32x4.const(1)), i32x4.const(-1));
  const ops = floatOps(dtype);
  const zero = ops.const(0);
  const value = local.get(scratch);
  const negative = v128.bitselect(ops.const(-1), value, ops.lt(value, zero));
  return [local.set(scratch, x), v128.bitselect(ops.const(1), negative, ops.gt(value, zero))];
}

const refuse = (name: string, dtype: DType): never =>
  fail("backend wasm", `no code for ${name} of ${dtype}.`, "unsupported");

function unary(context: ExpressionContext, name: NameOfFamily<"unary">, dtype: DType, x: Code): Code {
  if (name === "sign") return signOf(dtype, x, context.scratch());
  if (name === "not") return v128.not(x);
  if (dtype === "u32" && name === "abs") return x;
  if (dtype === "i32" || dtype === "u32")
    return name === "neg" || name === "abs" ? i32x4[name](x) : refuse(name, dtype);
  const ops = floatOps(dtype);
  if (name === "rsqrt") return ops.div(ops.const(1), ops.sqrt(x));
  return ops[name](x);
}

function arithmetic(
  context: ExpressionContext,
  name: NameOfFamily<"arithmetic">,
  dtype: DType,
  a: Code,
  b: Code,
  amount: number | undefined,
): Code {
  const signed = dtype === "i32";
  if (dtype === "f32" || dtype === "f64") {
    const ops = floatOps(dtype);
    switch (name) {
      case "add":
      case "sub":
      case "mul":
      case "div":
        return ops[name](a, b);
      case "maximum":
        return ops.max(a, b);
      case "minimum":
        return ops.min(a, b);
      case "rem":
      case "pow":
        return context.math(name, dtype, [a, b]);
      case "shiftLeft":
      case "shiftRight":
        return refuse(name, dtype);
    }
  }
  switch (name) {
    case "add":
    case "sub":
    case "mul":
      return i32x4[name](a, b);
    case "maximum":
      return signed ? i32x4.max_s(a, b) : i32x4.max_u(a, b);
    case "minimum":
      return signed ? i32x4.min_s(a, b) : i32x4.min_u(a, b);
    case "div":
      return lanewise(context, signed ? "divS" : "divU", a, b);
    case "rem":
      return lanewise(context, signed ? "remS" : "remU", a, b);
    case "shiftLeft":
      return shift(context, "shl", amount, a, b);
    case "shiftRight":
      return shift(context, signed ? "shrS" : "shrU", amount, a, b);
    case "pow":
      return refuse(name, dtype);
  }
}

/** Code of one elementwise node from the code of its operands, each of which is used once. */
export function elementwise(
  context: ExpressionContext,
  node: NodeOfKind<"pointwise">,
  operands: readonly Code[],
): Code {
  const { dtype } = node.inputs[0]!;
  const [a, b, c] = operands as [Code, Code, Code];
  if (isFamily(node, "same")) return a;
  if (isFamily(node, "unary")) return unary(context, node.primitive, dtype, a);
  if (isFamily(node, "math")) return context.math(node.primitive, dtype as FloatType, [a]);
  if (isFamily(node, "comparison")) return compare(context, node.primitive, dtype, a, b);
  if (isFamily(node, "bitwise")) return v128[node.primitive](a, b);
  if (isFamily(node, "convert")) return convert(context, dtype, node.params.dtype, a);
  if (isFamily(node, "arithmetic"))
    return arithmetic(context, node.primitive, dtype, a, b, context.number(node.inputs[1]!));
  // Masks are as wide as lanes; 4-byte values of 2 lanes need theirs narrowed.
  const value = (node satisfies NodeOf<"select">).outputs[0]!.dtype;
  const wide = context.lanes === 2 && value !== "f64" && value !== "bool";
  return pick(context, b, c, wide ? narrowMask(a, context.scratch()) : a);
}
