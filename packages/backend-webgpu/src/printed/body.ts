// The body of a loop: elementwise nodes evaluated for one element.

import { externalValues, type NodeOfKind, type Plan, type View } from "@hooke/plan";
import type { Value } from "@hooke/runtime";
import { expression } from "./elementwise.ts";
import { fromWord, literal, type Text } from "./text.ts";

type Pointwise = NodeOfKind<"pointwise">;

/** The views through which a body reads memory. */
export const readViews = (plan: Plan, nodes: readonly Pointwise[], results: readonly Value[]): View[] => [
  ...new Set(externalValues(plan, nodes, results).map((value) => plan.views.get(value)!)),
];

/**
 * Adds code that evaluates nodes; the names of results.
 *
 * @param word what a view has for the element, as a word
 * @param known values that have names already
 */
export function evaluate(
  text: Text,
  plan: Plan,
  nodes: readonly Pointwise[],
  results: readonly Value[],
  word: (view: View) => string,
  known: ReadonlyMap<Value, string> = new Map(),
): string[] {
  const names = new Map(known);
  const loaded = new Map<View, string>();
  const nameOf = (value: Value): string => {
    const name = names.get(value);
    if (name !== undefined) return name;
    const fill = plan.fills.get(value);
    if (fill !== undefined) return literal(value.dtype, fill);
    const view = plan.views.get(value)!;
    let read = loaded.get(view);
    if (read === undefined) {
      read = text.define(fromWord(value.dtype, word(view)), "x");
      loaded.set(view, read);
    }
    names.set(value, read);
    return read;
  };
  for (const node of nodes) {
    const operands = node.inputs.map(nameOf);
    names.set(node.outputs[0]!, text.define(expression(node, operands)));
  }
  return results.map(nameOf);
}
