// Liveness: when each value of a program is needed for the last time.
import type { Program, Value } from "../program.ts";

/**
 * For every value the index of the last node that reads it; `program.nodes.length` for outputs. A value that nothing
 * reads is absent.
 */
export function lastUses(program: Program): Map<Value, number> {
  const last = new Map<Value, number>();
  for (const [index, node] of program.nodes.entries()) for (const input of node.inputs) last.set(input, index);
  for (const output of program.outputs) last.set(output, program.nodes.length);
  return last;
}
