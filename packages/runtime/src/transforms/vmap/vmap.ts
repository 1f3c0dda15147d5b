// The function of one row, mapped over the rows of its arguments.

import { describe } from "../../array.ts";
import { fail } from "../../error.ts";
import { full } from "../../ops/elementwise.ts";
import { nothingMore } from "../../options/check-options.ts";
import { show } from "../../options/show.ts";
import { checkFunction } from "../../record.ts";
import type { Tensor } from "../../tensor.ts";
import { type Tree, type TreeLeaf, treeLeaves, treeLeavesLike, treeMap, treeUnflatten } from "../../tree.ts";
import { recordInner, type TensorTree, tensorLeaves } from "../jvp.ts";
import { evaluateBatched } from "./evaluate.ts";
import { moveAxis, rowLike, spread } from "./rule.ts";

/**
 * Where the rows of arguments are: an axis (negative ones count from the last), or null for what is the same in every row. One for
 * everything, or a list with an entry for each argument: one for all of it, or a tree of them that begins as the argument does.
 */
export type MappedAxes<A extends readonly unknown[] = readonly unknown[]> =
  | number
  | null
  | { readonly [K in keyof A]: Tree<number | null> };

/** A leaf of the arguments, and where its rows are. */
interface Leaf {
  readonly tensor: Tensor;
  readonly axis: number | null;
}

/**
 * Maps a function of one row over the rows of its arguments, all at once: the operations compute every row in one go, and what does not
 * depend on a row is computed once. As `jax.vmap`.
 *
 * `fn` may differentiate, loop and map in its turn, and the mapped function may be differentiated. A random key that is the same in
 * every row gives every row the same numbers; map over keys for others.
 *
 * @param fn a function of trees of tensors, which have no mapped axes; runs once, while recording
 * @param inAxes the axis of the rows: 0 by default; `[null, 0]` maps the second argument alone, `[{ w: 0, b: null }, 0]` a part of the first
 * @returns a function of the arguments with their rows; every leaf of its result has the rows along axis 0
 * @throws if no leaf is mapped, an axis does not exist, or leaves have different numbers of rows
 * @example Gradients of every row's own loss in shared parameters.
 * ```ts
 * import { array, grad, matmul, referenceBackend, run, square, sub, type Tensor, vmap } from "@hooke/runtime";
 *
 * const loss = (w: Tensor, x: Tensor, y: Tensor) => square(sub(matmul(x, w), y));
 * const gradients = vmap(grad(loss), [null, 0, 0]);
 * const { shape, data } = await run(referenceBackend(), gradients, array([1, 2]), array([[1, 0], [0, 1], [1, 1]]), array([0, 0, 0]));
 * console.log(shape, data); // [ 3, 2 ] Float32Array(6) [ 2, 0, 0, 4, 6, 6 ]
 * ```
 */
export function vmap<A extends readonly unknown[], R extends TensorTree>(
  fn: (...args: A) => R,
  inAxes: MappedAxes<A> = 0,
  ...more: []
): (...args: A) => R {
  nothingMore("vmap", more);
  checkFunction("vmap", fn);
  return (...args) => {
    const leaves = leavesOf(args, inAxes);
    const rows = rowsOf(leaves);
    const handles = leaves.map(({ value: { tensor, axis } }) => rowLike(tensor, axis));
    const row = treeUnflatten(args, handles) as unknown as readonly unknown[];
    const { program, captured, result } = recordInner("vmap", fn as unknown as (...all: never[]) => R, row);
    const inputs = leaves.map(({ value: { tensor, axis } }) => ({
      tensor: axis === null ? tensor : moveAxis(tensor, axis, 0),
      mapped: axis !== null,
    }));
    const outputs =
      rows === 0
        ? program.outputs.map(({ shape, dtype }) => full([0, ...shape], 0, dtype))
        : evaluateBatched(program, [...captured.map((tensor) => ({ tensor, mapped: false })), ...inputs], rows).map(
            (output) => spread(output, rows),
          );
    return treeUnflatten(result, outputs) as unknown as R;
  };
}

/** The leaves of the arguments with their axes. */
function leavesOf(args: readonly unknown[], inAxes: Tree<number | null>): TreeLeaf<Leaf>[] {
  const tensors = tensorLeaves("vmap", args);
  if (Array.isArray(inAxes) && inAxes.length !== args.length) {
    fail(
      "vmap",
      `received axes for ${inAxes.length} arguments; the function was called with ${args.length}.`,
      "mismatch",
    );
  }
  const axes = treeMap(inAxes, (axis: unknown, _: string, part: unknown) => treeMap(part, () => axis), args);
  const given = treeLeavesLike(args, axes);
  return treeLeaves(args as Tree<unknown>).map(({ path }, i) => ({
    path,
    value: { tensor: tensors[i]!, axis: axisOf(given[i], tensors[i]!, path) },
  }));
}

function axisOf(axis: unknown, tensor: Tensor, path: string): number | null {
  if (axis === null) return null;
  const found = Number.isInteger(axis) ? (axis as number) + ((axis as number) < 0 ? tensor.rank : 0) : -1;
  if (tensor.shape[found] !== undefined) return found;
  const leaf = `"${path}", which is ${describe(tensor)}`;
  return fail("vmap", `received the axis ${show(axis)} for ${leaf}; an axis of it, or null where it has no rows.`);
}

/** The number of rows, in which all mapped leaves agree. */
function rowsOf(leaves: readonly TreeLeaf<Leaf>[]): number {
  const sized = leaves.flatMap(({ path, value: { tensor, axis } }) =>
    axis === null ? [] : [{ path, rows: tensor.shape[axis]! }],
  );
  const [first] = sized;
  if (first === undefined) fail("vmap", "received no argument to map; at least one leaf has an axis that is not null.");
  const other = sized.find(({ rows }) => rows !== first.rows);
  if (other) {
    const both = `${first.rows} rows at "${first.path}" and ${other.rows} at "${other.path}"`;
    fail("vmap", `received ${both}; mapped arguments have the same number.`, "mismatch");
  }
  return first.rows;
}
