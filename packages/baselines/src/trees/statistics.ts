// What growing a tree needs to know of rows: sums over the bins of a column, the best way to part them, and the values of leaves.
import type { BinnedColumn } from "./bins.ts";

/** The best split of a node that has been found so far. Bins of values up to `lower` go left, or those in `chosen`. */
export interface Split {
  /** While it is searched for: the gain, from the least that a split must have on. Then: what it is worth, above that. */
  gain: number;
  /** -1: none was found. */
  column: number;
  /** The last bin that goes left; -1 where none does, and of categories. */
  lower: number;
  /** The first bin with rows that goes right; -1 where none does, and of categories. */
  upper: number;
  /** Whether the node has rows that miss the column, and whether these go left. */
  sawMissing: boolean;
  missingLeft: boolean;
  /** Of categories: the bins that go left. */
  chosen: Uint8Array | undefined;
  /** The sums of what goes left. */
  readonly left: Float64Array;
}

/** A node while a tree grows. */
export interface Growing {
  node: number;
  /** Its rows among those of the grower. */
  start: number;
  end: number;
  depth: number;
  /** The sums of its rows. */
  readonly sums: Float64Array;
  /** What its value may be, for monotone constraints. */
  least: number;
  most: number;
  /** Its histogram among those of the grower, -1 where it has none. */
  histogram: number;
  readonly split: Split;
}

/** Sums over rows, `stride` of them a bin; the last one counts rows. */
export interface Statistics {
  readonly stride: number;
  /** Rows of a leaf at least. */
  readonly minimumRows: number;
  /** Where the sums are of gradients and of whole numbers that count rows, and a value may be anything: what histograms need to know. */
  readonly pairs?: PairSums;
  /** Makes ready to add these rows. */
  gather(rows: Int32Array, start: number, end: number): void;
  /** Adds the gathered rows to the histogram of a column, which begins at `at`; subtracts them where `sign` is -1. */
  add(histogram: Float64Array, at: number, bins: Uint8Array, offset: number, rows: Int32Array, sign: number): void;
  /** The gain that a split of the node must exceed. */
  floor(growing: Growing): number;
  /** Betters the split of a node by one column, of whose bins those in `order` (the first `count`, increasing) may have rows. */
  search(
    growing: Growing,
    column: BinnedColumn,
    index: number,
    histogram: Float64Array,
    at: number,
    order: Int32Array,
    count: number,
  ): void;
  /** Sets what the children of a node may be, from its split. */
  bound(growing: Growing, left: Growing, right: Growing): void;
  /** The values of a leaf. */
  leaf(growing: Growing, into: Float64Array): void;
}

/** Gradients and counts by row, which may change between trees; what a side of a split must have at least, and the penalty. */
export interface PairSums {
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
  readonly least: number;
  readonly l2: number;
}

export function noSplit(stride: number): Split {
  return {
    gain: Number.NEGATIVE_INFINITY,
    column: -1,
    lower: -1,
    upper: -1,
    sawMissing: false,
    missingLeft: false,
    chosen: undefined,
    left: new Float64Array(stride),
  };
}
