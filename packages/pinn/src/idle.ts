// Fields and unknowns that no term depends on: nothing trains them.
import { treeLeaves } from "@hooke/runtime";
import type { Loss } from "./loss.ts";
import { moved, type Parameters } from "./model.ts";

/** Warns of fields and unknowns that the loss does not depend on: its slope along them is 0 where no network says what it should. */
export async function idleWarnings(loss: Loss, parameters: Parameters): Promise<string[]> {
  const { gradient } = await loss.evaluate(loss.flatten(moved(parameters)));
  const { fields, unknowns } = loss.unflatten(gradient);
  const isIdle = (tree: Parameters["fields"][string]): boolean => {
    const slopes = treeLeaves(tree).flatMap(({ value }) => [...(value.data as Float64Array)]);
    return slopes.length > 0 && slopes.every((slope) => slope === 0);
  };
  const idle = (all: Parameters["fields"]): string[] => Object.keys(all).filter((name) => isIdle(all[name]!));
  return [
    ...idle(fields).map((name) => `No term depends on the field "${name}": nothing trains it, and it says nothing.`),
    ...idle(unknowns).map((name) => `No term depends on the unknown "${name}": it is where it started.`),
  ];
}
