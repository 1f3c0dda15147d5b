// Arrays as one: the leaves of gradients, state and losses one after another, and out of it again.
import {
  type Aval,
  concat,
  fail,
  reshape,
  type Shape,
  sizeOf,
  slice,
  type Tensor,
  type Tree,
  treeLeaves,
  treeUnflatten,
} from "@hooke/runtime";

const flat = (x: Tensor): Tensor => reshape(x, [sizeOf(x.shape)]);

/** The elements of all leaves, `[count]`, in order. */
export function packed(tree: Tree<Tensor>): Tensor {
  return concat(
    treeLeaves<Tensor>(tree).map(({ value }) => flat(value)),
    0,
  );
}

/** Elements of a tree like this one. */
export const packedSize = (tree: Tree<Aval>): number =>
  treeLeaves<Aval>(tree).reduce((sum, { value: { shape } }) => sum + sizeOf(shape), 0);

/** A tree shaped like `tree`, of elements that {@link packed} put one after another. */
export function unpacked(tree: Tree<Aval>, all: Tensor): Tree<Tensor> {
  let at = 0;
  const part = (shape: Shape): Tensor => {
    const from = at;
    at += sizeOf(shape);
    return reshape(slice(all, [from], [at]), shape);
  };
  return treeUnflatten(
    tree,
    treeLeaves<Aval>(tree).map(({ value }) => part(value.shape)),
  ) as Tree<Tensor>;
}

/** The dtype that all leaves have. @throws if there are several, naming one that differs */
export function commonDType(what: string, tree: Tree<Aval>): "f32" | "f64" {
  const leaves = treeLeaves<Aval>(tree);
  const { dtype } = leaves[0]!.value;
  const odd = leaves.find(({ value }) => value.dtype !== dtype);
  if (dtype !== "f32" && dtype !== "f64")
    fail("ranks", `${what} "${leaves[0]!.path}" is ${dtype}; ranks share f32 or f64.`, "mismatch");
  if (odd !== undefined) {
    fail(
      "ranks",
      `${what} "${odd.path}" is ${odd.value.dtype}, others are ${dtype}; ranks share one of the two.`,
      "mismatch",
    );
  }
  return dtype as "f32" | "f64";
}
