// Trees as data: all nodes of all trees in flat arrays, with what walks down them.
import { type Form, forms } from "../method/form.ts";
import type { Inputs, Samples } from "../method/samples.ts";

/**
 * Trees that add up: an output is its base and, for each tree, the value of the leaf that a row falls into. The nodes of tree `t` are
 * `starts[t]` to `starts[t + 1]`, its root the first of them. Tree `t` adds `width` numbers, from output `t * width % outputs` on.
 */
export type Trees = {
  readonly outputs: number;
  readonly width: number;
  readonly base: Float64Array;
  readonly starts: Int32Array;
  /** The input that a node asks for, -1 of leaves. */
  readonly column: Int32Array;
  /** The left child, the right one follows it; of leaves the place of their values, times `width`. */
  readonly left: Int32Array;
  /** Numbers not above it go left. Of categories: where the set of those that go left begins among `sets`. */
  readonly threshold: Float64Array;
  /** Where missing ones go: 0 left, 1 right. */
  readonly missing: Int32Array;
  /** Rows of training that came by. */
  readonly cover: Float64Array;
  readonly values: Float64Array;
  /** Sets of categories, a bit each. */
  readonly sets: Uint32Array;
  /** How many categories an input has, 0 of numbers. */
  readonly categories: Int32Array;
};

/** Expects trees. */
export const treesForm = (): Form<Trees> => {
  const { number, f64, i32, u32, record } = forms;
  return record({
    outputs: number,
    width: number,
    base: f64,
    starts: i32,
    column: i32,
    left: i32,
    threshold: f64,
    missing: i32,
    cover: f64,
    values: f64,
    sets: u32,
    categories: i32,
  });
};

/** Inputs as numbers alone: categories by their index, `NaN` where they are missing. */
export function numericColumns({ columns }: Inputs): Float64Array[] {
  return columns.map(({ type, values }) =>
    type === "number" ? values : Float64Array.from(values, (category) => (category < 0 ? Number.NaN : category)),
  );
}

/** How many categories each input has, 0 of numbers. */
export const categoryCounts = ({ columns }: Inputs): Int32Array =>
  Int32Array.from(columns, (column) => (column.type === "number" ? 0 : column.categories.length));

/** Rows whose weight is above 0. */
export const weighingRows = ({ weights, rowCount }: Samples): Int32Array =>
  Int32Array.from({ length: rowCount }, (_, row) => row).filter((row) => weights === undefined || weights[row]! > 0);

/** The child of an inner node that a value goes to. */
export function childOf(trees: Trees, node: number, value: number): number {
  const left = trees.left[node]!;
  if (Number.isNaN(value)) return left + trees.missing[node]!;
  if (trees.categories[trees.column[node]!] === 0) return value <= trees.threshold[node]! ? left : left + 1;
  const word = trees.sets[trees.threshold[node]! + (value >>> 5)]!;
  return (word >>> (value & 31)) & 1 ? left : left + 1;
}

/** Adds what one tree says of some rows to `sums`, `[rows, outputs]`. */
export function addTree(
  trees: Trees,
  tree: number,
  columns: readonly Float64Array[],
  rows: Int32Array | undefined,
  sums: Float64Array,
): void {
  const { outputs, width, starts, column, left, threshold, missing, values, sets, categories } = trees;
  const root = starts[tree]!;
  const output = (tree * width) % outputs;
  const count = rows === undefined ? sums.length / outputs : rows.length;
  for (let i = 0; i < count; i++) {
    const row = rows === undefined ? i : rows[i]!;
    let node = root;
    for (let c = column[node]!; c >= 0; c = column[node]!) {
      const value = columns[c]![row]!;
      const child = left[node]!;
      const limit = threshold[node]!;
      if (Number.isNaN(value)) node = child + missing[node]!;
      else if (categories[c] === 0) node = value <= limit ? child : child + 1;
      else node = (sets[limit + (value >>> 5)]! >>> (value & 31)) & 1 ? child : child + 1;
    }
    const from = left[node]! * width;
    for (let k = 0; k < width; k++) sums[row * outputs + output + k]! += values[from + k]!;
  }
}

/** What trees say of rows, `[rows, outputs]`. */
export function sumTrees(trees: Trees, inputs: Inputs): Float64Array {
  const columns = numericColumns(inputs);
  const { outputs, base, starts } = trees;
  const sums = Float64Array.from({ length: inputs.rowCount * outputs }, (_, i) => base[i % outputs]!);
  for (let tree = 0; tree + 1 < starts.length; tree++) addTree(trees, tree, columns, undefined, sums);
  return sums;
}

