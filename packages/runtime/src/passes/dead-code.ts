// Dead code: nodes whose results nobody reads go, and so do the outputs and inputs of loops that nobody needs.
import { type Node, Program, type Value } from "../program.ts";

/** The program without what its outputs do not need. Its inputs stay. */
export function eliminateDeadCode(program: Program): Program {
  const needed = new Set<Value>(program.outputs);
  const kept: Node[] = [];
  for (const node of program.nodes.toReversed()) {
    if (!node.outputs.some((output) => needed.has(output))) continue;
    const alive = node.primitive === "scan" ? trimScan(node, needed) : node;
    for (const input of alive.inputs) needed.add(input);
    kept.push(alive);
  }
  return new Program(program.inputs, kept.reverse(), program.outputs);
}

type ScanNode = Extract<Node, { primitive: "scan" }>;

/** Drops outputs that are not read, then carries that only feed themselves, constants and slices the body no longer reads. */
function trimScan(node: ScanNode, needed: ReadonlySet<Value>): ScanNode {
  const { body, carry, consts } = node.params;
  const outputs = node.outputs.map((output) => needed.has(output));
  let inner: Program;
  let read: Set<Value>;
  for (;;) {
    const kept = body.outputs.filter((_, i) => outputs[i]);
    inner = eliminateDeadCode(new Program(body.inputs, body.nodes, kept));
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
