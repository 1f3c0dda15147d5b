// One batch of a training: its step run, its loss read, the books kept.
import type { StepEvent } from "./events.ts";
import { nonFiniteLoss } from "./failure.ts";
import type { TrainOptions } from "./options.ts";
import type { PlannedBatch } from "./plan.ts";
import type { Run } from "./run.ts";

/**
 * Trains on the next batch.
 *
 * @param learningRateOf an update, by its number
 * @returns nothing if no row that its update sees counts: then there is no update; or if the training is stopped before it is read
 * @throws if the loss is not finite (code `non-finite`); nothing is changed then
 */
export async function trainBatch(
  { backend, epochs }: TrainOptions,
  run: Run,
  { rows, whole, next, part, of, weight, idle }: PlannedBatch,
  learningRateOf: (step: number) => number,
): Promise<StepEvent | undefined> {
  const { trainer, progress, batches } = run;
  const { epoch, batch: index } = progress;
  if (idle) {
    progress.batch++;
    return undefined;
  }
  const number = epoch * batches + index + 1;
  const step = progress.step + 1;
  const read = await run.batchOf(rows, next);
  if (read === undefined) return undefined;
  const batch = run.augmented(read, number, whole);
  const prepared = run.steps.get(whole, part) ?? (await run.steps.prepare(batch, part, whole));
  const moment = { step, learningRate: learningRateOf(step), batch: number, of, rows: whole };
  const buffer = await prepared.run(batch, moment);
  const reading = backend.read(buffer);
  backend.free(buffer);
  const { data: values } = await reading;
  const [loss, penalty] = [values[0]!, values[1]];
  const total = loss + (penalty ?? 0);
  if (!Number.isFinite(total)) {
    const failed = { prepared, batch, moment, loss: total, epoch, batchIndex: index, rows, data: run.data };
    throw await nonFiniteLoss({ ...failed, state: trainer.initial });
  }
  progress.batch++;
  if (part === "update") progress.step = step;
  progress.lossSum += loss * whole;
  progress.weightSum += weight;
  progress.penaltySum += (penalty ?? 0) * whole;
  progress.rowsSeen += whole;
  return {
    type: "step",
    epoch,
    epochs,
    batch: index,
    batches,
    step,
    loss,
    ...(penalty !== undefined && { penalty }),
    learningRate: moment.learningRate,
    rows: whole,
    warnings: run.warnings,
  };
}
