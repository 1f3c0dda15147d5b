// Steps of a loop side by side: what a step computes without waiting for the one before is its own, and threads compute that of several
// steps at a time. What is carried, such as sums over blocks of rows, follows in the order of the steps.
import { type Apart, isKind } from "@hooke/plan";
import { byteSize, type Node, type NodeOf, Program, sizeOf, type Value } from "@hooke/runtime";
import { arrayBytes } from "../platform.ts";
import { elementwiseWork, smallest, worthwhile } from "./grain.ts";

/** Steps at a time, and the fewest that a loop has: as the pieces of a kernel. With fewer, threads would wait for each other. */
const most = 16;
const fewest = 8;
/** Bytes that a step writes, at most: each thread has memory for one. And bytes that all steps of one time pass on. */
const mostOwn = 2 ** 26;
const mostPassed = 2 ** 25;
/** Of the work of a step, what waits at most. */
const mostWaiting = 1 / 8;

const sumOf = <T>(list: readonly T[], each: (item: T) => number): number =>
  list.reduce((sum, item) => sum + each(item), 0);

/** The work of a node, in multiplications with addition of f32; at least, for what is rarely much in a loop. */
export function workOf(node: Node): number {
  const [output] = node.outputs;
  if (output === undefined || isKind(node, "view") || isKind(node, "source")) return 0;
  if (node.primitive === "scan") return node.params.length * sumOf(node.params.body.nodes, workOf);
  if (node.primitive === "dot") {
    const k = node.inputs[0]!.shape.at(node.params.transposeA ? -2 : -1)!;
    return (sizeOf(output.shape) * k * byteSize[output.dtype]) / 4;
  }
  const elements = Math.max(...[...node.inputs, output].map(({ shape }) => sizeOf(shape)));
  return elementwiseWork(elements, 16 / Math.max(4, byteSize[output.dtype]), 0, [node]);
}

/** What the steps of a loop compute apart from each other; undefined where that is not worth it. @param fineness see `Emitter` */
export function stepsApart({ params }: NodeOf<"scan">, fineness: number): Apart | undefined {
  const { body, consts, carry, length } = params;
  if (length < fewest * fineness) return undefined;
  const waiting = new Set<Value>(body.inputs.slice(consts, consts + carry));
  const [own, rest]: [Node[], Node[]] = [[], []];
  for (const node of body.nodes) {
    const waits = node.inputs.some((input) => waiting.has(input));
    if (waits && !isKind(node, "pointwise") && !isKind(node, "view")) return undefined;
    (waits ? rest : own).push(node);
    if (waits) for (const output of node.outputs) waiting.add(output);
  }
  const [carried, slices] = [body.outputs.slice(0, carry), body.outputs.slice(carry)];
  if (slices.some((value) => waiting.has(value))) return undefined;
  const work = sumOf(own, workOf);
  const bytes = sumOf(
    own.filter((node) => !isKind(node, "view")),
    ({ outputs }) => sumOf(outputs, arrayBytes),
  );
  const worth = work >= smallest * fineness && length * work >= 2 * worthwhile * fineness;
  if (!worth || sumOf(rest, workOf) > mostWaiting * work || bytes > mostOwn) return undefined;
  // What the rest reads: from nothing it is made there again, else it is passed on.
  const found = new Set(own.flatMap(({ outputs }) => outputs));
  const read = [...new Set([...rest.flatMap(({ inputs }) => inputs), ...carried])].filter((value) => found.has(value));
  const sources = own.filter((node) => isKind(node, "source") && read.includes(node.outputs[0]!));
  const made = new Set(sources.map(({ outputs }) => outputs[0]!));
  const passed = read.filter((value) => !made.has(value));
  const steps = Math.min(most, length, Math.floor(mostPassed / sumOf(passed, arrayBytes)));
  if (steps < fewest * fineness) return undefined;
  return {
    own: new Program(body.inputs, own, [...passed, ...slices]),
    rest: new Program([...body.inputs, ...passed], [...sources, ...rest], carried),
    passed: passed.map(({ shape, dtype }) => ({ shape: [steps, ...shape], dtype })),
    steps,
  };
}
