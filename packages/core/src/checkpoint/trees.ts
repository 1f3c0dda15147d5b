// Trees of arrays as named tensors and back: dotted paths under a prefix, checked against the structure they return to.
import { type Aval, describe, fail, type HostArray, type Tree, treeLeaves, treeMap } from "@hooke/runtime";

/** Adds the leaves of a tree to `tensors`, under `prefix` and their dotted paths. */
export function putTree(tensors: Map<string, HostArray>, prefix: string, tree: Tree<HostArray>): void {
  for (const { path, value } of treeLeaves<HostArray>(tree)) tensors.set(nameOf(prefix, path), value);
}

/**
 * The trees that were stored under each prefix.
 *
 * @param structures what each must look like
 * @param who the speaker of messages
 * @throws listing every tensor that is missing, left over, or of another shape
 */
export function takeTrees<K extends string>(
  tensors: ReadonlyMap<string, HostArray>,
  structures: Readonly<Record<K, Tree<Aval>>>,
  who: string,
): Record<K, Tree<HostArray>> {
  const differences: string[] = [];
  const used = new Set<string>();
  const take = (expected: Aval, name: string): HostArray => {
    used.add(name);
    const found = tensors.get(name);
    if (found === undefined) differences.push(`${name}, ${describe(expected)} in the model, is missing`);
    else if (describe(found) !== describe(expected)) {
      differences.push(`${name} is ${describe(found)}, in the model ${describe(expected)}`);
    }
    return found!;
  };
  const trees = Object.entries<Tree<Aval>>(structures).map(([prefix, structure]) => [
    prefix,
    treeMap(structure, (aval: Aval, path: string) => take(aval, nameOf(prefix, path))),
  ]);
  const prefixes = Object.keys(structures);
  for (const [name, tensor] of tensors) {
    if (used.has(name) || !prefixes.some((prefix) => name === prefix || name.startsWith(`${prefix}.`))) continue;
    differences.push(`${name}, ${describe(tensor)}, has no place in the model`);
  }
  if (differences.length > 0) {
    const shown = differences.slice(0, 6);
    if (differences.length > shown.length) shown.push(`and ${differences.length - shown.length} more`);
    const other = prefixes.join() === "slots" ? "optimizer" : "model";
    const cure =
      other === "model"
        ? "Give the model that it was made with."
        : "Give the optimizer that it was made with; to go on with another, pass the model's variables instead of resume.";
    fail(
      who,
      `belongs to another ${other}: ${shown.join("; ").replaceAll("in the model", `in the ${other}`)}. ${cure}`,
      "mismatch",
    );
  }
  return Object.fromEntries(trees) as Record<K, Tree<HostArray>>;
}

const nameOf = (prefix: string, path: string): string => (path === "" ? prefix : `${prefix}.${path}`);
