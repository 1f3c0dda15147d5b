// Dead code: nodes whose results nobody reads go, and so do the outputs and inputs of loops that nobody needs (`trim` of their rule).
import { type Node, Program, type Value } from "../program.ts";

/** The program without what its outputs do not need. Its inputs stay. */
export function eliminateDeadCode(program: Program): Program {
  const needed = new Set<Value>(program.outputs);
  const kept: Node[] = [];
  for (let at = program.nodes.length - 1; at >= 0; at--) {
    const node = program.nodes[at]!;
    if (!node.outputs.some((output) => needed.has(output))) continue;
    const alive = node.rule.trim?.(node as never, needed, eliminateDeadCode) ?? node;
    alive.inputs.forEach((input) => void needed.add(input));
    kept.push(alive);
  }
  return new Program(program.inputs, kept.reverse(), program.outputs);
}
