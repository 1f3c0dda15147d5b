// Which tensor went bad first: a program run again node by node, and the way back from a value that is not finite.
import { describe, type HostArray, interpret, type Node, type Program, type Value } from "@hooke/runtime";

/** Where values that are not finite come from. */
export type BadTensor =
  /** Input `index` of the program is already not finite at `element`. */
  | { readonly kind: "input"; readonly index: number; readonly element: number; readonly value: number }
  /** A node made it from finite operands. */
  | {
      readonly kind: "node";
      readonly node: Node;
      readonly output: Value;
      readonly element: number;
      readonly value: number;
    };

interface Bad {
  readonly order: number;
  readonly element: number;
  readonly value: number;
  readonly node?: Node;
}

/**
 * The origin of the values of `target` that are not finite.
 *
 * Not every infinity is a fault (a mask adds -Infinity on purpose), so only what leads to `target` counts: from it the
 * search goes back along values that are not finite and stops where all operands are finite.
 *
 * @param program as recorded, so that its nodes still say which layer they belong to
 * @returns undefined if the reference interpreter finds `target` finite
 */
export function firstBadTensor(program: Program, inputs: readonly HostArray[], target: Value): BadTensor | undefined {
  const bad = new Map<Value, Bad>();
  const note = (value: Value, { data, dtype }: HostArray, node?: Node): void => {
    if (dtype !== "f32" && dtype !== "f64") return;
    const element = data.findIndex((item: number) => !Number.isFinite(item));
    if (element < 0) return;
    bad.set(value, { order: bad.size, element, value: data[element]!, ...(node && { node }) });
  };
  for (const [i, value] of program.inputs.entries()) note(value, inputs[i]!);
  interpret(program, inputs, (node, outputs) => {
    for (const [i, output] of node.outputs.entries()) note(output, outputs[i]!, node);
  });
  const origins: [Value, Bad][] = [];
  const seen = new Set<Value>();
  const pending = [target];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    const found = bad.get(value);
    if (found === undefined || seen.has(value)) continue;
    seen.add(value);
    const sources = found.node?.inputs.filter((input) => bad.has(input)) ?? [];
    if (sources.length === 0) origins.push([value, found]);
    pending.push(...sources);
  }
  // A constant infinity is meant; it is the origin only if there is no other.
  const meant = ([, { node }]: [Value, Bad]): number => (node?.inputs.length === 0 ? 1 : 0);
  origins.sort((a, b) => meant(a) - meant(b) || a[1].order - b[1].order);
  const [origin] = origins;
  if (origin === undefined) return undefined;
  const [output, { node, element, value }] = origin;
  return node === undefined
    ? { kind: "input", index: program.inputs.indexOf(output), element, value }
    : { kind: "node", node, output, element, value };
}

/** `exp in layer "0", f32[2, 3], is Infinity at [0, 2]`: a found node in words. */
export function describeNode({ node, output, element, value }: Extract<BadTensor, { kind: "node" }>): string {
  const where = node.scope === "" ? "" : ` in "${node.scope}"`;
  return `${node.primitive}${where}, ${describe(output)}, is ${value}${position(element, output)}`;
}

/** ` at [0, 2]` for an element of an array; empty for a scalar. */
export function position(element: number, { shape }: { readonly shape: readonly number[] }): string {
  if (shape.length === 0) return "";
  const index: number[] = [];
  let rest = element;
  for (const dimension of shape.toReversed()) {
    index.unshift(rest % dimension);
    rest = Math.floor(rest / dimension);
  }
  return ` at [${index.join(", ")}]`;
}
