// The batches of an epoch, and which of them make an update together.

import { type BatchOptions, batchCount, batches } from "@hooke/data";
import type { HostArray } from "@hooke/runtime";
import type { StepPart } from "./record-step.ts";
import { weightOf } from "./weights.ts";

/** One batch of an epoch. */
export interface PlannedBatch {
  readonly rows: Int32Array;
  /** How many rows the batch has, of which `rows` are all, or those that are read here. */
  readonly whole: number;
  /** Those of the batch after it; undefined at the end of the epoch. */
  readonly next: Int32Array | undefined;
  /** What its step does: the last batch of an update makes it, those before gather gradients. */
  readonly part: StepPart;
  /** Rows of all batches of the update. */
  readonly of: number;
  /** What its rows count in the loss. */
  readonly weight: number;
  /** Whether nothing in its update counts: then there is none. */
  readonly idle: boolean;
}

/** How batches make updates. */
export interface PlanOptions extends Omit<BatchOptions, "epoch"> {
  /** Batches that make one update; an epoch's last takes those that are left. */
  readonly accumulation: number;
  /** What rows count, as `lossWeights` finds. */
  readonly weights: HostArray | undefined;
}

/** Updates in an epoch. */
export const updateCount = (options: PlanOptions): number => Math.ceil(batchCount(options) / options.accumulation);

/** The batches of an epoch: a function of the batch's number. */
export function planEpoch(options: PlanOptions, epoch: number): (batch: number) => PlannedBatch {
  const { accumulation, weights } = options;
  const order = batches({ ...options, epoch });
  const weigh = (rows: Int32Array): number => (weights === undefined ? rows.length : weightOf(weights, rows));
  return (batch) => {
    const rows = order[batch]!;
    const first = batch - (batch % accumulation);
    const union = accumulation === 1 ? [rows] : order.slice(first, first + accumulation);
    return {
      rows,
      whole: rows.length,
      next: order[batch + 1],
      part: batch === first + union.length - 1 ? "update" : "gather",
      of: union.reduce((sum, { length }) => sum + length, 0),
      weight: weigh(rows),
      idle: weights !== undefined && union.every((part) => weigh(part) === 0),
    };
  };
}
