// Histograms of nodes: for each bin of each column the sums of its rows, filled from rows or taken from those of a parent.
import type { Binned, BinnedColumn } from "./bins.ts";
import { kernelsOn } from "./kernels/kernels.ts";
import type { Growing, Statistics } from "./statistics.ts";

/** Histograms by number, and the rows they are filled from. */
export interface Histograms {
  /** Rows, those of a node next to each other. */
  readonly rows: Int32Array;
  /** As many again, for moving them. */
  readonly aside: Int32Array;
  /** Takes one that is free. @returns -1 where none is */
  take(): number;
  release(histogram: number): void;
  /** Frees all of them, for a tree on some columns. */
  reset(columns: Int32Array): void;
  /** Fills one with the rows of a node. */
  fill(histogram: number, growing: Growing): void;
  /** Takes the rows of a node out of one. */
  remove(histogram: number, growing: Growing): void;
  /** Takes one out of another. */
  subtract(histogram: number, taken: number): void;
  /** Betters the split of a node by one column of its histogram. */
  search(growing: Growing, column: number): void;
  /** Where there are kernels for it: nodes with few rows, without a histogram. */
  readonly few?: {
    /** Makes ready to search columns of a node. */
    gather(growing: Growing): void;
    /** Betters its split by one column. @returns whether it could: not with categories, nor where rows miss the column */
    search(growing: Growing, column: number): boolean;
  };
}

/** What histograms may take, bytes: nodes without one sum up their rows column by column. */
const mostBytes = 2 ** 26;
const identity = /* @__PURE__ */ Int32Array.from({ length: 256 }, (_, bin) => bin);

/** How many bins a column has, the one of missing values included. */
export const binCount = ({ count, missing }: BinnedColumn): number => count + (missing < 0 ? 0 : 1);

/** @param most histograms that are needed at once */
export function createHistograms(binned: Binned, statistics: Statistics, most: number): Histograms {
  return fastHistograms(binned, statistics, most) ?? plainHistograms(binned, statistics, most);
}

/** For all statistics, with arrays of the engine. */
export function plainHistograms({ bins, columns, rowCount }: Binned, statistics: Statistics, most: number): Histograms {
  const { stride } = statistics;
  const { at, total } = placesOf(columns, stride);
  const pool = poolOf(Math.min(most, limit(8 * total)));
  const arrays: Float64Array[] = [];
  const rows = new Int32Array(rowCount);
  let used: Int32Array = new Int32Array();
  const add = (histogram: number, { start, end }: Growing, sign: number): void => {
    statistics.gather(rows, start, end);
    for (const c of used) statistics.add(arrays[histogram]!, at[c]!, bins, c * rowCount, rows, sign);
  };
  return {
    rows,
    aside: new Int32Array(rowCount),
    ...pool,
    reset(columns) {
      used = columns;
      pool.reset();
    },
    fill(histogram, growing) {
      arrays[histogram] ??= new Float64Array(total);
      arrays[histogram].fill(0);
      add(histogram, growing, 1);
    },
    remove: (histogram, growing) => add(histogram, growing, -1),
    subtract(histogram, taken) {
      const [from, out] = [arrays[histogram]!, arrays[taken]!];
      for (let i = 0; i < total; i++) from[i]! -= out[i]!;
    },
    search(growing, c) {
      const column = columns[c]!;
      statistics.search(growing, column, c, arrays[growing.histogram]!, at[c]!, identity, binCount(column));
    },
  };
}

/**
 * For sums of gradients beside whole numbers that count rows, with kernels of WebAssembly: the same operations in the same order, and so the
 * same bits. Undefined for other statistics, and where the engine has none.
 */
