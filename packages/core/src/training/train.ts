// Training: an async generator that makes one update at a time and reports what happens.

import { isBetter } from "@hooke/data";
import { createPauses, type ErrorCode, HookeError, type HostArray, type Tree } from "@hooke/runtime";
import type { Variables } from "../model/variables.ts";
import { checkFitOptions } from "./arguments.ts";
import type { CheckpointEvent, EndEvent, EpochRecord, StepEvent, TrainingEvent, ValidationEvent } from "./events.ts";
import { closeRun, openRun } from "./open.ts";
import { scheduleOf, type TrainOptions } from "./options.ts";
import { type PlanOptions, planEpoch, updateCount } from "./plan.ts";
import type { Progress } from "./progress.ts";
import type { Safely } from "./recovery.ts";
import type { Run } from "./run.ts";
import { learningRateAt } from "./schedule.ts";
import { prepareSteps } from "./steps.ts";
import { trainBatch } from "./train-batch.ts";

/**
 * Trains a model. Events arrive as they happen; leaving the loop early ends the training and releases its memory.
 *
 * Timers, signals and messages are heard while it runs: it lets the event loop turn every 10 ms, or after a batch that takes
 * longer.
 *
 * The same options on the same backend give the same bits. A training resumed from a checkpoint, taken after any
 * update, gives the bits of the uninterrupted one.
 *
 * Where the backend loses its device and can open it again, what it held is computed again, which an event of the type `recovery` tells, and the
 * training goes on. With `ranks` it ends.
 *
 * @throws on options that do not fit together. If a loss is not finite: with the step, the rows of its batch and the
 *   first tensor that went bad; nothing is updated by that step, and its start is saved where checkpoints are kept
 * @example
 * ```ts
 * import { adam, dense, mse, train } from "@hooke/core";
 * import { dataset } from "@hooke/data";
 * import { array, referenceBackend } from "@hooke/runtime";
 *
 * const data = { train: dataset({ inputs: array([[0], [1], [2]]), targets: array([[1], [3], [5]]) }) };
 * const losses: number[] = [];
 * for await (const event of train({ backend: referenceBackend(), model: dense({ units: 1 }), data, loss: mse(),
 *   optimizer: adam(), learningRate: 1e-2, epochs: 20, batchSize: 3, seed: 0 })) {
 *   if (event.type === "epoch") losses.push(event.loss);
 * }
 * console.log(losses.length, losses[19]! < losses[0]!); // 20 true
 * ```
 */
