// Growing a tree: the rows of a node are parted at the best split of any column, the sums of one child taken from those of its parent.
import type { Random } from "../method/random.ts";
import type { Binned, BinnedColumn } from "./bins.ts";
import { binCount, createHistograms, type Histograms } from "./histograms.ts";
import { type Growing, noSplit, type Split, type Statistics } from "./statistics.ts";
import type { Question, TreesBuilder } from "./trees.ts";

export interface GrowOptions {
  /** Leaves at most: then the split that is worth most comes next. Infinity: splits come in depth. */
  readonly leaves: number;
  /** Questions from root to leaf at most. */
  readonly depth: number;
  /** Columns to look at in a node, drawn anew for each; those that are constant there do not count. Default: all of the tree's. */
  readonly columnsPerSplit?: number;
}

/** A leaf, and where its rows are among those of the grower. */
export interface Leaf {
  /** The place of its values. */
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

export interface Grower {
  /** The rows, in the order of the leaves of the last tree. */
  readonly rows: Int32Array;
  /** Grows a tree on the given rows and columns. @returns its leaves */
  grow(rows: Int32Array, columns: Int32Array, random: Random | undefined): Leaf[];
}

/** Nodes of fewer rows walk along the bins that these have instead of whole histograms. */
const few = 32;

export function createGrower(
  binned: Binned,
  statistics: Statistics,
  builder: TreesBuilder,
  options: GrowOptions,
): Grower {
  const { bins, rowCount, columns } = binned;
  const isUnbounded = options.leaves === Number.POSITIVE_INFINITY;
  // In depth, two nodes a level wait; else all leaves do.
  const histograms = createHistograms(binned, statistics, isUnbounded ? 64 : options.leaves);
  const { stride } = statistics;
  const { leaves: mostLeaves, depth: mostDepth, columnsPerSplit } = options;
  const { rows, aside } = histograms;
  // A kernel does not say whether rows differ in a column, which draws of columns ask.
  const fewByKernel = columnsPerSplit === undefined ? histograms.few : undefined;
  const oneBin = new Uint8Array(rowCount);
  const goesLeft = new Uint8Array(256);
  const identity = Int32Array.from({ length: 256 }, (_, bin) => bin);
  const present = new Int32Array(256);
  const isPresent = new Int32Array(8);
  const scratch = new Float64Array(256 * stride);
  const values = new Float64Array(stride);
  let used: Int32Array = new Int32Array();
  let random: Random | undefined;

  const release = (growing: Growing): void => {
    if (growing.histogram >= 0) histograms.release(growing.histogram);
    growing.histogram = -1;
  };

  const canSplit = ({ depth, start, end, sums }: Growing): boolean =>
    depth < mostDepth && end - start > 1 && sums[stride - 1]! >= 2 * statistics.minimumRows;
  const needsHistogram = (growing: Growing): boolean => canSplit(growing) && growing.end - growing.start > few;

  /** One column of a node that has no histogram. @returns whether its rows differ there */
  const searchAlone = (growing: Growing, c: number): boolean => {
    const { start, end } = growing;
    const column = columns[c]!;
    const isFew = end - start <= few;
    const offset = c * rowCount;
    statistics.add(scratch, 0, bins, offset, rows, 1);
    let count = binCount(column);
    if (isFew) {
      for (let i = start; i < end; i++) {
        const bin = bins[offset + rows[i]!]!;
        isPresent[bin >>> 5]! |= 1 << (bin & 31);
      }
      count = takeBits(isPresent, present);
    }
    const order = isFew ? present : identity;
    statistics.search(growing, column, c, scratch, 0, order, count);
    if (!isFew) {
      let distinct = 0;
      for (let bin = 0; bin < count && distinct < 2; bin++) if (scratch[bin * stride + stride - 1]! !== 0) distinct++;
      scratch.fill(0, 0, count * stride);
      return distinct > 1;
    }
    for (let k = 0; k < count; k++) {
      const at = order[k]! * stride;
      for (let j = 0; j < stride; j++) scratch[at + j] = 0;
    }
    return count > 1;
  };

  const search = (growing: Growing): void => {
    const { split } = growing;
    const floor = statistics.floor(growing);
    split.column = -1;
    split.gain = floor;
    searchColumns(growing);
    split.gain -= floor;
  };

  const searchColumns = (growing: Growing): void => {
    if (!canSplit(growing)) return;
    if (growing.histogram >= 0) {
      for (let k = 0; k < used.length; k++) histograms.search(growing, used[k]!);
      return;
    }
    if (fewByKernel !== undefined && growing.end - growing.start <= few) {
      searchFew(growing, fewByKernel);
      return;
    }
    statistics.gather(rows, growing.start, growing.end);
    let left = columnsPerSplit ?? used.length;
    for (let k = 0; k < used.length && left > 0; k++) {
      if (columnsPerSplit !== undefined) swap(used, k, k + random!.below(used.length - k));
      if (searchAlone(growing, used[k]!)) left--;
    }
  };

  /** All columns of a node with few rows: by kernels, but those for which there are none. */
  const searchFew = (growing: Growing, { gather, search }: NonNullable<Histograms["few"]>): void => {
    gather(growing);
    let isGathered = false;
    for (let k = 0; k < used.length; k++) {
      if (search(growing, used[k]!)) continue;
      if (!isGathered) statistics.gather(rows, growing.start, growing.end);
      isGathered = true;
      searchAlone(growing, used[k]!);
    }
  };

  /** What a node asks; fills `goesLeft`. */
  const question = ({ split, sums }: Growing): Question => {
    const column = columns[split.column]!;
    const last = stride - 1;
    // A node that saw nothing missing sends it with most of its rows.
    const isMissingLeft = split.sawMissing ? split.missingLeft : split.left[last]! * 2 >= sums[last]!;
    const missing = isMissingLeft ? 0 : 1;
    if (split.chosen !== undefined) {
      goesLeft.set(split.chosen);
      return { column: split.column, threshold: 0, missing, set: setOf(column, split.chosen, isMissingLeft) };
    }
    goesLeft.fill(0);
    goesLeft.fill(1, 0, split.lower + 1);
    if (column.missing >= 0) goesLeft[column.missing] = isMissingLeft ? 1 : 0;
    return { column: split.column, threshold: thresholdOf(column, split), missing };
  };

  /** Moves the rows that go left before the others, both in the order they had. @returns how many go left */
  const part = ({ start, end, split }: Growing): number => {
    const offset = split.column * rowCount;
    let left = start;
    let right = 0;
    for (let i = start; i < end; i++) {
      const row = rows[i]!;
      const isLeft = goesLeft[bins[offset + row]!]!;
      rows[left] = row;
      aside[right] = row;
      left += isLeft;
      right += 1 - isLeft;
    }
    rows.set(aside.subarray(0, right), left);
    return left;
  };

  const pool: Growing[] = [];
  const taken = (): Growing =>
    pool.pop() ?? {
      node: 0,
      start: 0,
      end: 0,
      depth: 0,
      sums: new Float64Array(stride),
      least: 0,
      most: 0,
      histogram: -1,
      split: noSplit(stride),
    };

  const splitNode = (growing: Growing, isLast: boolean): readonly [Growing, Growing] => {
    const { split, sums } = growing;
    const asked = question(growing);
    const [left, right] = [taken(), taken()];
    const middle = part(growing);
    for (let k = 0; k < stride; k++) {
      left.sums[k] = split.left[k]!;
      right.sums[k] = sums[k]! - split.left[k]!;
    }
    const child = builder.split(growing.node, asked, [left.sums[stride - 1]!, right.sums[stride - 1]!]);
    left.node = child;
    right.node = child + 1;
    left.start = growing.start;
    left.end = middle;
    right.start = middle;
    right.end = growing.end;
    left.depth = growing.depth + 1;
    right.depth = growing.depth + 1;
    left.histogram = -1;
    right.histogram = -1;
    statistics.bound(growing, left, right);
    if (isLast) release(growing);
    else shareHistogram(growing, left, right);
    return [left, right];
  };

  /** The larger child gets its parent's histogram without the rows of the smaller one. */
  const shareHistogram = (growing: Growing, left: Growing, right: Growing): void => {
    if (growing.histogram < 0) return;
    const isLeftSmaller = left.end - left.start <= right.end - right.start;
    const [smaller, larger] = isLeftSmaller ? [left, right] : [right, left];
    if (!needsHistogram(larger)) {
      release(growing);
      return;
    }
    larger.histogram = growing.histogram;
    growing.histogram = -1;
    if (needsHistogram(smaller)) smaller.histogram = histograms.take();
    if (smaller.histogram < 0) {
      histograms.remove(larger.histogram, smaller);
      return;
    }
    histograms.fill(smaller.histogram, smaller);
    histograms.subtract(larger.histogram, smaller.histogram);
  };

  return {
    rows,
    grow(given, columnsUsed, stream) {
      rows.set(given);
      used = columnsUsed;
      random = stream;
      histograms.reset(columnsUsed);
      const root = taken();
      root.start = 0;
      root.end = given.length;
      root.depth = 0;
      root.least = Number.NEGATIVE_INFINITY;
      root.most = Number.POSITIVE_INFINITY;
      root.histogram = -1;
      statistics.gather(rows, 0, given.length);
      root.sums.fill(0);
      statistics.add(root.sums, 0, oneBin, 0, rows, 1);
      root.node = builder.root(root.sums[stride - 1]!);
      if (columnsPerSplit === undefined && needsHistogram(root)) {
        root.histogram = histograms.take();
        histograms.fill(root.histogram, root);
      }
      search(root);
      const open = [root];
      const leaves: Leaf[] = [];
      let count = 1;
      while (open.length > 0) {
        const at = mostLeaves === Number.POSITIVE_INFINITY ? open.length - 1 : mostWorth(open);
        const growing = open[at]!;
        open[at] = open[open.length - 1]!;
        open.pop();
        if (growing.split.column >= 0 && count < mostLeaves) {
          count++;
          for (const child of splitNode(growing, count === mostLeaves)) {
            if (count < mostLeaves) search(child);
            else child.split.column = -1;
            open.push(child);
          }
        } else {
          statistics.leaf(growing, values);
          leaves.push({ index: builder.leaf(growing.node, values), start: growing.start, end: growing.end });
        }
        release(growing);
        pool.push(growing);
      }
      return leaves;
    },
  };
}

/** Midway between the greatest number on the left and the least on the right, as seen in training. */
function thresholdOf({ least, greatest }: BinnedColumn, { lower, upper }: Split): number {
  if (upper < 0) return Number.POSITIVE_INFINITY;
  const [below, above] = [greatest[lower]!, least[upper]!];
  const middle = below / 2 + above / 2;
  return middle >= below && middle < above ? middle : below;
}

/** The categories that go left, a bit each: those too rare for a bin where missing ones go. */
function setOf({ binOf, missing }: BinnedColumn, chosen: Uint8Array, isMissingLeft: boolean): Uint32Array {
  const set = new Uint32Array((binOf.length + 31) >>> 5);
  for (let category = 0; category < binOf.length; category++) {
    const bin = binOf[category]!;
    const isLeft = bin < 0 || bin === missing ? isMissingLeft : chosen[bin] === 1;
    if (isLeft) set[category >>> 5]! |= 1 << (category & 31);
  }
  return set;
}

/** The places of bits that are set, in increasing order; clears them. @returns how many there are */
function takeBits(words: Int32Array, places: Int32Array): number {
  let count = 0;
  for (let w = 0; w < words.length; w++) {
    for (let word = words[w]!; word !== 0; word &= word - 1) places[count++] = 32 * w + 31 - Math.clz32(word & -word);
    words[w] = 0;
  }
  return count;
}

function swap(array: Int32Array, i: number, j: number): void {
  const kept = array[i]!;
  array[i] = array[j]!;
  array[j] = kept;
}

function mostWorth(open: readonly Growing[]): number {
  let best = 0;
  for (let i = 1; i < open.length; i++) {
    if (worth(open[i]!) > worth(open[best]!)) best = i;
  }
  return best;
}

const worth = ({ split }: Growing): number => (split.column < 0 ? Number.NEGATIVE_INFINITY : split.gain);