/** Collects trees while they grow. */
export interface TreesBuilder {
  /** How many nodes there are. */
  readonly nodes: number;
  /** Begins a tree. @returns its root, a leaf until it is split */
  root(cover: number): number;
  /** Makes a leaf an inner node. @returns its left child; the right one follows it */
  split(node: number, question: Question, covers: readonly [left: number, right: number]): number;
  /** Sets the values of a leaf. @returns their place among all, divided by `width` */
  leaf(node: number, values: ArrayLike<number>): number;
  /** The trees so far, copied. */
  trees(base: Float64Array): Trees;
  /** The trees so far, until the next is begun: their arrays may be longer than they are. */
  view(base: Float64Array): Trees;
  /** Of the leaves. */
  readonly values: Float64Array;
  /** Forgets all trees from this one on. */
  truncate(trees: number): void;
}

/** What an inner node asks. */
export interface Question {
  readonly column: number;
  readonly threshold: number;
  readonly missing: number;
  /** Categories that go left, a bit each, instead of a threshold. */
  readonly set?: Uint32Array;
}

export function treesBuilder(outputs: number, width: number, categories: Int32Array): TreesBuilder {
  let starts = new Int32Array(64);
  let trees = 0;
  let nodes = 0;
  let leaves = 0;
  let words = 0;
  let column = new Int32Array(64);
  let left = new Int32Array(64);
  let threshold = new Float64Array(64);
  let missing = new Int32Array(64);
  let cover = new Float64Array(64);
  let values = new Float64Array(64);
  let sets = new Uint32Array(64);
  const add = (rows: number): number => {
    if (nodes === column.length) {
      column = grown(column, nodes + 1);
      left = grown(left, nodes + 1);
      threshold = grown(threshold, nodes + 1);
      missing = grown(missing, nodes + 1);
      cover = grown(cover, nodes + 1);
    }
    column[nodes] = -1;
    cover[nodes] = rows;
    starts[trees] = nodes + 1;
    return nodes++;
  };
  return {
    get nodes() {
      return nodes;
    },
    get values() {
      return values;
    },
    root(rows) {
      trees++;
      starts = grown(starts, trees + 1);
      return add(rows);
    },
    split(node, question, covers) {
      column[node] = question.column;
      threshold[node] = question.threshold;
      missing[node] = question.missing;
      if (question.set !== undefined) {
        threshold[node] = words;
        sets = grown(sets, words + question.set.length);
        sets.set(question.set, words);
        words += question.set.length;
      }
      const child = add(covers[0]);
      add(covers[1]);
      left[node] = child;
      return child;
    },
    leaf(node, given) {
      values = grown(values, (leaves + 1) * width);
      for (let k = 0; k < width; k++) values[leaves * width + k] = given[k]!;
      left[node] = leaves;
      return leaves++;
    },
    trees: (base) => ({
      outputs,
      width,
      base,
      starts: starts.slice(0, trees + 1),
      column: column.slice(0, nodes),
      left: left.slice(0, nodes),
      threshold: threshold.slice(0, nodes),
      missing: missing.slice(0, nodes),
      cover: cover.slice(0, nodes),
      values: values.slice(0, leaves * width),
      sets: sets.slice(0, words),
      categories,
    }),
    view: (base) => ({
      outputs,
      width,
      base,
      starts,
      column,
      left,
      threshold,
      missing,
      cover,
      values,
      sets,
      categories,
    }),
    truncate(kept) {
      // Leaves and sets of what is forgotten are at the end, as its nodes are.
      nodes = starts[kept]!;
      trees = kept;
      leaves = 0;
      words = 0;
      for (let node = 0; node < nodes; node++) {
        if (column[node]! < 0) leaves = Math.max(leaves, left[node]! + 1);
        else if (categories[column[node]!]! > 0) {
          words = Math.max(words, threshold[node]! + Math.ceil(categories[column[node]!]! / 32));
        }
      }
    },
  };
}

function grown<A extends Int32Array | Float64Array | Uint32Array>(array: A, length: number): A {
  if (length <= array.length) return array;
  const larger = new (array.constructor as new (length: number) => A)(Math.max(length, 2 * array.length));
  larger.set(array as never);
  return larger;
}