export function fastHistograms(
  { bins, columns, rowCount }: Binned,
  statistics: Statistics,
  most: number,
): Histograms | undefined {
  const { pairs: needs, stride } = statistics;
  if (needs === undefined) return undefined;
  const { at, total } = placesOf(columns, stride);
  const pool = poolOf(Math.min(most, limit(8 * total)));
  const groups = Math.ceil(columns.length / 4);
  const places = arena({
    out: 32,
    unused: 256 * 16,
    sums: 257 * 16,
    present: 8 * 4,
    words: 4 * rowCount * groups,
    rows: 4 * rowCount,
    aside: 4 * rowCount,
    pairs: 16 * rowCount,
    histograms: 8 * total * pool.size,
  });
  const memory = memoryOf(places.end);
  const kernels = memory && kernelsOn(memory);
  if (memory === undefined || kernels === undefined) return undefined;
  const { buffer } = memory;
  const out = new Float64Array(buffer, places.out, 3);
  const rows = new Int32Array(buffer, places.rows, rowCount);
  const pairs = new Float64Array(buffer, places.pairs, 2 * rowCount);
  const all = new Float64Array(buffer, places.histograms, total * pool.size);
  packWords(new Uint8Array(buffer, places.words, 4 * rowCount * groups), bins, columns.length, rowCount);
  const isUsed = new Uint8Array(4 * groups);
  const addressOf = (histogram: number): number => places.histograms + 8 * total * histogram;
  const gather = ({ start, end }: Growing, sign: number): void => {
    const { gradient, hessian } = needs;
    for (let i = start, k = 0; i < end; i++, k += 2) {
      const row = rows[i]!;
      pairs[k] = sign * gradient[row]!;
      pairs[k + 1] = sign * hessian[row]!;
    }
  };
  const add = (histogram: number, growing: Growing, sign: number): void => {
    gather(growing, sign);
    const place = (c: number): number => (isUsed[c] === 1 ? addressOf(histogram) + 8 * at[c]! : places.unused);
    for (let group = 0; group < groups; group++) {
      const c = 4 * group;
      if (!(isUsed[c] || isUsed[c + 1] || isUsed[c + 2] || isUsed[c + 3])) continue;
      kernels.accumulate(
        places.words + 4 * rowCount * group,
        places.rows + 4 * growing.start,
        places.pairs,
        growing.end - growing.start,
        place(c),
        place(c + 1),
        place(c + 2),
        place(c + 3),
      );
    }
  };
  /** Keeps what a kernel found. */
  const keep = (
    { split, sums }: Growing,
    c: number,
    lower: number,
    upper: number,
    sawMissing: boolean,
    missingLeft: boolean,
  ): void => {
    split.gain = out[0]!;
    split.column = c;
    split.lower = lower;
    split.upper = upper;
    split.sawMissing = sawMissing;
    split.missingLeft = sawMissing && missingLeft;
    split.chosen = undefined;
    split.left[0] = sums[0]! - out[1]!;
    split.left[1] = sums[1]! - out[2]!;
  };
  const scan = (growing: Growing, c: number, missing: number, missingLeft: boolean): void => {
    const { split, sums } = growing;
    const start = growing.histogram * total + at[c]!;
    const { count } = columns[c]!;
    const isRight = missing >= 0 && !missingLeft;
    const g = isRight ? all[missing]! : 0;
    const n = isRight ? all[missing + 1]! : 0;
    const address = places.histograms + 8 * start;
    const { l2, least } = needs;
    const found = kernels.scan(address, count, g, n, sums[0]!, sums[1]!, l2, least, split.gain, places.out);
    if (found < 0) return;
    let lower = found - 1;
    let upper = found;
    while (lower >= 0 && all[start + 2 * lower + 1] === 0) lower--;
    while (upper < count && all[start + 2 * upper + 1] === 0) upper++;
    keep(growing, c, lower, upper < count ? upper : -1, missing >= 0, missingLeft);
  };
  const searchFew = (growing: Growing, c: number): boolean => {
    const { start, end, split, sums } = growing;
    const { type, missing } = columns[c]!;
    if (type === "category") return false;
    const found = kernels.scanFew(
      places.words + 4 * rowCount * (c >> 2) + (c & 3),
      places.rows + 4 * start,
      places.pairs,
      end - start,
      places.sums,
      places.present,
      missing < 0 ? 256 : missing,
      sums[0]!,
      sums[1]!,
      needs.l2,
      needs.least,
      split.gain,
      places.out,
    );
    if (found >= 0) keep(growing, c, found & 255, found >>> 8, false, false);
    return found !== -2;
  };
  return {
    rows,
    aside: new Int32Array(buffer, places.aside, rowCount),
    ...pool,
    few: { gather: (growing) => gather(growing, 1), search: searchFew },
    reset(used) {
      pool.reset();
      isUsed.fill(0);
      for (const c of used) isUsed[c] = 1;
    },
    fill(histogram, growing) {
      all.fill(0, histogram * total, (histogram + 1) * total);
      add(histogram, growing, 1);
    },
    remove: (histogram, growing) => add(histogram, growing, -1),
    subtract: (histogram, taken) => kernels.subtract(addressOf(histogram), addressOf(taken), 8 * total),
    search(growing, c) {
      const column = columns[c]!;
      if (column.type === "category") {
        statistics.search(growing, column, c, all, growing.histogram * total + at[c]!, identity, binCount(column));
        return;
      }
      const bin = column.missing < 0 ? -1 : growing.histogram * total + at[c]! + 2 * column.missing;
      const missing = bin >= 0 && all[bin + 1]! > 0 ? bin : -1;
      scan(growing, c, missing, true);
      if (missing >= 0) scan(growing, c, missing, false);
    },
  };
}

/** Free numbers from 0. */
function poolOf(size: number): { readonly size: number } & Pick<Histograms, "take" | "release"> & { reset(): void } {
  const free: number[] = [];
  return {
    size,
    take: () => free.pop() ?? -1,
    release: (histogram) => void free.push(histogram),
    reset() {
      free.length = 0;
      for (let i = size - 1; i >= 0; i--) free.push(i);
    },
  };
}

const limit = (bytes: number): number => Math.max(2, Math.floor(mostBytes / Math.max(bytes, 1)));

function placesOf(
  columns: readonly BinnedColumn[],
  stride: number,
): { readonly at: Int32Array; readonly total: number } {
  const at = new Int32Array(columns.length);
  let total = 0;
  for (const [c, column] of columns.entries()) {
    at[c] = total;
    total += binCount(column) * stride;
  }
  return { at, total };
}

/** Where arrays begin in a memory, one after the other, and its end. */
function arena<Names extends string>(bytes: Record<Names, number>): Record<Names | "end", number> {
  let end = 0;
  const places = {} as Record<Names | "end", number>;
  for (const [name, length] of Object.entries(bytes) as [Names, number][]) {
    places[name] = end;
    end += Math.ceil(length / 16) * 16;
  }
  places.end = end;
  return places;
}

/** A memory of so many bytes, if there is one. */
function memoryOf(bytes: number): WebAssembly.Memory | undefined {
  if (typeof WebAssembly !== "object") return undefined;
  try {
    return new WebAssembly.Memory({ initial: Math.ceil(bytes / 65536) });
  } catch {
    return undefined;
  }
}

/** The bins of four columns side by side, group by group. */
function packWords(words: Uint8Array, bins: Uint8Array, columns: number, rowCount: number): void {
  for (let c = 0; c < columns; c++) {
    const group = (c >> 2) * 4 * rowCount + (c & 3);
    for (let row = 0; row < rowCount; row++) words[group + 4 * row] = bins[c * rowCount + row]!;
  }
}
