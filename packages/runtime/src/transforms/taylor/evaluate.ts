// Evaluates a program on Taylor series: values once, derivatives for each direction, highest ones once where only their sum is wanted.
import type { Node, Program, Value } from "../../program.ts";
import { emitLike, withScope } from "../../record.ts";
import type { Tensor } from "../../tensor.ts";
import type { Evaluated, EvaluateTaylor, Pass, ProgramRule, TaylorRule } from "./rule.ts";
import { taylorRules } from "./rules.ts";
import { at, moves, plus, type Series } from "./series.ts";

/** Passes of one order, at least 2, by their places in a list, of whose highest derivatives only the sum is wanted. */
export type Group = readonly number[];

/** Evaluates a program and its series along several directions in the current recording. */
export const evaluateTaylor: EvaluateTaylor = (program, inputs, passes) => evaluateSums(program, inputs, passes, []);

/**
 * The same where the first pass of each group has the sum of the group's highest derivatives as its own, and the others have none, as a Laplace operator
 * wants it (collapsed Taylor mode: Dangel, Siebert, Zeinhofer and Walther 2025). For the highest derivative of what a primitive yields is a linear function of the
 * highest ones of its operands, alike for all directions, and something that depends on lower ones: a rule that is given the sum for one direction and
 * nothing for the others yields what is to be added up.
 */
export function evaluateSums(
  program: Program,
  inputs: readonly Tensor[],
  passes: readonly Pass[],
  groups: readonly Group[],
): Evaluated {
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
    keep(node.outputs, outputs, groups.length === 0 ? series : withScope(node.scope, () => together(series)));
  }

  function together(series: Evaluated["series"]): Evaluated["series"] {
    const all = series.map((some) => [...some]);
    for (const [first, ...others] of groups as readonly [number, ...number[]][]) {
      const { order } = passes[first]!;
      for (const p of others) {
        for (const [i, one] of all[p]!.entries()) {
          const highest = one && at(one, order);
          if (!highest) continue;
          const [value, ...derivatives] = one;
          all[p]![i] = [value, ...derivatives.slice(0, order - 1)];
          const sum = all[first]![i] ?? [value];
          const lower = Array.from({ length: order - 1 }, (_, k) => at(sum, k + 1));
          all[first]![i] = [value, ...lower, plus(at(sum, order), highest)];
        }
      }
    }
    return all;
  }

  const result = program.outputs.map((output) => values.get(output)!);
  return {
    outputs: result,
    series: moving.map((known) => program.outputs.map((output) => known.get(output) ?? null)),
  };
}

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
