// Rows of a loop side by side: where every row of what is carried, such as a sequence of a batch, is computed of the same rows alone, a block of rows goes
// through all steps by itself. Threads meet once for the whole loop, and what they pass from step to step stays in their caches.
import type { Blocks } from "@hooke/plan";
import { type Node, type NodeOf, Program, type Value } from "@hooke/runtime";
import { arrayBytes } from "../platform.ts";
import { piecesOf } from "./grain.ts";
import { divides, type Need, needsOfPart, nodesOfPart, partOf } from "./parts.ts";
import { workOf } from "./steps.ts";

/** Rows of a block at least: each block reads what all rows share once a step. */
const fewest = 16;
/** Bytes that all rows share at most: those stay in the second-level cache of each thread. */
const mostShared = 2 ** 19;

/** How a loop is computed by blocks of rows; undefined where rows depend on each other, or where that is not worth it. @param fineness see `Emitter` */
export function blocksOf({ params }: NodeOf<"scan">, fineness: number): Blocks | undefined {
  const { body, consts, carry, length } = params;
  const rows = body.inputs[consts]?.shape[0];
  if (carry === 0 || length < 2 || rows === undefined) return undefined;
  const work = length * body.nodes.reduce((sum, node) => sum + workOf(node), 0);
  let count = piecesOf({ fineness, whole: false }, work, rows, fewest);
  while (rows % count !== 0) count /= 2;
  const part = count === 1 ? undefined : ofBlock(body, body.inputs.slice(consts, consts + carry), count);
  if (part === undefined) return undefined;
  const shared = part.inputs.filter((input) => body.inputs.includes(input));
  return shared.reduce((sum, input) => sum + arrayBytes(input), 0) > mostShared ? undefined : { count, body: part };
}

/** The program of one of `count` blocks of rows; undefined where rows depend on each other. */
function ofBlock(body: Program, carried: readonly Value[], count: number): Program | undefined {
  const needed = new Map<Value, Need>();
  const need = (value: Value, how: Need): boolean => {
    const before = needed.get(value) ?? how;
    needed.set(value, how);
    return before === how;
  };
  for (const value of [...body.outputs, ...carried]) need(value, "part");
  const [whole, ofRows]: [Node[], Node[]] = [[], []];
  for (const node of body.nodes.toReversed()) {
    const how = node.outputs.map((output) => needed.get(output)).find((each) => each !== undefined);
    if (how === undefined) continue;
    const needs = how === "part" ? needsOfPart(node, count) : node.inputs.map((): Need => "whole");
    if (!needs?.every((each, i) => need(node.inputs[i]!, each))) return undefined;
    (how === "part" ? ofRows : whole).push(node);
  }
  const parts = new Map<Value, Value>();
  for (const input of body.inputs) {
    if (needed.get(input) !== "part") continue;
    // What is passed on as it is has no node that would tell.
    if (!divides(input, count)) return undefined;
    parts.set(input, partOf(input, count));
  }
  const nodes = [...whole.toReversed(), ...nodesOfPart(ofRows.toReversed(), count, parts)];
  const inputs = body.inputs.map((input) => parts.get(input) ?? input);
  return new Program(
    inputs,
    nodes,
    body.outputs.map((output) => parts.get(output)!),
  );
}
