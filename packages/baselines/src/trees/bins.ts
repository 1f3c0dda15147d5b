// Bins: what trees see of a column. Up to 255 ranges of its numbers, or categories, and one bin for what is missing.
import type { Input, Inputs, NumberInput } from "../method/samples.ts";

/** The bins of one column: `count` of values, from 0, and behind them one of missing values where training had some. */
export interface BinnedColumn {
  readonly name: string;
  readonly type: Input["type"];
  readonly count: number;
  /** The bin of missing values, -1 where there were none. */
  readonly missing: number;
  /** Of numbers: the least and the greatest of each bin. */
  readonly least: Float64Array;
  readonly greatest: Float64Array;
  /** Of categories: the bin of each; that of missing values where a category is too rare for its own. */
  readonly binOf: Int32Array;
}

/** Columns as bins, column by column: row `r` of column `c` at `c * rowCount + r`. */
export interface Binned {
  readonly rowCount: number;
  readonly columns: readonly BinnedColumn[];
  readonly bins: Uint8Array;
}

export interface BinOptions {
  /** Of values, at most: 255 or fewer. */
  readonly bins: number;
  /** Rows in a bin, at least. */
  readonly minimumBinRows: number;
}

/**
 * Puts columns into bins. Numbers: a bin for each distinct value where there are few, else about the same rows in each, with
 * values that are frequent in bins of their own, as LightGBM does (`GreedyFindBin`; Ke et al. 2017). Categories: one each, those beyond the
 * most frequent `bins` with the missing ones.
 */
export function binColumns({ columns, rowCount }: Inputs, options: BinOptions): Binned {
  const bins = new Uint8Array(columns.length * rowCount);
  return {
    rowCount,
    bins,
    columns: columns.map((column, c) => {
      const into = bins.subarray(c * rowCount, (c + 1) * rowCount);
      return column.type === "number"
        ? binNumbers(column, into, options)
        : binCategories(column.name, column.values, column.categories.length, into, options.bins);
    }),
  };
}

function binNumbers({ name, values }: NumberInput, into: Uint8Array, options: BinOptions): BinnedColumn {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const { distinct, counts } = distinctOf(sorted);
  const ends = binEnds(counts, sorted.length, options);
  const least = ends.map((_, bin) => distinct[bin === 0 ? 0 : ends[bin - 1]! + 1]!);
  const greatest = ends.map((end) => distinct[end]!);
  const missing = sorted.length < values.length ? ends.length : -1;
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    into[row] = Number.isNaN(value) ? missing : firstNotBelow(greatest, value);
  }
  return { name, type: "number", count: ends.length, missing, least, greatest, binOf: new Int32Array() };
}

function distinctOf(sorted: Float64Array): { readonly distinct: Float64Array; readonly counts: Int32Array } {
  const distinct = new Float64Array(sorted.length);
  const counts = new Int32Array(sorted.length);
  let last = -1;
  for (const value of sorted) {
    // -0 and 0 are one value.
    if (last < 0 || value !== distinct[last]) distinct[++last] = value;
    counts[last]!++;
  }
  return { distinct: distinct.slice(0, last + 1), counts: counts.slice(0, last + 1) };
}

/** The index of the last distinct value of each bin, as a Float64Array so that bounds can be mapped from it. */
function binEnds(counts: Int32Array, total: number, { bins, minimumBinRows }: BinOptions): Float64Array {
  const last = counts.length - 1;
  const ends: number[] = [];
  if (counts.length <= bins) {
    let rows = 0;
    for (let i = 0; i < last; i++) {
      rows += counts[i]!;
      if (rows < minimumBinRows) continue;
      ends.push(i);
      rows = 0;
    }
    return Float64Array.from(last < 0 ? [] : [...ends, last]);
  }
  const most = Math.max(1, Math.min(bins, Math.floor(total / minimumBinRows)));
  const isFrequent = (i: number): boolean => counts[i]! >= total / most;
  let [restBins, restRows] = [most, total];
  for (let i = 0; i <= last; i++) {
    if (!isFrequent(i)) continue;
    restBins--;
    restRows -= counts[i]!;
  }
  let size = restRows / restBins;
  let rows = 0;
  for (let i = 0; i < last && ends.length < most - 1; i++) {
    const frequent = isFrequent(i);
    if (!frequent) restRows -= counts[i]!;
    rows += counts[i]!;
    if (!frequent && rows < size && !(isFrequent(i + 1) && rows >= Math.max(1, size / 2))) continue;
    ends.push(i);
    rows = 0;
    if (frequent) continue;
    restBins--;
    size = restRows / restBins;
  }
  return Float64Array.from([...ends, last]);
}

function firstNotBelow(greatest: Float64Array, value: number): number {
  let low = 0;
  let high = greatest.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= greatest[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}

function binCategories(
  name: string,
  values: Int32Array,
  categories: number,
  into: Uint8Array,
  bins: number,
): BinnedColumn {
  const rows = new Int32Array(categories);
  for (const category of values) if (category >= 0) rows[category]!++;
  const byRows = Array.from(rows.keys())
    .filter((category) => rows[category]! > 0)
    .sort((a, b) => rows[b]! - rows[a]! || a - b)
    .slice(0, bins);
  const own = new Int32Array(categories).fill(-1);
  for (const [bin, category] of byRows.entries()) own[category] = bin;
  const isMissing = values.some((category) => category < 0 || own[category]! < 0);
  const missing = isMissing ? byRows.length : -1;
  const binOf = own.map((bin) => (bin < 0 ? missing : bin));
  for (let row = 0; row < values.length; row++) into[row] = values[row]! < 0 ? missing : binOf[values[row]!]!;
  const none = new Float64Array();
  return { name, type: "category", count: byRows.length, missing, least: none, greatest: none, binOf };
}
