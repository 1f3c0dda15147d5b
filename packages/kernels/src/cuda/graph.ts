// Launches one after the other, loops written out, each with the words that it is given: the nodes of a CUDA graph.
import type { Step } from "../program.ts";
import { header, type Launch } from "../text.ts";

export interface GraphNode {
  readonly launch: Launch;
  /** Words: NaN, infinity, zero, then where its arrays begin, in words from the start of the memory. */
  readonly uniforms: Uint32Array;
  /** The step of each loop around it, the outermost first. */
  readonly steps: readonly number[];
}

/**
 * The launches of a run, in order.
 *
 * @param addresses of the workspace, inputs and outputs, in words
 */
export function* nodesOf(
  steps: readonly Step[],
  addresses: readonly number[],
  around: readonly number[] = [],
): Generator<GraphNode> {
  for (const step of steps) {
    if ("steps" in step) {
      for (let i = 0; i < step.length; i++) {
        yield* nodesOf(step.steps, addresses, [...around, step.reverse ? step.length - 1 - i : i]);
      }
      continue;
    }
    const pointers = step.pointers.map(({ base, offset }) => addresses[base]! + offset);
    yield { launch: step, uniforms: Uint32Array.from([...header, ...pointers]), steps: around.slice(0, step.levels) };
  }
}
