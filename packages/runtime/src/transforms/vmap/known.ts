// Mapping a value with stated derivatives: so are its derivatives.
import type { KnownParams } from "../../primitives/params.ts";
import type { Tensor } from "../../tensor.ts";
import { recordInner } from "../jvp.ts";
import { apply, type BatchRules, type EvaluateBatched, mapped, rowLike, spread } from "./rule.ts";

type Slope = KnownParams["slopes"][number];

// The mapped slope of every slope: the same function again, so that equal nodes stay equal.
const slopes = new WeakMap<Slope, Slope>();

function mappedSlope(slope: Slope, evaluate: EvaluateBatched): Slope {
  const found = slopes.get(slope);
  if (found) return found;
  const all = (...x: Tensor[]): Tensor => {
    const { program, captured } = recordInner(
      "known",
      slope,
      x.map((tensor) => rowLike(tensor, 0)),
    );
    const inputs = [...captured.map((tensor) => ({ tensor, mapped: false })), ...x.map(mapped)];
    const rows = x[0]!.shape[0]!;
    return spread(evaluate(program, inputs, rows)[0]!, rows);
  };
  slopes.set(slope, all);
  return all;
}

export const known: BatchRules<"known"> = {
  known(inputs, node, rows, evaluateBody) {
    const operands = inputs.map((input) => spread(input, rows));
    const params = { of: node.params.of, slopes: node.params.slopes.map((slope) => mappedSlope(slope, evaluateBody)) };
    return apply(node, operands, params).map(mapped);
  },
};
