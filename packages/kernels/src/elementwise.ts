// Elementwise primitives as expressions of their operands.

import type { NodeOfKind } from "@hooke/plan";
import type { DType } from "@hooke/runtime";

type Node = NodeOfKind<"pointwise">;
type Name = Node["primitive"];
/** By the dtype of the first operand; `float` and `integer` stand for several. */
type Table = Partial<Record<"float" | "integer" | DType, string>>;

const infix = (operator: string): Table => ({ float: `(a ${operator} b)`, integer: `(a ${operator} b)` });

/** Expressions of the operands `a` and `b`. */
const expressions: Readonly<Record<Exclude<Name, "convert" | "select" | "known" | "sub">, Table>> = {
  stopGradient: { float: "a", integer: "a", bool: "a" },
  neg: { float: "negate(a)", i32: "(-a)", u32: "(0u - a)" },
  abs: { float: "magnitude(a)", i32: "abs(a)", u32: "a" },
  sign: { float: "signOf(a)", i32: "sign(a)", u32: "min(a, 1u)" },
  floor: { float: "floorOf(a)" },
  sqrt: { float: "squareRoot(a)" },
  rsqrt: { float: "rsqrt(a)" },
  not: { integer: "(~a)", bool: "(!a)" },
  exp: { float: "expOf(a)" },
  expm1: { float: "expm1(a)" },
  log: { float: "logOf(a)" },
  log1p: { float: "log1p(a)" },
  sin: { float: "sineOf(a)" },
  cos: { float: "cosineOf(a)" },
  tan: { float: "tangent(a)" },
  tanh: { float: "tanhOf(a)" },
  sigmoid: { float: "sigmoidOf(a)" },
  erf: { float: "erfOf(a)" },
  equal: { float: "isEqual(a, b)", integer: "(a == b)", bool: "(a == b)" },
  notEqual: { float: "(!isEqual(a, b))", integer: "(a != b)", bool: "(a != b)" },
  less: { float: "isLess(a, b)", integer: "(a < b)", bool: "(!a && b)" },
  lessEqual: { float: "isAtMost(a, b)", integer: "(a <= b)", bool: "(!a || b)" },
  and: { integer: "(a & b)", bool: "(a && b)" },
  or: { integer: "(a | b)", bool: "(a || b)" },
  xor: { integer: "(a ^ b)", bool: "(a != b)" },
  add: infix("+"),
  mul: infix("*"),
  div: { float: "divide(a, b)", i32: "quotient(a, b)", u32: "quotientOfWords(a, b)" },
  rem: { float: "remainderOf(a, b)", i32: "rest(a, b)", u32: "restOfWords(a, b)" },
  pow: { float: "powerOf(a, b)" },
  maximum: { float: "maximumOf(a, b)", integer: "max(a, b)" },
  minimum: { float: "minimumOf(a, b)", integer: "min(a, b)" },
  shiftLeft: { integer: "(a << (u32(b) & 31u))" },
  shiftRight: { integer: "(a >> (u32(b) & 31u))" },
};

/** To whole numbers: towards zero, the nearest there is, 0 for what is no number. */
const conversions: Readonly<Record<string, string>> = {
  "f32 i32": "toI32(a)",
  "f32 u32": "toU32(a)",
  "f32 bool": "isTrue(a)",
  "i32 f32": "f32(a)",
  "i32 u32": "u32(max(a, 0))",
  "i32 bool": "(a != 0)",
  "u32 f32": "f32(a)",
  "u32 i32": "i32(min(a, 2147483647u))",
  "u32 bool": "(a != 0u)",
  "bool f32": "select(0.0f, 1.0f, a)",
  "bool i32": "i32(a)",
  "bool u32": "select(0u, 1u, a)",
};

function pattern(node: Node): string {
  const { dtype } = node.inputs[0]!;
  if (node.primitive === "convert") {
    return dtype === node.params.dtype ? "a" : conversions[`${dtype} ${node.params.dtype}`]!;
  }
  if (node.primitive === "select") return "select(c, b, a)";
  if (node.primitive === "known") return "a";
  // The end of a compensated sum: rounded as it is written, on compilers that know `(a + b) - a` too.
  if (node.primitive === "sub") return dtype === "f32" ? "(opaque(a) - b)" : "(a - b)";
  const table: Table = expressions[node.primitive];
  return table[dtype] ?? table[dtype === "f32" ? "float" : "integer"]!;
}

/** The expression of a node, given those of its operands. Each of them may occur several times: names, not computations. */
export function expression(node: Node, operands: readonly string[]): string {
  return pattern(node).replace(/\b[abc]\b/g, (letter) => operands["abc".indexOf(letter)]!);
}
