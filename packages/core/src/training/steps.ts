// The prepared steps of a training, by the number of rows: one for whole batches, one for what they leave over.

import { type Dataset, takeExtras } from "@hooke/data";
import { type Aval, type Buffer, checkArgument, checks, HookeError } from "@hooke/runtime";
import { fitChecks } from "./arguments.ts";
import type { Batch } from "./batch.ts";
import type { StepPart } from "./record-step.ts";
import type { PreparedStep, TrainerOf } from "./step.ts";
import { trainingWork, type WorkSpec } from "./work.ts";

/** A step that may have to wait for other processes. */
export interface AnyStep extends Omit<PreparedStep, "run"> {
  run(...given: Parameters<PreparedStep["run"]>): Buffer | Promise<Buffer>;
}

/** The steps of one training, each prepared once. */
export interface Steps {
  /** The step for batches of so many rows, if it is prepared. */
  get(whole: number, part: StepPart): AnyStep | undefined;
  /** @param whole rows of the batch, of which the given one may be a share */
  prepare(batch: Batch<Aval>, part: StepPart, whole: number): Promise<AnyStep>;
}

/**
 * Keeps steps where finding them costs no text of shapes.
 *
 * @param uneven whether batches of as many rows may have extras of different shapes
 */
export function createSteps(trainer: TrainerOf<AnyStep>, uneven: boolean): Steps {
  const known = { update: new Map<number, AnyStep>(), gather: new Map<number, AnyStep>() };
  return {
    get: (whole, part) => (uneven ? undefined : known[part].get(whole)),
    async prepare(batch, part, whole) {
      const step = await trainer.prepare(batch, part, whole);
      known[part].set(whole, step);
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

const allRows = (rows: number): readonly [number, number] => [0, rows];

/**
 * Prepares the steps that every epoch needs before the first of them runs, so that a layer that cannot be trained on the rows
 * left over, as a batch norm on a single one, says so before anything is trained.
 *
 * @param span of rows that are read here, of a batch of so many
 */
export async function prepareSteps(steps: Steps, sizes: BatchSizes, span = allRows): Promise<void> {
  const { data, batchSize } = sizes;
  const { count } = data;
  const prepare = (rows: number): Promise<AnyStep> => {
    const [first, end] = span(rows);
    return steps.prepare(batchOf(sizes, end - first), "update", rows);
  };
  await prepare(Math.min(batchSize, count));
  const left = leftOver(count, sizes);
  if (left === 0) return;
  try {
    await prepare(left);
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

/** What batches of so many rows look like. */
export function batchOf({ data, weights }: Pick<BatchSizes, "data" | "weights">, rows: number): Batch<Aval> {
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
