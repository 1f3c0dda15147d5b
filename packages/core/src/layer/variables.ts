// Variables of a model: parameters and state, two trees keyed by child names.
import type { Tensor, Tree } from "@hooke/runtime";

/** A tree of tensors. */
export type TensorTree = Tree<Tensor>;

/** Parameters and state of a model, nested by child name: `params.features["0"].kernel`. */
export interface Variables<T = Tensor> {
  readonly params: Tree<T>;
  readonly state: Tree<T>;
}

/** The nested records whose dotted paths are the map's keys. */
export function nest<T>(leaves: ReadonlyMap<string, T>): Tree<T> {
  const root: Record<string, unknown> = {};
  for (const [path, leaf] of leaves) {
    const parts = path.split(".");
    let branch = root;
    for (const part of parts.slice(0, -1)) {
      branch[part] ??= {};
      branch = branch[part] as Record<string, unknown>;
    }
    branch[parts.at(-1)!] = leaf;
  }
  return root as Tree<T>;
}
