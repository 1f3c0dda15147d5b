// The program of one row, evaluated for all rows at once. What no row has its own of is computed once.
import type { Node, Program, Value } from "../../program.ts";
import { emitLike, withScope } from "../../record.ts";
import type { Batched, BatchRule } from "./rule.ts";
import { rules } from "./rules.ts";

/** Evaluates the program of one row for all rows, in the current recording. */
export function evaluateBatched(program: Program, inputs: readonly Batched[], rows: number): Batched[] {
  const values = new Map<Value, Batched>();
  for (const [i, value] of program.inputs.entries()) values.set(value, inputs[i]!);
  for (const node of program.nodes) {
    const operands = node.inputs.map((input) => values.get(input)!);
    const outputs = withScope(node.scope, () => evaluateNode(node, operands, rows));
    node.outputs.forEach((output, i) => void values.set(output, outputs[i]!));
  }
  return program.outputs.map((output) => values.get(output)!);
}

function evaluateNode(node: Node, operands: readonly Batched[], rows: number): readonly Batched[] {
  if (!operands.some(({ mapped }) => mapped)) {
    const tensors = operands.map(({ tensor }) => tensor);
    return emitLike(node, tensors).map((tensor) => ({ tensor, mapped: false }));
  }
  const rule = rules[node.primitive as keyof typeof rules] as unknown as BatchRule<never>;
  return rule(operands, node as never, rows, evaluateBatched);
}