export async function* train(given: TrainOptions): AsyncGenerator<TrainingEvent, void, void> {
  checkFitOptions("train", given);
  const { run, writer, options, parts } = await openRun(given);
  const { epochs, signal } = options;
  const { settings, progress, batches, sharing } = run;
  const { accumulation = 1 } = settings;
  const schedule = scheduleOf(options.learningRate);
  const plan: PlanOptions = {
    ...settings,
    count: settings.rows,
    accumulation,
    weights: run.weights?.counted,
    ...("order" in run.data.inputs && { order: run.data.inputs.order }),
  };
  const stepsPerEpoch = updateCount(plan);
  const ratesOf =
    (at: Progress) =>
    (step: number): number =>
      learningRateAt(schedule, { step, epoch: at.epoch, stepsPerEpoch, epochs, history: at.history });
  const rateAt = ratesOf(progress);
  // Other ranks would have to compute again, too.
  const recovery = sharing
    ? undefined
    : parts.recovering?.recoveryOf(
        options,
        run,
        (epoch) => planEpoch(plan, epoch),
        (batch, elsewhere) => trainBatch(options, { ...run, ...elsewhere }, batch, ratesOf(elsewhere.progress)),
      );
  const safely: Safely = recovery?.safely ?? ((work) => work());
  const saved = async (): Promise<CheckpointEvent[]> => some(await writer?.save(safely));
  const pause = createPauses();
  try {
    const sizes = { ...settings, data: run.data, weights: run.weights?.given };
    if (progress.epoch < epochs) await safely(() => prepareSteps(run.steps, sizes, sharing?.span));
    while (progress.epoch < epochs && !signal?.aborted) {
      const planned = planEpoch(plan, progress.epoch);
      while (progress.batch < batches && !signal?.aborted) {
        const whole = planned(progress.batch);
        const batch = sharing?.plan(whole) ?? whole;
        let event: StepEvent | undefined;
        try {
          event = await safely(() => trainBatch(options, run, batch, rateAt));
        } catch (error) {
          // Whatever keeps this from being saved, the loss is what the caller must hear of.
          if (codeOf(error) === "non-finite") yield* await saved().catch(() => []);
          throw error;
        }
        if (event !== undefined) yield event;
        if (event !== undefined && batch.part === "update" && writer?.due("step")) yield* await saved();
        if (recovery !== undefined) yield* await recovery.look();
        const pausing = pause();
        if (pausing !== undefined) await pausing;
      }
      if (signal?.aborted) break;
      const trained = epochRecord(options, run, rateAt);
      yield { type: "epoch", epochs, ...trained };
      const validation = await safely(async () => run.evaluator?.evaluate(signal));
      // Aborted in the midst of it: a resumed training validates anew.
      if (run.evaluator !== undefined && validation === undefined) break;
      const record = validation === undefined ? trained : { ...trained, validation };
      progress.history = [...progress.history, record];
      const event = await validated(run, record, safely);
      progress.epoch++;
      progress.batch = progress.lossSum = progress.weightSum = progress.penaltySum = progress.rowsSeen = 0;
      yield* some(event);
      if (writer?.due("epoch")) yield* await saved();
    }
    yield* await saved();
    if (recovery !== undefined) yield* await recovery.look();
    await sharing?.end(run);
    yield ended(run, progress.epoch < epochs ? "aborted" : "finished", safely);
  } catch (error) {
    throw sharing ? await sharing.failed(error) : error;
  } finally {
    await closeRun(options, run);
  }
}

const codeOf = (error: unknown): ErrorCode | undefined => (error instanceof HookeError ? error.code : undefined);

function epochRecord({ penalty }: TrainOptions, { progress }: Run, rateAt: (step: number) => number): EpochRecord {
  const { epoch, step, lossSum, weightSum, penaltySum, rowsSeen } = progress;
  return {
    epoch,
    step,
    loss: lossSum / weightSum,
    ...(penalty && { penalty: penaltySum / rowsSeen }),
    // Where nothing has counted so far, no update was made.
    learningRate: rateAt(Math.max(step, 1)),
  };
}

const some = <T>(event: T | undefined): T[] => (event === undefined ? [] : [event]);

async function variablesOf({ trainer }: Run, safely: Safely): Promise<Variables<HostArray>> {
  const { params, state } = await safely(() => trainer.read());
  return { params, state };
}

async function validated(
  run: Run,
  { epoch, step, validation }: EpochRecord,
  safely: Safely,
): Promise<ValidationEvent | undefined> {
  if (validation === undefined) return undefined;
  const { progress, monitor } = run;
  const { history, best } = progress;
  const { loss, metrics, undefinedMetrics } = validation;
  const value = monitor.name === "loss" ? loss : metrics[monitor.name]!;
  const improved = isBetter(monitor.direction, value, best?.value);
  if (improved) progress.best = { epoch, monitor: monitor.name, value, variables: await variablesOf(run, safely) };
  const found = {
    epoch,
    step,
    loss,
    metrics,
    ...(undefinedMetrics && { undefinedMetrics }),
    monitor,
    improved,
    ...(progress.best && { best: progress.best }),
    history,
  };
  return { type: "validation", ...found, variables: () => variablesOf(run, safely) };
}

function ended(run: Run, reason: EndEvent["reason"], safely: Safely): EndEvent {
  const { epoch, step, history, best } = run.progress;
  const slots = async (): Promise<Tree<HostArray>> => (await safely(() => run.trainer.read())).slots;
  const event = {
    type: "end",
    reason,
    epoch,
    step,
    history,
    warnings: run.warnings,
    variables: () => variablesOf(run, safely),
    slots,
  } as const;
  return best === undefined ? event : { ...event, best };
}
