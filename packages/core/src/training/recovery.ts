// Going on after the loss of a device: what it held is computed again from a copy on the host. Loaded for backends that can open theirs again.
import { type Dataset, isStreamed, type StreamedArray } from "@hooke/data";
import { createPauses, HookeError, type HostArray } from "@hooke/runtime";
import { givenUp, isLoss, mostLosses } from "../recovery/reopening.ts";
import type { BatchOf } from "./batch.ts";
import type { RecoveryEvent } from "./events.ts";
import type { TrainOptions } from "./options.ts";
import type { PlannedBatch } from "./plan.ts";
import type { Progress } from "./progress.ts";
import type { TrainingState } from "./record-step.ts";
import type { TrainerOf } from "./step.ts";
import { streamedBatches } from "./streaming.ts";
import type { LossWeights } from "./weights.ts";

/** Does something on a device. Where that is lost meanwhile, it is done anew on one that holds the same. */
export type Safely = <T>(work: () => Promise<T>) => Promise<T>;

/** What a training does about losses of its device. */
export interface Recovery {
  readonly safely: Safely;
  /** To be called between batches: copies the training state now and then. @returns what has happened since the last call */
  look(): Promise<RecoveryEvent[]>;
}

/** The training that goes on. */
interface Kept {
  readonly trainer: Pick<TrainerOf<unknown>, "initial" | "read" | "write">;
  readonly progress: Progress;
  readonly batches: number;
  readonly data: Dataset<HostArray | StreamedArray>;
  readonly weights: LossWeights | undefined;
  readonly batchOf: BatchOf;
}

/** Milliseconds of training between two copies of its state, and how much longer than the copying that is at least: a hundredth of the time goes there. */
const [leastApart, apartByCost] = [10_000, 100];

/**
 * @param planned the batches of an epoch
 * @param trainOn the next batch of a training that stands elsewhere, read by other means
 */
export function recoveryOf(
  options: Pick<TrainOptions, "backend" | "checkpoint">,
  { trainer, progress, batches, data, weights, ...run }: Kept,
  planned: (epoch: number) => (batch: number) => PlannedBatch,
  trainOn: (batch: PlannedBatch, elsewhere: { progress: Progress; batchOf: BatchOf }) => Promise<unknown>,
): Recovery {
  const { backend } = options;
  const done = (): number => progress.epoch * batches + progress.batch;
  const copyOf = (state: TrainingState<HostArray>) => ({ state, done: done(), step: progress.step });
  let copy = copyOf(trainer.initial);
  let next = performance.now() + leastApart;
  let [losses, lostAt] = [0, -1];
  let latest: Promise<void> | undefined;
  const told: RecoveryEvent[] = [];

  /** Trains from the copy to where the training stands. Whoever ends the training meanwhile wants its state as told. */
  const computeAgain = async (): Promise<void> => {
    const { inputs } = data;
    const batchOf = isStreamed(inputs) ? streamedBatches({ ...data, inputs }, weights?.given, undefined) : run.batchOf;
    const pause = createPauses();
    const end = done();
    const again = { ...progress, step: copy.step };
    let batchesOf: ReturnType<typeof planned> | undefined;
    for (let at = copy.done; at < end; at++) {
      const epoch = Math.floor(at / batches);
      if (batchesOf === undefined || epoch !== again.epoch) batchesOf = planned(epoch);
      Object.assign(again, { epoch, batch: at % batches, history: progress.history.slice(0, epoch) });
      await trainOn(batchesOf(again.batch), { progress: again, batchOf });
      await pause();
    }
  };

  const recover = async (loss: HookeError): Promise<void> => {
    losses = done() === lostAt ? losses + 1 : 1;
    lostAt = done();
    if (losses === mostLosses) throw givenUp("train", loss, `at batch ${progress.batch} of epoch ${progress.epoch}`);
    try {
      await backend.reopen!();
      trainer.write(copy.state);
      await computeAgain();
    } catch (error) {
      if (isLoss(error)) return recover(error);
      throw notRestored(error, options, progress.step);
    }
    const { epoch, batch, step } = progress;
    // Not to be computed a third time.
    next = 0;
    told.push({ type: "recovery", reason: loss.message, repeated: done() - copy.done, epoch, batch, step });
  };

  const safely: Safely = async (work) => {
    for (;;) {
      const before = latest;
      try {
        return await work();
      } catch (error) {
        if (!isLoss(error)) throw error;
        // Variables may be read while a batch is trained: what both lost is computed again once.
        if (before === latest) latest = recover(error);
        await latest;
      }
    }
  };

  return {
    safely,
    async look() {
      const begun = performance.now();
      if (begun >= next) {
        copy = copyOf(await safely(() => trainer.read()));
        const now = performance.now();
        next = now + Math.max(leastApart, apartByCost * (now - begun));
      }
      return told.splice(0);
    },
  };
}

function notRestored(error: unknown, { checkpoint }: Pick<TrainOptions, "checkpoint">, step: number): unknown {
  if (!(error instanceof HookeError)) return error;
  const kept = checkpoint ? "" : ", where the option checkpoint keeps one";
  return new HookeError(
    `train: the device was lost after step ${step}: ${error.message} ` +
      `Go on from the last checkpoint with another backend: fit({ ..., resume: checkpoint })${kept}.`,
    { code: "device-lost", cause: error },
  );
}

export { reopening } from "../recovery/reopening.ts";
