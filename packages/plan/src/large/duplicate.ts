// What is cheaper to compute twice than to write and read: a large array that differs from another by a few operations, such as one without its mean.
import { byteSize, type Node, Program, sameShape, sizeOf, type Value } from "@hooke/runtime";
import { isKind, type NodeOfKind } from "../primitives.ts";

/** Bytes read instead of one of the array: a mask beside an array of f32 makes 1.25. */
const mostRead = 1.25;
/** Loops, each of which computes the array for itself, and operations in a row that are computed so. */
const [mostLoops, longestChain] = [8, 4];
/** Operations that take an instruction or two. */
const cheap: ReadonlySet<string> = new Set<NodeOfKind<"pointwise">["primitive"]>([
  "add",
  "sub",
  "mul",
  "neg",
  "abs",
  "maximum",
  "minimum",
  "select",
]);

/** A node of the new program. */
interface Step {
  readonly node: Node;
  readonly inputs: Value[];
  /** Where it stands: a node of the given program, counted from the last, before which it is computed. */
  readonly place: number;
  /** Steps in a row that are computed again, itself included; 0 if it is not. */
  readonly chain: number;
  /** The loop it is computed in: that of a reduction; or how many kernels come before it at least, as loops that agree in this mostly become one. */
  readonly loop: Node | number;
}

const bytesOf = ({ shape, dtype }: Value): number => sizeOf(shape) * byteSize[dtype];

/**
 * An equivalent program in which large arrays that follow from hardly more than one other are computed by each loop that reads them.
 *
 * @param large bytes of such an array at least: smaller ones stay in a cache between two kernels, where reading them costs no more than computing
 */
export function duplicateCheap(program: Program, large: number): Program {
  const producers = new Map(program.nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  const kept = new Set(program.outputs);
  const levels = levelsOf(program);
  const isCheap = (node: Node): boolean => {
    const [value] = node.outputs as readonly [Value];
    if (!cheap.has(node.primitive) || kept.has(value) || bytesOf(value) < large) return false;
    const read = [...new Set(node.inputs)].reduce((sum, input) => sum + bytesRead(input, producers), 0);
    return read <= mostRead * bytesOf(value);
  };
  const readers = new Map<Value, Set<Step>>();
  const add = (node: Node, place: number, chain: number, loop: Node | number): Step => {
    const step = { node, inputs: [...node.inputs], place, chain, loop };
    for (const input of node.inputs) readers.set(input, (readers.get(input) ?? new Set()).add(step));
    return step;
  };
  /** By place, from the last to be computed to the first. */
  const steps: Step[][] = [];
  for (const [place, node] of program.nodes.toReversed().entries()) {
    const [value] = node.outputs as readonly [Value];
    const byLoop = Map.groupBy(readers.get(value) ?? [], ({ loop }) => loop);
    const ofValue = [...byLoop.values()].flat();
    const again =
      isCheap(node) &&
      byLoop.size > 1 &&
      byLoop.size <= mostLoops &&
      ofValue.every((reader) => reader.chain < longestChain && isInStep(reader.node, value));
    if (!again) {
      const [only] = byLoop.size === 1 && !kept.has(value) ? byLoop.keys() : [];
      const fused =
        isKind(node, "pointwise") && typeof only === "object" && sameShape(only.inputs[0]!.shape, value.shape);
      steps[place] = [add(node, place, 0, isKind(node, "reduction") ? node : fused ? only : levels.get(node)!)];
      continue;
    }
    steps[place] = [];
    for (const [loop, inLoop] of byLoop) {
      const output = { ...value };
      const first = Math.max(...inLoop.map((reader) => reader.place));
      const chain = 1 + Math.max(...inLoop.map((reader) => reader.chain));
      steps[first]!.push(add({ ...node, outputs: [output] } as Node, first, chain, loop));
      for (const { inputs } of inLoop) {
        for (const [i, input] of inputs.entries()) if (input === value) inputs[i] = output;
      }
    }
  }
  const inOrder = steps.flat().toReversed();
  if (inOrder.length === program.nodes.length) return program;
  const nodes = inOrder.map(({ node, inputs }) => ({ ...node, inputs }) as Node);
  return new Program(program.inputs, nodes, program.outputs);
}

/** How many kernels come before each node at least. */
function levelsOf(program: Program): Map<Node, number> {
  const levels = new Map<Node, number>();
  const ofValues = new Map<Value, number>();
  for (const node of program.nodes) {
    const level = Math.max(0, ...node.inputs.map((input) => ofValues.get(input) ?? 0));
    levels.set(node, level);
    const after = isKind(node, "pointwise") || isKind(node, "view") ? level : level + 1;
    for (const output of node.outputs) ofValues.set(output, after);
  }
  return levels;
}

/** Bytes that are read of an operand: where it is repeated, those of what is repeated; of one number none. */
function bytesRead(value: Value, producers: ReadonlyMap<Value, Node>): number {
  const node = producers.get(value);
  if (node?.primitive === "full") return 0;
  return node?.primitive === "broadcast" ? bytesRead(node.inputs[0]!, producers) : bytesOf(value);
}

/** Whether a loop over the elements of an array computes a node. */
const isInStep = (node: Node, { shape }: Value): boolean =>
  isKind(node, "pointwise") || (isKind(node, "reduction") && sameShape(node.inputs[0]!.shape, shape));
