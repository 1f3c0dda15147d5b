// Elementwise primitives. Operands are taken in the order of axes in which the first of them is stored, and repeat as ONNX's do.
import type { DType, PrimitiveName } from "@hooke/runtime";
import type { OpenNode } from "../dims.ts";
import { Graph, joined, type Operand } from "../graph.ts";
import { elementTypes } from "../messages.ts";
import { needTypes, type Rule, type RulesOf } from "./rule.ts";

type Formula = (graph: Graph, names: readonly string[], dtype: DType) => string;

/** A rule from what to do with the names of the operands. */
function each<K extends PrimitiveName>(formula: Formula, types?: readonly DType[]): Rule<K> {
  return (graph, node, inputs) => {
    if (types !== undefined) needTypes(node as unknown as OpenNode, types);
    return [spread(graph, node.outputs[0]!, inputs, (names) => formula(graph, names, inputs.at(-1)!.dtype))];
  };
}

/** An elementwise result of operands that may be stored in different orders, or with 1s where they repeat. */
function spread(
  graph: Graph,
  { shape, dtype }: Pick<Operand, "shape" | "dtype">,
  inputs: readonly Operand[],
  formula: (names: readonly string[]) => string,
): Operand {
  // What is known is reordered for nothing.
  const { permutation } = inputs.find(({ value }) => value === undefined) ?? inputs[0]!;
  const order = Graph.orderOf({ permutation } as Operand);
  const names = inputs.map((input) => graph.ordered(input, order));
  const stored = joined(inputs.map((input) => order.map((axis) => input.stored[input.permutation[axis]!]!)));
  return { dtype, shape, stored, permutation, name: formula(names) };
}

const floats: readonly DType[] = ["f32", "f64"];
const single: readonly DType[] = ["f32"];
const numbers: readonly DType[] = ["f32", "f64", "i32"];
const bool: readonly DType[] = ["bool"];

const operator =
  (name: string): Formula =>
  (graph, names) =>
    graph.add(name, names);

/** NaN is 0 as a whole number, and what is too large the largest: elsewhere that is anything. */
function converted(graph: Graph, x: string, from: DType, to: DType): string {
  const cast = (name: string, dtype: DType): string => graph.add("Cast", [name], { to: elementTypes[dtype] });
  if (from === to) return x;
  if (to !== "i32" || from === "bool") return cast(x, to);
  const wide = from === "f64" ? x : cast(x, "f64");
  const number = graph.add("Where", [graph.add("Equal", [wide, wide]), wide, graph.scalar(0, "f64")]);
  const above = graph.add("Max", [number, graph.scalar(-(2 ** 31), "f64")]);
  return cast(graph.add("Min", [above, graph.scalar(2 ** 31 - 1, "f64")]), "i32");
}

/** onnxruntime chooses numbers alone. */
const chosen: Formula = (graph, [condition, a, b], dtype) => {
  if (dtype !== "bool") return graph.add("Where", [condition!, a!, b!]);
  const otherwise = graph.add("And", [graph.add("Not", [condition!]), b!]);
  return graph.add("Or", [graph.add("And", [condition!, a!]), otherwise]);
};

type Name =
  | ("neg" | "abs" | "sign" | "floor" | "exp" | "expm1" | "log" | "log1p" | "sin" | "cos" | "tan" | "tanh" | "sigmoid")
  | ("erf" | "sqrt" | "rsqrt" | "not" | "convert" | "stopGradient" | "add" | "sub" | "mul" | "div" | "rem" | "pow")
  | ("maximum" | "minimum" | "equal" | "notEqual" | "less" | "lessEqual" | "and" | "or" | "xor" | "select" | "known");

export const elementwise: RulesOf<Name> = {
  neg: each(operator("Neg"), numbers),
  abs: each(operator("Abs"), numbers),
  sign: each(operator("Sign"), numbers),
  floor: each(operator("Floor"), floats),
  exp: each(operator("Exp"), floats),
  // tanh(x / 2) (e^x + 1) keeps the digits of small x, which e^x - 1 loses.
  expm1: each((graph, [x], dtype) => {
    const half = graph.add("Tanh", [graph.add("Mul", [x!, graph.scalar(0.5, dtype)])]);
    return graph.add("Mul", [half, graph.add("Add", [graph.add("Exp", [x!]), graph.scalar(1, dtype)])]);
  }, floats),
  log: each(operator("Log"), floats),
  // x log(u) / (u - 1) with u = 1 + x rounded (Kahan); x where u is 1, log(x) where u is x.
  log1p: each((graph, [x], dtype) => {
    const one = graph.scalar(1, dtype);
    const sum = graph.add("Add", [x!, one]);
    const log = graph.add("Log", [sum]);
    const scaled = graph.add("Div", [graph.add("Mul", [x!, log]), graph.add("Sub", [sum, one])]);
    const small = graph.add("Where", [graph.add("Equal", [sum, one]), x!, scaled]);
    return graph.add("Where", [graph.add("Equal", [sum, x!]), log, small]);
  }, floats),
  sin: each(operator("Sin"), floats),
  cos: each(operator("Cos"), floats),
  // onnxruntime has no tangent of f64.
  tan: each(
    (graph, [x], dtype) =>
      dtype === "f32" ? graph.add("Tan", [x!]) : graph.add("Div", [graph.add("Sin", [x!]), graph.add("Cos", [x!])]),
    floats,
  ),
  tanh: each(operator("Tanh"), floats),
  sigmoid: each(operator("Sigmoid"), floats),
  erf: each(operator("Erf"), single),
  sqrt: each(operator("Sqrt"), floats),
  rsqrt: each((graph, names) => graph.add("Reciprocal", [graph.add("Sqrt", names)]), floats),
  not: each(operator("Not"), bool),
  convert: (graph, node, inputs) => [
    spread(graph, node.outputs[0]!, inputs, ([x]) => converted(graph, x!, node.inputs[0]!.dtype, node.params.dtype)),
  ],
  stopGradient: (_graph, _node, [x]) => [x!],
  add: each(operator("Add"), numbers),
  sub: each(operator("Sub"), numbers),
  mul: each(operator("Mul"), numbers),
  // Of whole numbers a division by 0 is 0 here, and stops other programs.
  div: each(operator("Div"), floats),
  rem: each((graph, names) => graph.add("Mod", names, { fmod: 1 }), floats),
  pow: each(operator("Pow"), floats),
  maximum: each(operator("Max"), numbers),
  minimum: each(operator("Min"), numbers),
  equal: each(operator("Equal"), [...numbers, "bool"]),
  notEqual: each((graph, names) => graph.add("Not", [graph.add("Equal", names)]), [...numbers, "bool"]),
  less: each(operator("Less"), numbers),
  lessEqual: each(operator("LessOrEqual"), numbers),
  and: each(operator("And"), bool),
  or: each(operator("Or"), bool),
  xor: each(operator("Xor"), bool),
  select: each(chosen, [...numbers, "bool"]),
  known: (_graph, _node, [value]) => [value!],
};
