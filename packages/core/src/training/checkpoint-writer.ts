// Taking checkpoints of a run: what goes in, and when one is due. Loaded where they are kept.
import type { Dataset } from "@hooke/data";
import { type Aval, describe, fail, HookeError, type HostArray, isFloat, type Tree, treeLeaves } from "@hooke/runtime";
import { encodeCheckpoint } from "../checkpoint/checkpoint.ts";
import type { ResumeSettings } from "../checkpoint/training-record.ts";
import { inputShapeOf } from "../model/input.ts";
import type { CheckpointEvent } from "./events.ts";
import { type CheckpointOptions, preprocessingOf, scheduleOf, type TrainOptions } from "./options.ts";
import type { Progress } from "./progress.ts";
import type { Safely } from "./recovery.ts";
import type { TrainerOf } from "./step.ts";

/** Saves checkpoints of one run. */
export interface CheckpointWriter {
  /** Whether `every` asks for one at this point. */
  due(at: "step" | "epoch"): boolean;
  /**
   * Saves one, unless this point of the training has been saved already. What the caller's own `save` throws is not taken for a loss of the device.
   *
   * @param safely how variables are read, which a lost device does not hold
   * @throws if a variable is not finite: an earlier checkpoint is worth more
   */
  save(safely: Safely): Promise<CheckpointEvent | undefined>;
}

/** The training whose checkpoints are taken. */
interface Kept {
  readonly trainer: Pick<TrainerOf<unknown>, "read">;
  readonly settings: ResumeSettings;
  readonly progress: Progress;
  readonly data: Pick<Dataset<Aval>, "inputs" | "extras">;
}

export function createCheckpointWriter(
  { every, save }: CheckpointOptions,
  options: TrainOptions,
  { trainer, settings, progress, data }: Kept,
): CheckpointWriter {
  const { model } = options;
  const { type, config } = scheduleOf(options.learningRate);
  let saved = "";
  let lastStep: number | undefined;
  return {
    due: (at) => (at === "epoch" ? every === "epoch" : every !== "epoch" && progress.step % every === 0),
    async save(safely) {
      const { epoch, batch, step, history, best: kept } = progress;
      const { lossSum, weightSum, penaltySum, rowsSeen } = progress;
      const point = `${epoch} ${batch}`;
      if (point === saved) return undefined;
      const { params, state, slots } = await safely(() => trainer.read());
      requireFinite({ params, state, slots }, step);
      const best = kept && { monitor: kept.monitor, epoch: kept.epoch, value: kept.value };
      const inputShape = inputShapeOf(data.inputs, data.extras);
      const bytes = encodeCheckpoint({
        model: { layer: model, inputShape, variables: { params, state }, preprocessing: preprocessingOf(options) },
        slots,
        training: {
          epoch,
          batch,
          step,
          lossSum,
          weightSum,
          penaltySum,
          rowsSeen,
          history,
          settings,
          learningRate: { type, config },
          ...(best && { best }),
        },
        ...(kept && { best: kept.variables }),
      });
      try {
        await save(bytes, { epoch, batch, step });
      } catch (error) {
        throw unsaved(error, step, lastStep);
      }
      saved = point;
      lastStep = step;
      return { type: "checkpoint", epoch, batch, step, bytes: bytes.length };
    },
  };
}

/** The error of a checkpoint that was not saved, with what there is to go on from. */
function unsaved(error: unknown, step: number, lastStep: number | undefined): unknown {
  if (!(error instanceof HookeError)) return error;
  const last = lastStep === undefined ? "None was saved before it" : `The last one saved is of step ${lastStep}`;
  const message = `train: the checkpoint of step ${step} was not saved: ${error.message} ${last}.`;
  return new HookeError(message, { code: error.code, cause: error });
}

function requireFinite(state: Readonly<Record<string, Tree<HostArray>>>, step: number): void {
  for (const { path, value } of treeLeaves<HostArray>(state)) {
    const bad = isFloat(value.dtype) ? value.data.findIndex((item: number) => !Number.isFinite(item)) : -1;
    if (bad < 0) continue;
    fail(
      "train",
      `at step ${step} ${path}, ${describe(value)}, holds ${value.data[bad]} although the loss was finite: ` +
        "a gradient was not. No checkpoint was saved; earlier ones are intact. Clip gradients, or look for sqrt, log or a division at 0.",
      "non-finite",
    );
  }
}
