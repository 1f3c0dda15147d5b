// The rules of all primitives, and programs walked by them.
import type { PrimitiveName } from "@hooke/runtime";
import type { OpenNode, OpenProgram, OpenValue } from "../dims.ts";
import type { Graph, Operand } from "../graph.ts";
import { arrays } from "./arrays.ts";
import { elementwise } from "./elementwise.ts";
import { loop } from "./loop.ts";
import { type Rule, type RulesOf, refused, refuseNode } from "./rule.ts";
import { structure } from "./structure.ts";
import { windows } from "./windows.ts";

const derivative = refused("it is part of a derivative, which has no operator.");
const random = refused("its random numbers have no operator. Export the model as it predicts.");
const missing = refused("ONNX has no operator for it.");
const order = refused("ONNX leaves the place of NaN open.");
const shift = refused("ONNX leaves shifts by more than the number's bits open.");

/** How every primitive becomes operators, or why it does not: one that is forgotten does not compile. */
const rules: RulesOf<PrimitiveName> = {
  ...elementwise,
  ...structure,
  ...arrays,
  ...windows,
  ...loop(walk),
  shiftLeft: shift,
  shiftRight: shift,
  randomBits: random,
  foldKey: random,
  cholesky: missing,
  triangularSolve: missing,
  pack: derivative,
  unpack: derivative,
  convKernelGradient: derivative,
  maxPoolIndex: derivative,
  poolGather: derivative,
  poolScatter: derivative,
  sumPoolTranspose: derivative,
  sort: order,
  argSort: order,
};

/** Adds a program's nodes to a graph. @returns its outputs */
export function walk(graph: Graph, program: OpenProgram, inputs: readonly Operand[]): Operand[] {
  const operands = new Map<OpenValue, Operand>(program.inputs.map((input, i) => [input, inputs[i]!]));
  for (const node of program.nodes) {
    graph.scope = node.scope;
    // ONNX's operators read a dimension of 0 in ways of their own.
    const isEmpty = ({ shape }: OpenValue): boolean => shape.includes(0);
    const partOfEmpty = node.primitive === "slice" || (node.primitive === "concat" && !isEmpty(node.outputs[0]!));
    if (!partOfEmpty && [...node.inputs, ...node.outputs].some(isEmpty)) refuseNode(node, "an array in it is empty.");
    // Inputs may be u32, and become another type at once.
    const read = node.primitive === "convert" ? [] : node.inputs;
    if ([...read, ...node.outputs].some(({ dtype }) => dtype === "u32")) {
      refuseNode(node, "few operators know u32, which random numbers are made of.");
    }
    const rule = rules[node.primitive] as unknown as Rule<PrimitiveName>;
    const outputs = rule(
      graph,
      node as OpenNode,
      node.inputs.map((input) => operands.get(input)!),
    );
    for (const [i, output] of node.outputs.entries()) operands.set(output, outputs[i]!);
  }
  return program.outputs.map((output) => operands.get(output)!);
}
