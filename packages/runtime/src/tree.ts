// Trees: a value, an array of trees, or a plain record of trees. Parameters, gradients, optimizer slots and batches are trees.
import { fail } from "./error.ts";

/** A `T`, an array of trees, or a plain record of trees. */
export type Tree<T> = T | readonly Tree<T>[] | { readonly [key: string]: Tree<T> };

/** The same structure as `S` with every leaf of type `T`. */
export type MapTree<S, From, To> = S extends From
  ? To
  : S extends readonly unknown[]
    ? { readonly [K in keyof S]: MapTree<S[K], From, To> }
    : S extends object
      ? { readonly [K in keyof S]: MapTree<S[K], From, To> }
      : never;

/** A leaf and its dotted path, e.g. `layers.0.kernel`. */
export interface TreeLeaf<T> {
  readonly path: string;
  readonly value: T;
}

function isBranch(node: unknown): node is readonly unknown[] | Readonly<Record<string, unknown>> {
  if (Array.isArray(node)) return true;
  if (typeof node !== "object" || node === null) return false;
  if (isArrayLike(node)) return false;
  const prototype = Object.getPrototypeOf(node);
  return prototype === Object.prototype || prototype === null;
}

/** Arrays and their descriptions are leaves; a record with children that happen to be called `shape` and `dtype` is none. */
function isArrayLike(node: object): boolean {
  return "dtype" in node && typeof node.dtype === "string" && "shape" in node && Array.isArray(node.shape);
}

/** Sets an entry of a record, whatever its name: assigning to `__proto__` would set the prototype instead. */
function setEntry(record: Record<string, unknown>, name: string, value: unknown): void {
  if (name === "__proto__") {
    Object.defineProperty(record, name, { value, writable: true, enumerable: true, configurable: true });
  } else record[name] = value;
}

const join = (path: string, key: string | number): string => (path === "" ? String(key) : `${path}.${key}`);

/** Every leaf with its dotted path, arrays in order, records in insertion order. Leaves are whatever is not an array or a plain record. */
export function treeLeaves<T>(tree: Tree<T>, path = ""): TreeLeaf<T>[] {
  if (Array.isArray(tree)) return tree.flatMap((child, index) => treeLeaves<T>(child, join(path, index)));
  if (isBranch(tree)) {
    return Object.entries(tree as Record<string, Tree<T>>).flatMap(([key, child]) =>
      treeLeaves<T>(child, join(path, key)),
    );
  }
  return [{ path, value: tree as T }];
}

/**
 * Applies `fn` to every leaf of `tree`, and to the leaves at the same place in `rest`.
 *
 * @throws naming the path where a structure differs
 */
export function treeMap<S, To>(
  tree: S,
  fn: (leaf: never, path: string, ...rest: never[]) => To,
  ...rest: unknown[]
): MapTree<S, unknown, To> {
  const walk = (node: unknown, others: readonly unknown[], path: string): unknown => {
    if (!isBranch(node)) return (fn as (...all: unknown[]) => To)(node, path, ...others);
    for (const other of others) checkSameBranch(node, other, path);
    if (Array.isArray(node)) {
      return node.map((child, i) =>
        walk(
          child,
          others.map((other) => (other as unknown[])[i]),
          join(path, i),
        ),
      );
    }
    const out: Record<string, unknown> = {};
    for (const [key, child] of Object.entries(node)) {
      const value = walk(
        child,
        others.map((other) => (other as Record<string, unknown>)[key]),
        join(path, key),
      );
      setEntry(out, key, value);
    }
    return out;
  };
  return walk(tree, rest, "") as MapTree<S, unknown, To>;
}

/**
 * The leaves of `other` in the order of `tree`'s leaves, paired by name: two records may list the same keys in different orders.
 *
 * @throws naming the path where the structures differ
 */
export function treeLeavesLike(tree: unknown, other: unknown): unknown[] {
  const leaves: unknown[] = [];
  treeMap(
    tree,
    (_: never, path: string, leaf: never) => {
      if (isBranch(leaf)) {
        fail("tree", `structures differ at ${where(path)}: expected a leaf, received ${kind(leaf)}.`);
      }
      leaves.push(leaf);
    },
    other,
  );
  return leaves;
}

/** Rebuilds a tree shaped like `tree` from its leaves in {@link treeLeaves} order. */
export function treeUnflatten<S, To>(tree: S, leaves: readonly To[]): MapTree<S, unknown, To> {
  let next = 0;
  const result = treeMap(tree, () => leaves[next++]!);
  if (next !== leaves.length) fail("treeUnflatten", `received ${leaves.length} leaves for a structure of ${next}.`);
  return result as MapTree<S, unknown, To>;
}

const where = (path: string): string => (path === "" ? "the root" : `"${path}"`);

function checkSameBranch(node: object, other: unknown, path: string): void {
  if (!isBranch(other) || Array.isArray(node) !== Array.isArray(other)) {
    fail(
      "tree",
      `structures differ at ${where(path)}: expected ${Array.isArray(node) ? "an array" : "a record"}, received ${kind(other)}.`,
    );
  }
  const expected = Object.keys(node);
  const received = Object.keys(other);
  if (expected.length !== received.length || expected.some((key) => !Object.hasOwn(other, key))) {
    fail(
      "tree",
      `structures differ at ${where(path)}: expected [${expected.join(", ")}], received [${received.join(", ")}].`,
    );
  }
}

function kind(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "an array";
  return isBranch(value) ? "a record" : "a leaf";
}
