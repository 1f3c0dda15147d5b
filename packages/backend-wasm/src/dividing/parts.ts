// Nodes in parts along their first axis: which are made of the same part of what they read, whatever the other parts are, and the same nodes of a part.
import { isKind } from "@hooke/plan";
import type { Node, Value } from "@hooke/runtime";

/** How much of an operand a part of a result needs: the same part, or all of it. */
export type Need = "part" | "whole";

/** Whether a value has so many parts. */
export const divides = ({ shape: [first = 0] }: Value, count: number): boolean => first > 0 && first % count === 0;

/** What a part of a node's output, one of `count`, needs of each operand; undefined where that is neither a part nor all, or there are no such parts. */
export function needsOfPart(node: Node, count: number): readonly Need[] | undefined {
  const parts = (holds: boolean): Need[] | undefined => (holds ? node.inputs.map(() => "part") : undefined);
  if (!node.outputs.every((output) => divides(output, count))) return undefined;
  if (isKind(node, "pointwise")) return parts(true);
  switch (node.primitive) {
    case "full":
      return [];
    case "broadcast":
      return [node.params.axes[0] === 0 ? "part" : "whole"];
    case "reshape":
      return parts(divides(node.inputs[0]!, count));
    case "transpose":
      return parts(node.params.permutation[0] === 0);
    case "slice": {
      const { start, limit, strides } = node.params;
      return parts(start[0] === 0 && limit[0] === node.inputs[0]!.shape[0] && strides[0] === 1);
    }
    case "pad": {
      const { low, high, interior } = node.params;
      return parts([low, high, interior].every(([amount]) => amount === 0));
    }
    case "concat":
      return parts(node.params.axis !== 0);
    case "reverse":
    case "sum":
    case "max":
    case "min":
      return parts(!node.params.axes.includes(0));
    case "dot":
      if (node.inputs[0]!.shape.length > 2) return parts(true);
      return node.params.transposeA ? undefined : ["part", "whole"];
    default:
      return undefined;
  }
}

const shorter = (shape: readonly number[], count: number): number[] => [shape[0]! / count, ...shape.slice(1)];

/** One of `count` parts of a value. */
export const partOf = ({ shape, dtype }: Value, count: number): Value => ({ shape: shorter(shape, count), dtype });

function paramsOfPart(node: Node, count: number): Node["params"] {
  switch (node.primitive) {
    case "full":
    case "broadcast":
    case "reshape":
      return { ...node.params, shape: shorter(node.params.shape, count) };
    case "slice":
      return { ...node.params, limit: shorter(node.params.limit, count) };
    default:
      return node.params;
  }
}

/**
 * The same nodes of one of `count` parts.
 *
 * @param parts the parts of what is read so, to which those of what nodes make are added
 */
export const nodesOfPart = (nodes: readonly Node[], count: number, parts: Map<Value, Value>): Node[] =>
  nodes.map((node) => {
    const needs = needsOfPart(node, count)!;
    const inputs = node.inputs.map((input, i) => (needs[i] === "part" ? parts.get(input)! : input));
    const outputs = node.outputs.map((output) => partOf(output, count));
    for (const [i, output] of outputs.entries()) parts.set(node.outputs[i]!, output);
    return { ...node, inputs, outputs, params: paramsOfPart(node, count) } as Node;
  });
