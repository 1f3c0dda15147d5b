// What the body of a loop reads.
import type { Value } from "@hooke/runtime";
import type { Plan } from "./kernel.ts";
import type { NodeOfKind } from "./primitives.ts";

/** The values that elementwise nodes, and whoever uses `results`, read from memory: neither computed by the nodes nor one number everywhere. */
export function externalValues(
  { fills }: Pick<Plan, "fills">,
  nodes: readonly NodeOfKind<"pointwise">[],
  results: readonly Value[],
): Value[] {
  const inside = new Set(nodes.flatMap(({ outputs }) => outputs));
  const used = new Set([...nodes.flatMap(({ inputs }) => inputs), ...results]);
  return [...used].filter((value) => !inside.has(value) && !fills.has(value));
}
