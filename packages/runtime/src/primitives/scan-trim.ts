// What a loop need not do where not all of its outputs are read.
import { type NodeOf, Program, type Value } from "../program.ts";

/** Drops outputs that are not read, then carries that only feed themselves, constants and slices the body no longer reads. */
export function trimScan(
  node: NodeOf<"scan">,
  needed: ReadonlySet<Value>,
  trimBody: (body: Program) => Program,
): NodeOf<"scan"> {
  const { body, carry, consts } = node.params;
  const outputs = node.outputs.map((output) => needed.has(output));
  let inner: Program;
  let read: Set<Value>;
  for (;;) {
    const kept = body.outputs.filter((_, i) => outputs[i]);
    inner = trimBody(new Program(body.inputs, body.nodes, kept));
    read = new Set([...inner.outputs, ...inner.nodes.flatMap(({ inputs }) => inputs)]);
    // A carry that the remaining body reads stays, and may need others.
    const missing = outputs.findIndex((alive, i) => i < carry && !alive && read.has(body.inputs[consts + i]!));
    if (missing < 0) break;
    outputs[missing] = true;
  }
  const inputs = body.inputs.map((input, i) =>
    i >= consts && i < consts + carry ? outputs[i - consts]! : read.has(input),
  );
  return {
    ...node,
    params: {
      ...node.params,
      body: new Program(
        body.inputs.filter((_, i) => inputs[i]),
        inner.nodes,
        inner.outputs,
      ),
      consts: inputs.slice(0, consts).filter(Boolean).length,
      carry: outputs.slice(0, carry).filter(Boolean).length,
    },
    inputs: node.inputs.filter((_, i) => inputs[i]),
    outputs: node.outputs.filter((_, i) => outputs[i]),
  };
}
