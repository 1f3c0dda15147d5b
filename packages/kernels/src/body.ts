// The body of a loop: elementwise nodes evaluated for one element.

import { externalValues, type NodeOfKind, type Plan, type View } from "@hooke/plan";
import type { Value } from "@hooke/runtime";
import { expression } from "./elementwise.ts";
import { fromWord, literal, type Text } from "./text.ts";

type Pointwise = NodeOfKind<"pointwise">;

/** The views through which a body reads memory. @param made an array that it is given instead */
export const readViews = (plan: Plan, nodes: readonly Pointwise[], results: readonly Value[], made?: Value): View[] => {
  const views = externalValues(plan, nodes, results).map((value) => plan.views.get(value)!);
  return [...new Set(views.filter(({ root }) => root !== made))];
};

/**
 * Adds code that evaluates nodes; the names of results.
 *
 * @param word what a view has for the element, as a word
 * @param made an array whose element is given, and its name
 */
export function evaluate(
  text: Text,
  plan: Plan,
  nodes: readonly Pointwise[],
  results: readonly Value[],
  word: (view: View) => string,
  made?: readonly [Value, string],
): string[] {
  const names = new Map<Value, string>();
  const loaded = new Map<View, string>();
  const nameOf = (value: Value): string => {
    const name = names.get(value);
    if (name !== undefined) return name;
    const fill = plan.fills.get(value);
    if (fill !== undefined) return literal(value.dtype, fill);
    const view = plan.views.get(value)!;
    let read = view.root === made?.[0] ? made[1] : loaded.get(view);
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
