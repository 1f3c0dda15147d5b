// Derivatives in the input, the extras and every parameter, against differences in double precision.
import { pathTest } from "@hooke/core";
import { asTensor, grad, interpret, optimize, Program, record, sum, type Tensor } from "@hooke/runtime";
import { checkDerivatives } from "../../finite-differences.ts";
import { key, type LayerCase, type LayerCheck, reference, setUp } from "../case.ts";
import { applyTo, inputsOf } from "../inputs.ts";

/** First and second derivatives, in training and in inference; none in parameters that the case declares constant. */
export const derivatives: LayerCheck = async (entry) => {
  const setup = await setUp(entry, reference, "f64");
  const { floats } = inputsOf(setup);
  const isConstant = constantPaths(entry);
  const moving = Object.keys(floats).filter((path) => !isConstant(path));
  const problems: string[] = [];
  const outputIn = (training: boolean) => (given: Readonly<Record<string, Tensor>>) =>
    applyTo(entry.layer, setup, given, { training, key: asTensor(key) }).output;
  const [inference, inTraining] = [false, true].map((training) =>
    listing(record(outputIn(training), floats as never).program),
  );
  // Most layers compute the same in both, which is differentiated once.
  const modes =
    inference === inTraining
      ? { "in inference and in training": false }
      : { "in inference": false, "in training": true };
  for (const [mode, training] of Object.entries(modes)) {
    const output = outputIn(training);
    try {
      checkDerivatives(
        (...tensors) => output(Object.fromEntries(moving.map((path, i) => [path, tensors[i]!]))),
        moving.map((path) => floats[path]!),
        // Layers have kinks, and rarely is one as near as this step.
        { order: 2, along: "directions", step: 2 ** -18 },
      );
    } catch (error) {
      const inputs = moving.map((path, i) => `${i} is ${path}`).join(", ");
      problems.push(`${mode}: ${(error as Error).message}${inputs && ` (Input ${inputs}.)`}`);
    }
    for (const path of Object.keys(floats).filter(isConstant)) {
      const slope = grad((tensor: Tensor) => sum(output({ [path]: tensor })));
      const [found] = interpret(optimize(record(slope, floats[path]! as never).program), [floats[path]!]);
      if (found!.data.some((value) => value !== 0)) problems.push(`${mode}: a derivative reaches ${path}`);
    }
  }
  return problems;
};

/** All that a program computes, constants to their last digit. */
function listing(program: Program): string {
  const values = program.nodes.flatMap(({ params }) => Object.values(params));
  const inside = values.flatMap((value) => {
    if (value instanceof Program) return [listing(value)];
    return ArrayBuffer.isView(value?.data) ? [value.data.join()] : [];
  });
  return [program, ...inside].join("\n");
}

function constantPaths({ constant = [] }: LayerCase): (path: string) => boolean {
  const test = pathTest(constant);
  return (path) => path.startsWith("params.") && test(path.slice("params.".length));
}
