// Mapping loops: one loop in which every step computes all rows. A carry is mapped if it is in some step.
import { withRecorder } from "../../record.ts";
import { apply, type Batched, type BatchRules, mapped, moveAxis, spread } from "./rule.ts";

export const scan: BatchRules<"scan"> = {
  scan(inputs, node, rows, evaluateBody) {
    const { body, consts, carry } = node.params;
    const firstX = consts + carry;
    const own = inputs.map((input) => input.mapped);
    for (;;) {
      const step = withRecorder((recorder) => {
        const entering = body.inputs.map(({ shape, dtype }, i): Batched => {
          const tensor = recorder.input({ shape: own[i] ? [rows, ...shape] : shape, dtype });
          return { tensor, mapped: own[i]! };
        });
        const leaving = evaluateBody(body, entering, rows);
        const outputs = leaving.map((output, i) =>
          i < carry && own[consts + i] ? mapped(spread(output, rows)) : output,
        );
        return { outputs, ...recorder.finish(outputs.map(({ tensor }) => tensor)) };
      });
      const late = step.outputs.flatMap((output, i) =>
        i < carry && output.mapped && !own[consts + i] ? [consts + i] : [],
      );
      for (const i of late) own[i] = true;
      if (late.length > 0) continue;
      const operands = inputs.map((input, i) => {
        const tensor = own[i] ? spread(input, rows) : input.tensor;
        return i >= firstX && own[i] ? moveAxis(tensor, 0, 1) : tensor;
      });
      const results = apply(node, operands, { ...node.params, body: step.program });
      return results.map((result, i): Batched => {
        const has = step.outputs[i]!.mapped;
        return { tensor: has && i >= carry ? moveAxis(result, 1, 0) : result, mapped: has };
      });
    }
  },
};
