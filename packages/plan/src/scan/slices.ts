// Slices of what loops compute, such as the gates of a recurrent cell of their common sum: computed slice by slice, so that no array of
// the whole is written and read.
import { type Node, type NodeOf, Program, sameShape, sizeOf, type Value } from "@hooke/runtime";
import { isKind } from "../primitives.ts";

type Slice = NodeOf<"slice">;

/** An equivalent program, in which elementwise nodes that are only read in slices, no more elements than they have, run over the slices. */
export function bySlices(program: Program): Program {
  const sliced = new Set(program.nodes.flatMap((node) => (node.primitive === "slice" ? node.inputs : [])));
  if (!program.nodes.some((node) => isKind(node, "pointwise") && sliced.has(node.outputs[0]!))) return program;
  const users = new Map<Value, Set<Node>>();
  const uses = (value: Value, node: Node): void => {
    const known = users.get(value);
    if (known === undefined) users.set(value, new Set([node]));
    else known.add(node);
  };
  for (const node of program.nodes) for (const input of node.inputs) uses(input, node);
  const outputs = new Set(program.outputs);
  /** What stands in the place of a node. */
  const replaced = new Map<Node, readonly Node[]>();
  for (const node of [...program.nodes].reverse()) {
    if (!isKind(node, "pointwise")) continue;
    const [whole] = node.outputs as readonly [Value];
    const slices = [...(users.get(whole) ?? [])];
    if (outputs.has(whole) || !slices.every((user): user is Slice => user.primitive === "slice")) continue;
    const elements = slices.reduce((sum, slice) => sum + sizeOf(slice.outputs[0]!.shape), 0);
    if (elements > sizeOf(whole.shape) || !node.inputs.every(({ shape }) => sameShape(shape, whole.shape))) continue;
    replaced.set(node, []);
    for (const input of node.inputs) users.get(input)!.delete(node);
    for (const slice of slices) {
      const { shape } = slice.outputs[0]!;
      const parts = node.inputs.map((input): Slice => {
        const part = { ...slice, inputs: [input], outputs: [{ shape, dtype: input.dtype }] };
        uses(input, part);
        return part;
      });
      const over = { ...node, inputs: parts.map((part) => part.outputs[0]!), outputs: slice.outputs } as Node;
      replaced.set(slice, [...parts, over]);
    }
  }
  const nodes: Node[] = [];
  // What replaces a node may be replaced in its turn, many times over: a stack, as a chain may be too long for recursion.
  const waiting = [...program.nodes].reverse();
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const instead = replaced.get(node);
    if (instead === undefined) nodes.push(node);
    else waiting.push(...[...instead].reverse());
  }
  return new Program(program.inputs, nodes, program.outputs);
}
