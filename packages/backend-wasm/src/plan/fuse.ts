// Which elementwise values are needed by one reduction alone: they are computed inside its loop and never stored.
import { type Node, type Program, sameShape, type Value } from "@hooke/runtime";
import { largestLoop } from "./loops.ts";
import { isPointwise } from "./primitives.ts";

export interface Absorption {
  /** For a reduction node, the elementwise nodes it evaluates, in order. */
  readonly nodesOf: ReadonlyMap<Node, readonly Node[]>;
  readonly absorbed: ReadonlySet<Node>;
}

export function absorb(program: Program): Absorption {
  const users = new Map<Value, Node[]>();
  for (const node of program.nodes) {
    for (const input of node.inputs) {
      const list = users.get(input);
      if (list) list.push(node);
      else users.set(input, [node]);
    }
  }
  const kept = new Set(program.outputs);
  const owner = new Map<Node, Node>();
  const nodesOf = new Map<Node, Node[]>();
  for (const node of program.nodes.toReversed()) {
    if (node.primitive === "sum" || node.primitive === "max" || node.primitive === "min") {
      owner.set(node, node);
      nodesOf.set(node, []);
      continue;
    }
    if (!isPointwise(node) || kept.has(node.outputs[0]!)) continue;
    const readers = users.get(node.outputs[0]!) ?? [];
    const candidate = readers[0] && owner.get(readers[0]);
    if (candidate === undefined || nodesOf.get(candidate)!.length >= largestLoop) continue;
    if (!readers.every((reader) => owner.get(reader) === candidate)) continue;
    if (!sameShape(node.outputs[0]!.shape, candidate.inputs[0]!.shape)) continue;
    owner.set(node, candidate);
    nodesOf.get(candidate)!.push(node);
  }
  for (const nodes of nodesOf.values()) nodes.reverse();
  const absorbed = new Set<Node>();
  for (const [node, reduction] of owner) if (node !== reduction) absorbed.add(node);
  return { nodesOf, absorbed };
}
