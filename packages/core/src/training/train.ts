// Training: an async generator that makes one update at a time and reports what happens.
import type { HostArray, Tree } from "@hooke/runtime";
import { batchCount, batches } from "../data/loader.ts";
import type { Variables } from "../layer/variables.ts";
import { isBetter } from "../metrics/better.ts";
import type { EndEvent, EpochRecord, TrainingEvent, ValidationEvent } from "./events.ts";
import { nonFiniteLoss } from "./failure.ts";
import { createKeeper } from "./keeper.ts";
import { scheduleOf, type TrainOptions } from "./options.ts";
import { type Run, setUp } from "./run.ts";
import { learningRateAt } from "./schedule.ts";
import type { PreparedStep } from "./step.ts";

/**
 * Trains a model. Events arrive as they happen; leaving the loop early ends the training and releases its memory.
 *
 * The same options on the same backend give the same bits. A training resumed from a checkpoint, taken after any
 * update, gives the bits of the uninterrupted one.
 *
 * @throws on options that do not fit together. If a loss is not finite: with the step, the rows of its batch and the
 *   first tensor that went bad; nothing is updated by that step, and its start is saved where checkpoints are kept
 * @example
 * ```ts
 * import { adam, dataset, dense, mse, train } from "@hooke/core";
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
export async function* train(options: TrainOptions): AsyncGenerator<TrainingEvent, void, void> {
  const run = await setUp(options);
  const { backend, epochs, signal } = options;
  const { trainer, settings, progress, data } = run;
  const keeper = createKeeper(options, run);
  const schedule = scheduleOf(options.learningRate);
  const count = { ...settings, count: settings.rows };
  const stepsPerEpoch = batchCount(count);
  const rateAt = (step: number): number =>
    learningRateAt(schedule, { step, epoch: progress.epoch, stepsPerEpoch, epochs, history: progress.history });
  const steps = new Map<number, PreparedStep>();
  try {
    while (progress.epoch < epochs && !signal?.aborted) {
      const { epoch } = progress;
      const order = batches({ ...count, epoch });
      while (progress.batch < stepsPerEpoch && !signal?.aborted) {
        const rows = order[progress.batch]!;
        const batch = run.augmented(run.batchOf(rows), progress.step + 1);
        let prepared = steps.get(rows.length);
        if (prepared === undefined) {
          prepared = await trainer.prepare(batch);
          steps.set(rows.length, prepared);
        }
        const step = progress.step + 1;
        const moment = { step, learningRate: rateAt(step) };
        const buffer = prepared.run(batch, moment);
        const { data: values } = await backend.read(buffer);
        backend.free(buffer);
        const [loss, penalty] = [values[0]!, values[1]];
        const total = loss + (penalty ?? 0);
        if (!Number.isFinite(total)) {
          const failed = { prepared, batch, moment, loss: total, epoch, batchIndex: progress.batch, rows, data };
          const error = await nonFiniteLoss({ ...failed, state: trainer.initial });
          // Whatever keeps this from being saved, the loss is what the caller must hear of.
          yield* some(await keeper.save().catch(() => undefined));
          throw error;
        }
        const event: TrainingEvent = {
          type: "step",
          epoch,
          epochs,
          batch: progress.batch,
          batches: stepsPerEpoch,
          step,
          loss,
          ...(penalty !== undefined && { penalty }),
          learningRate: moment.learningRate,
          rows: rows.length,
        };
        progress.step = step;
        progress.batch++;
        progress.lossSum += loss * rows.length;
        progress.penaltySum += (penalty ?? 0) * rows.length;
        progress.rowsSeen += rows.length;
        yield event;
        if (keeper.due("step")) yield* some(await keeper.save());
      }
      if (signal?.aborted) break;
      const { step, lossSum, penaltySum, rowsSeen } = progress;
      const trained: EpochRecord = {
        ...{ epoch, step, loss: lossSum / rowsSeen },
        ...(options.penalty && { penalty: penaltySum / rowsSeen }),
        learningRate: rateAt(step),
      };
      yield { type: "epoch", epochs, ...trained };
      const validation = await run.evaluator?.evaluate();
      const record = validation === undefined ? trained : { ...trained, validation };
      progress.history = [...progress.history, record];
      const event = await validated(run, record);
      progress.epoch++;
      progress.batch = progress.lossSum = progress.penaltySum = progress.rowsSeen = 0;
      yield* some(event);
      if (keeper.due("epoch")) yield* some(await keeper.save());
    }
    yield* some(await keeper.save());
    yield ended(run, progress.epoch < epochs ? "aborted" : "finished");
  } finally {
    run.free();
  }
}

const some = <T>(event: T | undefined): T[] => (event === undefined ? [] : [event]);

async function variablesOf({ trainer }: Run): Promise<Variables<HostArray>> {
  const { params, state } = await trainer.read();
  return { params, state };
}

async function validated(run: Run, { epoch, step, validation }: EpochRecord): Promise<ValidationEvent | undefined> {
  if (validation === undefined) return undefined;
  const { progress, monitor } = run;
  const { history, best } = progress;
  const { loss, metrics, undefinedMetrics } = validation;
  const value = monitor.name === "loss" ? loss : metrics[monitor.name]!;
  const improved = isBetter(monitor.direction, value, best?.value);
  if (improved) progress.best = { epoch, monitor: monitor.name, value, variables: await variablesOf(run) };
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
  return { type: "validation", ...found, variables: () => variablesOf(run) };
}

function ended(run: Run, reason: EndEvent["reason"]): EndEvent {
  const { epoch, step, history, best } = run.progress;
  const slots = async (): Promise<Tree<HostArray>> => (await run.trainer.read()).slots;
  const event = { type: "end", reason, epoch, step, history, variables: () => variablesOf(run), slots } as const;
  return best === undefined ? event : { ...event, best };
}
