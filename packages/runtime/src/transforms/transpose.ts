// Transposition: a program that is linear in some inputs, run backwards from cotangents of its outputs to those of the inputs.
import { fail } from "../error.ts";
import type { MaybeTensor } from "../primitives/rule.ts";
import type { Node, Program, Value } from "../program.ts";
import { emitLike, withScope } from "../record.ts";
import type { Tensor } from "../tensor.ts";
import { Cotangents } from "./cotangents.ts";

/** What the linear part reads: a tensor, or what makes it, the same each time. */
type Residuals = Map<Value, Tensor | (() => Tensor)>;

const tensorOf = (known: Residuals, value: Value): MaybeTensor => {
  const found = known.get(value) ?? null;
  return typeof found === "function" ? found() : found;
};

/**
 * @param residuals for every input its value, or what makes it where it is first read, or null where the program is linear in it
 * @param cotangents of the outputs; null is zero
 * @returns cotangents of the inputs; null where they are zero or the input is not linear
 */
export function transposeProgram(
  program: Program,
  residuals: readonly (MaybeTensor | (() => Tensor))[],
  cotangents: readonly MaybeTensor[],
): MaybeTensor[] {
  const known: Residuals = new Map();
  for (const [i, value] of program.inputs.entries()) {
    const residual = residuals[i];
    if (residual) known.set(value, residual);
  }
  const linear = evaluateKnown(program.nodes, known, new Set(program.inputs.filter((input) => !known.has(input))));

  const gathered = new Cotangents();
  for (const [i, output] of program.outputs.entries()) if (!known.has(output)) gathered.add(output, cotangents[i]);
  for (const node of linear.reverse()) {
    const outs = node.outputs.map((output) => gathered.total(output));
    if (outs.every((ct) => ct === null) || gathered.addSlice(node, outs[0]!)) continue;
    const inputs = node.inputs.map((input) => tensorOf(known, input));
    const { transpose } = node.rule;
    if (transpose === undefined)
      fail(node.primitive, "has no transpose, yet stands in a linear program: its derivative rule is wrong.");
    const results = withScope(node.scope, () =>
      transpose(outs, inputs, node.inputs, node.params as never, transposeProgram),
    );
    node.inputs.forEach((input, i) => {
      if (inputs[i] === null) gathered.add(input, results[i]);
    });
  }
  return program.inputs.map((input) => gathered.total(input));
}

/** Evaluates the nodes that do not depend on linear inputs and returns the others. */
function evaluateKnown(nodes: readonly Node[], known: Residuals, linearValues: Set<Value>): Node[] {
  const linear: Node[] = [];
  for (const node of nodes) {
    if (node.inputs.some((input) => linearValues.has(input))) {
      linear.push(node);
      node.outputs.forEach((output) => void linearValues.add(output));
      continue;
    }
    const operands = node.inputs.map((input) => tensorOf(known, input)!);
    const outputs = withScope(node.scope, () => emitLike(node, operands));
    node.outputs.forEach((output, i) => void known.set(output, outputs[i]!));
  }
  return linear;
}
