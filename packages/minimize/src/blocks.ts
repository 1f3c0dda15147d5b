// Sums over rows, block after block: what a block needs on the way stays in the processor's cache, and memory does not grow with the rows.
import {
  add,
  concat,
  iota,
  less,
  reshape,
  type Shape,
  scan,
  select,
  sliceAxis,
  type Tensor,
  type Tree,
  transpose,
  treeLeaves,
  treeLeavesLike,
  treeMap,
} from "@hooke/runtime";

/** Where rows of data are: an axis, or null for what all rows share. A tree that begins as the data do. */
export type Rows = Tree<number | null>;

/** So many rows are taken at once. */
const few = 256;
/** Blocks come in eights, which as many threads compute side by side. */
const together = 8;
/** Rows of a block, at most: products are tall enough, and a network of some layers stays in a cache of some megabytes. */
const most = 128;

/** Some of the rows. */
export interface Block {
  readonly data: Tree<Tensor>;
  readonly rows: Rows;
  /** What the rows say, `[rows, ...]`, with 0 where a row only fills up the block. */
  counted(said: Tensor): Tensor;
}

/** The leaves of data, and the axes of their rows. */
function leavesOf(data: Tree<Tensor>, rows: Rows): { tensors: Tensor[]; axes: (number | null)[]; count: number } {
  const spread = treeMap(rows, (axis: unknown, _: string, part: unknown) => treeMap(part, () => axis), data);
  const tensors = treeLeaves(data).map(({ value }) => value);
  const axes = treeLeavesLike(data, spread) as (number | null)[];
  const first = axes.findIndex((axis) => axis !== null);
  return { tensors, axes, count: tensors[first]?.shape.at(axes[first]!) ?? 0 };
}

/** The number of rows. */
export const countRows = (data: Tree<Tensor>, rows: Rows): number => leavesOf(data, rows).count;

/**
 * Sums over all rows.
 *
 * @param zeros what sums are over no rows
 * @param sums over the rows of a block
 */
export function overBlocks(
  data: Tree<Tensor>,
  rows: Rows,
  zeros: readonly Tensor[],
  sums: (block: Block) => readonly Tensor[],
): readonly Tensor[] {
  const { tensors, axes, count } = leavesOf(data, rows);
  if (count <= few) return sums({ data, rows, counted: (said) => said });
  const blocks = together * Math.ceil(count / (together * most));
  const size = Math.ceil(count / blocks);
  const pieces = tensors.flatMap((tensor, i) => (axes[i] === null ? [] : [cut(tensor, axes[i]!, blocks, size)]));
  const numbers = reshape(iota([blocks * size], 0, "i32"), [blocks, size]);
  const inBlock = axes.map((axis) => (axis === null ? null : 0));
  const step = (before: readonly Tensor[], [own, parts]: readonly [Tensor, readonly Tensor[]]) => {
    let next = 0;
    const block = withLeaves(
      data,
      tensors.map((tensor, i) => (axes[i] === null ? tensor : parts[next++]!)),
    ) as Tree<Tensor>;
    const found = sums({
      data: block,
      rows: withLeaves(data, inBlock) as Rows,
      counted: (said) => select(behind(less(own, count), said.rank), said, 0),
    });
    return [before.map((total, i) => add(total, found[i]!)), []] as const;
  };
  const [totals] = scan(step as never, zeros, [numbers, pieces] as never);
  return totals as unknown as readonly Tensor[];
}

/** A leaf for each leaf of a tree. */
function withLeaves<T>(tree: Tree<Tensor>, leaves: readonly T[]): unknown {
  let next = 0;
  return treeMap(tree, () => leaves[next++]!);
}

/** Axes of size 1 behind the first. */
const behind = (x: Tensor, rank: number): Tensor => reshape(x, [x.shape[0]!, ...new Array<number>(rank - 1).fill(1)]);

/** Rows as `[blocks, size, ...]`; the first ones fill up the last block. */
function cut(tensor: Tensor, axis: number, blocks: number, size: number): Tensor {
  const from = axis < 0 ? axis + tensor.rank : axis;
  const others = tensor.shape.flatMap((_, i) => (i === from ? [] : [i]));
  const moved = from === 0 ? tensor : transpose(tensor, [from, ...others]);
  const shape: Shape = [blocks, size, ...moved.shape.slice(1)];
  const missing = blocks * size - moved.shape[0]!;
  return reshape(missing === 0 ? moved : concat([moved, sliceAxis(moved, 0, 0, missing)], 0), shape);
}
