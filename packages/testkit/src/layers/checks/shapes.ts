// What is inferred without running is what running gives: shapes, dtypes and parameter counts.
import { dropout, sequential, summary } from "@hooke/core";
import { describe, type HostArray, isFloat, treeLeaves } from "@hooke/runtime";
import { evaluate, type LayerCheck, rows, setUp } from "../case.ts";

/** Inferred shapes and counts, finite outputs, and the parameters' width from the input to the output. */
export const shapes: LayerCheck = async (entry, { backend }) => {
  const { layer, input } = entry;
  const problems: string[] = [];
  // A layer of several is no row of its summary; one behind it that changes nothing is.
  const inferred = summary(sequential([layer, dropout({ rate: 0 })]), input).rows.at(-1)!.outputShape;
  for (const dtype of ["f32", "f64"] as const) {
    if (!backend.dtypes.includes(dtype)) continue;
    const setup = await setUp(entry, backend, dtype);
    const params = treeLeaves<HostArray>(setup.variables.params);
    const count = params.reduce((total, { value }) => total + value.data.length, 0);
    const counted = summary(layer, input).parameters;
    if (count !== counted) problems.push(`init makes ${count} parameters, summary counts ${counted}`);
    for (const { path, value } of params) {
      if (value.dtype !== dtype) problems.push(`parameter ${path} is ${describe(value)} in a model of ${dtype}`);
    }
    for (const training of [false, true]) {
      const { output } = await evaluate(backend, layer, setup, training);
      const mode = training ? "in training" : "in inference";
      const expected = { shape: [rows, ...inferred], dtype };
      if (describe(output) !== describe(expected)) {
        problems.push(`${mode} the output is ${describe(output)}; inferred was ${describe(expected)}`);
      } else if (isFloat(dtype) && !output.data.every(Number.isFinite)) {
        problems.push(`${mode} the output, ${describe(output)}, is not finite`);
      }
    }
  }
  return problems;
};
