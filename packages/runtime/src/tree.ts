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

/** Deeper than any tree: one that contains itself. The walks keep their own stack, so that depth costs memory alone. */
const deepest = 1e6;

function checkDepth(depth: number): void {
  if (depth > deepest) fail("tree", `is nested deeper than ${deepest} branches; does it contain itself?`);
}

/** Every leaf with its dotted path, arrays in order, records in insertion order. Leaves are whatever is not an array or a plain record. */
export function treeLeaves<T>(tree: Tree<T>): TreeLeaf<T>[] {
  const leaves: TreeLeaf<T>[] = [];
  treeMap(tree, (value: never, path) => leaves.push({ path, value }));
  return leaves;
}

/** A branch that {@link treeMap} is in. */
interface Frame {
  readonly node: unknown;
  readonly others: readonly unknown[];
  readonly path: string;
  /** Of a record. */
  readonly keys: readonly string[] | undefined;
  readonly length: number;
  readonly out: unknown[] | Record<string, unknown>;
  next: number;
}

function enter(node: object, others: readonly unknown[], path: string): Frame {
  for (const other of others) checkSameBranch(node, other, path);
  if (Array.isArray(node)) {
    return { node, others, path, keys: undefined, length: node.length, out: new Array(node.length), next: 0 };
  }
  const keys = Object.keys(node);
  return { node, others, path, keys, length: keys.length, out: {}, next: 0 };
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
  if (typeof fn !== "function") fail("treeMap", "takes a tree, then a function.");
  const apply = fn as (...all: unknown[]) => To;
  if (!isBranch(tree)) return apply(tree, "", ...rest) as MapTree<S, unknown, To>;
  const stack = [enter(tree, rest, "")];
  for (;;) {
    const frame = stack.at(-1)!;
    if (frame.next === frame.length) {
      stack.pop();
      if (stack.length === 0) return frame.out as MapTree<S, unknown, To>;
      continue;
    }
    const key = (frame.keys === undefined ? frame.next : frame.keys[frame.next]) as string;
    frame.next++;
    const child = (frame.node as Record<string, unknown>)[key];
    const others = frame.others.map((other) => (other as Record<string, unknown>)[key]);
    const path = join(frame.path, key);
    let value: unknown;
    if (isBranch(child)) {
      const inner = enter(child, others, path);
      checkDepth(stack.push(inner));
      value = inner.out;
    } else value = apply(child, path, ...others);
    if (frame.keys === undefined) (frame.out as unknown[])[key as unknown as number] = value;
    else setEntry(frame.out as Record<string, unknown>, key, value);
  }
}

/** Text that two trees share only if they agree in everything but their leaves, and the leaves in what `leafOf` says of them. */
export function treeSignature(tree: unknown, leafOf: (leaf: never) => string): string {
  const pieces: string[] = [];
  // What is still to be written, last first: text, or a subtree.
  const rest: (string | { readonly node: unknown })[] = [{ node: tree }];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    if (typeof next === "string") pieces.push(next);
    else if (!isBranch(next.node)) pieces.push(leafOf(next.node as never));
    else if (Array.isArray(next.node)) {
      pieces.push("[");
      rest.push("]");
      for (const node of next.node.toReversed()) rest.push(",", { node });
    } else {
      pieces.push("{");
      rest.push("}");
      for (const [key, node] of Object.entries(next.node).reverse())
        rest.push(",", { node }, `${JSON.stringify(key)}:`);
    }
  }
  return pieces.join("");
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
        fail("tree", `structures differ at ${where(path)}: expected a leaf, received ${kind(leaf)}.`, "mismatch");
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
  if (next !== leaves.length)
    fail("treeUnflatten", `received ${leaves.length} leaves for a structure of ${next}.`, "mismatch");
  return result as MapTree<S, unknown, To>;
}

const where = (path: string): string => (path === "" ? "the root" : `"${path}"`);

function checkSameBranch(node: object, other: unknown, path: string): void {
  if (!isBranch(other) || Array.isArray(node) !== Array.isArray(other)) {
    fail(
      "tree",
      `structures differ at ${where(path)}: expected ${Array.isArray(node) ? "an array" : "a record"}, received ${kind(other)}.`,
      "mismatch",
    );
  }
  const expected = Object.keys(node);
  const received = Object.keys(other);
  if (expected.length !== received.length || expected.some((key) => !Object.hasOwn(other, key))) {
    fail(
      "tree",
      `structures differ at ${where(path)}: expected [${expected.join(", ")}], received [${received.join(", ")}].`,
      "mismatch",
    );
  }
}

function kind(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "an array";
  return isBranch(value) ? "a record" : "a leaf";
}
