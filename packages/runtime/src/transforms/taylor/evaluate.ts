// Evaluates a program on Taylor series.
import type { Node, Value } from "../../program.ts";
import { emitLike, withScope } from "../../record.ts";
import type { Tensor } from "../../tensor.ts";
import type { Operators } from "./operators.ts";
import type { Evaluated, EvaluateTaylor, ProgramRule, TaylorRule } from "./rule.ts";
import { taylorRules } from "./rules.ts";
import { moves, type Series } from "./series.ts";

export const evaluateTaylor: EvaluateTaylor = (program, inputs, series, operators) => {
  const values = new Map<Value, Tensor>();
  const moving = new Map<Value, Series>();
  const keep = (list: readonly Value[], evaluated: Evaluated): void => {
    list.forEach((value, i) => {
      values.set(value, evaluated.outputs[i]!);
      const one = evaluated.series[i] ?? null;
      if (one !== null && operators.order > 0 && moves(one)) moving.set(value, one);
    });
  };
  keep(program.inputs, { outputs: inputs, series });
  for (const node of program.nodes) {
    const operands = node.inputs.map((input) => values.get(input)!);
    const known = node.inputs.map((input) => moving.get(input) ?? null);
    keep(
      node.outputs,
      withScope(node.scope, () => evaluateNode(node, operands, known, operators)),
    );
  }
  return {
    outputs: program.outputs.map((output) => values.get(output)!),
    series: program.outputs.map((output) => moving.get(output) ?? null),
  };
};

function evaluateNode(
  node: Node,
  inputs: readonly Tensor[],
  series: readonly (Series | null)[],
  operators: Operators,
): Evaluated {
  if (series.every((one) => one === null)) return { outputs: emitLike(node, inputs), series: [] };
  if (node.primitive === "scan") {
    const rule: ProgramRule<"scan"> = taylorRules.scan;
    return rule(inputs, series, node, operators, evaluateTaylor);
  }
  const outputs = emitLike(node, inputs);
  const rule = taylorRules[node.primitive] as TaylorRule<never>;
  const known = inputs.map((input, i): Series => series[i] ?? [[input]]);
  return { outputs, series: rule(known, outputs, node as never, operators, evaluateTaylor) };
}
