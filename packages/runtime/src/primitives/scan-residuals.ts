// What a loop keeps for its derivative: of the values that the linear loop reads, those that a few cheap operations compute from others
// are computed again where that leaves less to keep.
import { byteSize, sizeOf } from "../array.ts";
import type { Node, Value } from "../program.ts";
import type { PrimitiveName } from "./params.ts";

/** Arithmetic, choices and views: less work than reading what they would be kept as. */
export const cheap: ReadonlySet<PrimitiveName> = /* @__PURE__ */ new Set([
  "add",
  "sub",
  "mul",
  "neg",
  "select",
  "equal",
  "less",
  "lessEqual",
  "and",
  "broadcast",
  "reshape",
  "transpose",
  "slice",
  "full",
] as const);

const bytesOf = (values: Iterable<Value>): number =>
  [...values].reduce((sum, { shape, dtype }) => sum + sizeOf(shape) * byteSize[dtype], 0);

/** What to keep, and how to compute the rest of what is read. */
export interface Residuals {
  readonly kept: ReadonlySet<Value>;
  /** In order. What they read is kept, free, or the output of an earlier one. */
  readonly again: readonly Node[];
}

/**
 * @param read values that are read, some of which the nodes compute
 * @param nodes in order
 * @param free values that need not be kept
 */
export function residualsOf(read: readonly Value[], nodes: readonly Node[], free: ReadonlySet<Value>): Residuals {
  const all = new Set(read.filter((value) => !free.has(value)));
  const producers = new Map(nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  const kept = new Set(all);
  /** What values are computed from, by cheap nodes: kept, free, or to be kept. */
  const leavesOf = (values: readonly Value[]): Value[] => {
    const seen = new Set(values);
    const leaves: Value[] = [];
    // What is added to a set while it is gone through comes, too: chains may be too long for recursion.
    for (const value of seen) {
      const node = producers.get(value);
      if (kept.has(value) || free.has(value) || node === undefined || !cheap.has(node.primitive)) leaves.push(value);
      else for (const input of node.inputs) seen.add(input);
    }
    return leaves;
  };
  for (const { primitive, inputs, outputs } of [...nodes].reverse()) {
    const [output] = outputs;
    if (!cheap.has(primitive) || !kept.has(output!)) continue;
    const fresh = leavesOf(inputs).filter((leaf) => !kept.has(leaf) && !free.has(leaf));
    if (bytesOf(fresh) > bytesOf([output!])) continue;
    kept.delete(output!);
    for (const leaf of fresh) kept.add(leaf);
  }
  if (bytesOf(kept) >= bytesOf(all)) return { kept: all, again: [] };
  // Backwards, so that each node is known to be needed before what it reads is.
  const needed = new Set([...all].filter((value) => !kept.has(value)));
  const again = [...nodes].reverse().filter(({ inputs, outputs }) => {
    if (!outputs.some((output) => needed.has(output))) return false;
    for (const input of inputs) if (!kept.has(input) && !free.has(input)) needed.add(input);
    return true;
  });
  return { kept, again: again.reverse() };
}
