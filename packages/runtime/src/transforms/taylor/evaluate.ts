// Evaluates a program on Taylor series: values once, derivatives for each direction.
import type { Node, Value } from "../../program.ts";
import { emitLike, withScope } from "../../record.ts";
import type { Tensor } from "../../tensor.ts";
import type { Evaluated, EvaluateTaylor, Pass, ProgramRule, TaylorRule } from "./rule.ts";
import { taylorRules } from "./rules.ts";
import { moves, type Series } from "./series.ts";

/** Evaluates a program and its series along several directions in the current recording. */
export const evaluateTaylor: EvaluateTaylor = (program, inputs, passes) => {
  const values = new Map<Value, Tensor>();
  const moving = passes.map(() => new Map<Value, Series>());
  const keep = (list: readonly Value[], outputs: readonly Tensor[], series: Evaluated["series"]): void => {
    for (const [i, value] of list.entries()) {
      values.set(value, outputs[i]!);
      for (const [p, known] of moving.entries()) {
        const one = series[p]![i] ?? null;
        if (one !== null && passes[p]!.order > 0 && moves(one)) known.set(value, one);
      }
    }
  };
  keep(
    program.inputs,
    inputs,
    passes.map(({ series }) => series),
  );
  for (const node of program.nodes) {
    const operands = node.inputs.map((input) => values.get(input)!);
    const operandPasses = passes.map(({ order }, p) => ({
      order,
      series: node.inputs.map((input) => moving[p]!.get(input) ?? null),
    }));
    const { outputs, series } = withScope(node.scope, () => evaluateNode(node, operands, operandPasses));
    keep(node.outputs, outputs, series);
  }
  const result = program.outputs.map((output) => values.get(output)!);
  return {
    outputs: result,
    series: moving.map((known) => program.outputs.map((output) => known.get(output) ?? null)),
  };
};

function evaluateNode(node: Node, inputs: readonly Tensor[], passes: readonly Pass[]): Evaluated {
  const still = passes.map(({ series }) => series.every((one) => one === null));
  if (node.primitive === "scan" && still.includes(false)) {
    const rule: ProgramRule<"scan"> = taylorRules.scan;
    return rule(inputs, passes, node, evaluateTaylor);
  }
  const outputs = emitLike(node, inputs);
  const rule = taylorRules[node.primitive] as TaylorRule<never>;
  const series = passes.map((pass, p) =>
    still[p]
      ? []
      : rule(
          inputs.map((input, i) => pass.series[i] ?? [input]),
          outputs,
          node as never,
          pass.order,
          evaluateTaylor,
        ),
  );
  return { outputs, series };
}
