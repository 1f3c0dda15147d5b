// Variables of a model: parameters and state, two trees keyed by child names.
import { type Aval, type Check, checkArgument, fail, type Tensor, type Tree, treeLeaves } from "@hooke/runtime";

/** A tree of tensors. */
export type TensorTree = Tree<Tensor>;

/** Parameters and state of a model, nested by child name: `params.features["0"].kernel`. */
export interface Variables<T = Tensor> {
  readonly params: Tree<T>;
  readonly state: Tree<T>;
}

const isTree = (value: unknown): boolean => typeof value === "object" && value !== null;

/** Expects parameters and state. */
export const variablesCheck: Check = (value) => {
  const { params, state } = (value ?? {}) as Partial<Readonly<Record<keyof Variables, unknown>>>;
  return isTree(params) && isTree(state) ? undefined : "{ params, state }, such as initialize makes";
};

/** What a model computes in: the dtype of its parameters. */
export function precisionOf(variables: Variables<Aval>): "f32" | "f64" {
  checkArgument("precisionOf", "the variables", variables, variablesCheck);
  const { params } = variables;
  return treeLeaves<Aval>(params).some(({ value }) => value.dtype === "f64") ? "f64" : "f32";
}

/** Trees are walked by recursion; no model comes near this depth. */
const maxDepth = 500;

/**
 * The nested records whose dotted paths are the map's keys; the leaf itself where the only path is empty. Paths may come
 * from a file: no name in them reaches a prototype or the inside of a leaf.
 *
 * @param who the speaker of errors. Default `"variables"`
 * @throws on a name that is empty or `__proto__`, on paths deeper than 500, and on a path that leads through a leaf
 */
export function nest<T>(leaves: ReadonlyMap<string, T>, who = "variables"): Tree<T> {
  if (leaves.size === 1 && leaves.has("")) return leaves.get("") as Tree<T>;
  const root: Record<string, unknown> = {};
  const branches = new Set([root]);
  for (const [path, leaf] of leaves) {
    const parts = path.split(".");
    const refuse = (why: string): never => fail(who, `received the name ${shortened(path)}, ${why}.`, "mismatch");
    if (parts.length > maxDepth) refuse(`of ${parts.length} parts; there are at most ${maxDepth}`);
    const last = parts.pop()!;
    if ([...parts, last].some((part) => part === "")) refuse("a part of which is empty");
    if ([...parts, last].includes("__proto__")) refuse('and "__proto__" is reserved by JavaScript; rename it');
    let branch = root;
    for (const part of parts) {
      const known = Object.hasOwn(branch, part);
      const next = known ? (branch[part] as Record<string, unknown>) : {};
      if (!known) {
        branch[part] = next;
        branches.add(next);
      }
      if (!branches.has(next)) refuse(`although "${part}" in it is an array itself`);
      branch = next;
    }
    if (Object.hasOwn(branch, last)) refuse("although other names go on from it");
    branch[last] = leaf;
  }
  return root as Tree<T>;
}

const shortened = (path: string): string => `"${path.length > 100 ? `${path.slice(0, 97)}...` : path}"`;
