// What a rule is: how a primitive becomes operators of ONNX.
import { type DType, fail, type PrimitiveName } from "@hooke/runtime";
import { type OpenNode, placeOf } from "../dims.ts";
import type { Graph, Operand } from "../graph.ts";

/** Adds the operators of a node to a graph. @returns the node's outputs */
export type Rule<K extends PrimitiveName> = (graph: Graph, node: OpenNode<K>, inputs: readonly Operand[]) => Operand[];

export type RulesOf<K extends PrimitiveName> = { readonly [P in K]: Rule<P> };

/** Refuses a node by its name and its layer. */
export function refuseNode(node: OpenNode, why: string): never {
  return fail("exportOnnx", `${placeOf(node)} cannot be exported: ${why}`, "unsupported");
}

/** A primitive that no file can hold, and why. */
export const refused =
  (why: string) =>
  (_: Graph, node: OpenNode): never =>
    refuseNode(node, why);

/** Refuses element types that the operators do not take. */
export function needTypes(node: OpenNode, types: readonly DType[]): void {
  const { dtype } = node.inputs.at(-1)!;
  if (!types.includes(dtype)) refuseNode(node, `onnxruntime has it for ${types.join(", ")}, not for ${dtype}.`);
}
