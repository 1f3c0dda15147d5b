// Fusion into reductions: elementwise values that one reduction alone needs are computed inside its loop and never stored.
import { type Node, type Program, sameShape, type Value } from "@hooke/runtime";
import { addTo } from "./lists.ts";
import { isKind, type NodeOfKind } from "./primitives.ts";

type Pointwise = NodeOfKind<"pointwise">;
type Reduction = NodeOfKind<"reduction">;

export interface Fusion {
  /** For a reduction, the elementwise nodes it evaluates, in order. */
  readonly nodesOf: ReadonlyMap<Reduction, readonly Pointwise[]>;
  /** All of these elementwise nodes. */
  readonly fused: ReadonlySet<Node>;
}

/** @param largestLoop see `Platform` */
export function fuse(program: Program, largestLoop: number): Fusion {
  const users = new Map<Value, Node[]>();
  for (const node of program.nodes) {
    for (const input of node.inputs) addTo(users, input, node);
  }
  const kept = new Set(program.outputs);
  const owner = new Map<Node, Reduction>();
  const nodesOf = new Map<Reduction, Pointwise[]>();
  for (const node of program.nodes.toReversed()) {
    if (isKind(node, "reduction")) {
      owner.set(node, node);
      nodesOf.set(node, []);
      continue;
    }
    if (!isKind(node, "pointwise") || kept.has(node.outputs[0]!)) continue;
    const readers = users.get(node.outputs[0]!) ?? [];
    const candidate = readers[0] && owner.get(readers[0]);
    if (candidate === undefined || nodesOf.get(candidate)!.length >= largestLoop) continue;
    if (!readers.every((reader) => owner.get(reader) === candidate)) continue;
    if (!sameShape(node.outputs[0]!.shape, candidate.inputs[0]!.shape)) continue;
    owner.set(node, candidate);
    nodesOf.get(candidate)!.push(node);
  }
  for (const nodes of nodesOf.values()) nodes.reverse();
  return { nodesOf, fused: new Set([...nodesOf.values()].flat()) };
}
