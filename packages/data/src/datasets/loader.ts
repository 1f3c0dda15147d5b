// Batches of row indices: a pure function of seed and epoch, so that training resumes at any batch by calling it again.
import { fail, foldHost, type HostArray, randomKey } from "@hooke/runtime";
import { permutation } from "./permutation.ts";

export interface BatchOptions {
  /** Number of rows in the data. */
  readonly count: number;
  /** Rows per batch. */
  readonly batchSize: number;
  /** Whole number; with `epoch` it decides the order. */
  readonly seed: number;
  /** Counted from 0. */
  readonly epoch: number;
  /** A new order every epoch; `false` keeps the rows as they are. Default `true`. */
  readonly shuffle?: boolean;
  /** Draws the order of an epoch from its key: places in `rows`, which are all, each once. Default {@link permutation}; streamed inputs may state their own. */
  readonly order?: (key: HostArray, rows: Int32Array) => Int32Array;
  /** Rows left over when `batchSize` does not divide `count`: a smaller last batch, or none. Default `"keep"`. */
  readonly lastBatch?: "keep" | "drop";
}

/** Number of batches of an epoch. */
export function batchCount(options: Omit<BatchOptions, "seed" | "epoch">): number {
  const { count, batchSize, lastBatch = "keep" } = options ?? {};
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    fail("batches", `received batchSize ${batchSize}; it is a whole number of rows, 1 or more.`);
  }
  if (count === 0) fail("batches", "received no rows; training needs at least one.", "invalid-data");
  if (lastBatch === "keep") return Math.ceil(count / batchSize);
  if (count < batchSize) {
    fail(
      "batches",
      `received ${count} rows, fewer than one batch of ${batchSize}, and lastBatch: "drop" leaves nothing to train on; ` +
        `use a batchSize of at most ${count}, or lastBatch: "keep".`,
      "mismatch",
    );
  }
  return Math.floor(count / batchSize);
}

/**
 * The row indices of every batch of an epoch. Element `i` depends on nothing but the options.
 *
 * @throws on fewer rows than a batch with `lastBatch: "drop"`, on no rows, and on a batch size that is not a positive integer
 * @example
 * ```ts
 * import { batches } from "@hooke/data";
 *
 * const rows = batches({ count: 5, batchSize: 2, seed: 0, epoch: 0, shuffle: false });
 * console.log(rows.map((batch) => [...batch])); // [ [ 0, 1 ], [ 2, 3 ], [ 4 ] ]
 * ```
 */
export function batches(options: BatchOptions): Int32Array[] {
  const total = batchCount(options);
  const { count, batchSize, seed, epoch, shuffle = true } = options;
  const rows = new Int32Array(count).map((_, i) => i);
  const key = foldHost(foldHost(randomKey(seed), "batches"), epoch);
  const order = !shuffle ? rows : (options.order?.(key, rows) ?? permutation(key, count));
  return Array.from({ length: total }, (_, i) => order.subarray(i * batchSize, Math.min((i + 1) * batchSize, count)));
}
