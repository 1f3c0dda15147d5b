// The prepared steps of a training, by the number of rows: one for whole batches, one for what they leave over.

import { type Dataset, takeExtras } from "@hooke/data";
import { type Aval, checkArgument, checks, HookeError } from "@hooke/runtime";
import { fitChecks } from "./arguments.ts";
import type { Batch } from "./batch.ts";
import type { StepPart } from "./record-step.ts";
import type { PreparedStep, Trainer } from "./step.ts";
import { trainingWork, type WorkSpec } from "./work.ts";

/** The steps of one training, each prepared once. */
export interface Steps {
  /** The step for batches of so many rows, if it is prepared. */
  get(rows: number, part: StepPart): PreparedStep | undefined;
  prepare(batch: Batch<Aval>, part: StepPart): Promise<PreparedStep>;
}

/**
 * Keeps steps where finding them costs no text of shapes.
 *
 * @param uneven whether batches of as many rows may have extras of different shapes
 */
export function createSteps(trainer: Trainer, uneven: boolean): Steps {
  const known = { update: new Map<number, PreparedStep>(), gather: new Map<number, PreparedStep>() };
  return {
    get: (rows, part) => (uneven ? undefined : known[part].get(rows)),
    async prepare(batch, part) {
      const step = await trainer.prepare(batch, part);
      known[part].set(batch.inputs.shape[0]!, step);
      return step;
    },
  };
}

/** Sizes of batches, and what they are taken from. */
export interface BatchSizes {
  readonly data: Dataset<Aval>;
  readonly weights: Aval | undefined;
  readonly batchSize: number;
  readonly lastBatch: "keep" | "drop";
}

/**
 * Prepares the steps that every epoch needs before the first of them runs, so that a layer that cannot be trained on the rows
 * left over, as a batch norm on a single one, says so before anything is trained.
 */
export async function prepareSteps(steps: Steps, sizes: BatchSizes): Promise<void> {
  const { data, batchSize } = sizes;
  const { count } = data;
  await steps.prepare(batchOf(sizes, Math.min(batchSize, count)), "update");
  const left = leftOver(count, sizes);
  if (left === 0) return;
  try {
    await steps.prepare(batchOf(sizes, left), "update");
  } catch (error) {
    throw leftOverError(error, count, batchSize);
  }
}

/** Rows in a smaller last batch; 0 where there is none. */
function leftOver(count: number, { batchSize, lastBatch }: Pick<BatchSizes, "batchSize" | "lastBatch">): number {
  return count < batchSize || lastBatch === "drop" ? 0 : count % batchSize;
}

function leftOverError(error: unknown, count: number, batchSize: number): unknown {
  if (!(error instanceof HookeError)) return error;
  const { code, message } = error;
  return new HookeError(
    `train: ${count} rows in batches of ${batchSize} leave a last batch of ${count % batchSize}, on which the model cannot be ` +
      `trained: ${message} Leave it out with lastBatch: "drop" (shuffled, other rows are left out every epoch), or give ` +
      "another batchSize.",
    { code, cause: error },
  );
}

/**
 * Checks, without a backend, that a model can be trained on the last batch of so many rows.
 *
 * @throws as a training would that begins, naming `lastBatch: "drop"`
 */
export function checkLeftOver(spec: WorkSpec & Pick<BatchSizes, "lastBatch">, count: number): void {
  checkArgument("checkLeftOver", "the batch size", spec?.batchSize, fitChecks.batchSize);
  checkArgument("checkLeftOver", "the number of rows", count, checks.count);
  const left = leftOver(count, spec);
  if (left === 0) return;
  try {
    trainingWork({ ...spec, batchSize: left });
  } catch (error) {
    throw leftOverError(error, count, spec.batchSize);
  }
}

function batchOf({ data, weights }: BatchSizes, rows: number): Batch<Aval> {
  const part = ({ shape, dtype }: Aval): Aval => ({ shape: [rows, ...shape.slice(1)], dtype });
  const extras = Object.entries(data.extras).map(([name, values]) => [name, part(values)] as const);
  const first = new Int32Array(rows).map((_, row) => row);
  return {
    inputs: part(data.inputs),
    targets: part(data.targets),
    ...(weights && { weights: part(weights) }),
    ...(extras.length > 0 && {
      extras: { ...Object.fromEntries(extras), ...data.batchExtras?.(takeExtras(data.extras, first)) },
    }),
  };
}
