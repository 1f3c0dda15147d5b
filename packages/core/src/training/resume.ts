// Going on from a checkpoint: what a training takes from it. Loaded where a training resumes.
import { fail, type HostArray, type Tree } from "@hooke/runtime";
import { type Checkpoint, decodeOwnCheckpoint } from "../checkpoint/checkpoint.ts";
import { firstDifference } from "../checkpoint/metadata.ts";
import type { ResumeSettings } from "../checkpoint/training-record.ts";
import { putTree, takeTrees } from "../checkpoint/trees.ts";
import { trainedPart } from "../layers/frozen-parameters.ts";
import type { InputShape } from "../model/input.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import { preprocessingOf, type TrainOptions } from "./options.ts";
import type { Progress } from "./progress.ts";
import { slotStructure } from "./slots.ts";

/** A checkpoint to go on from. @throws if it is one of another training */
export function checkpointOf(
  resume: Uint8Array | Checkpoint,
  { model, ...options }: TrainOptions,
  settings: ResumeSettings,
  inputShape: InputShape,
): Checkpoint {
  const checkpoint = resume instanceof Uint8Array ? decodeOwnCheckpoint(resume, model, inputShape) : resume;
  const { model: stored, training } = checkpoint;
  const { layer, inputShape: storedShape, preprocessing: storedPreprocessing } = stored;
  const difference = firstDifference(
    asJson({ ...training.settings, inputShape: storedShape, layer, preprocessing: storedPreprocessing }),
    asJson({ ...settings, inputShape, layer: model, preprocessing: preprocessingOf(options) }),
  );
  if (difference !== undefined) {
    const { path, a, b } = difference;
    fail(
      "checkpoint",
      `was taken with ${path} ${JSON.stringify(a)}, this training has ${JSON.stringify(b)}; a training resumes ` +
        "with the same model, data, weights, preprocessing, seed and batches. To start anew from its model, pass variables.",
      "mismatch",
    );
  }
  return checkpoint;
}

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** The optimizer's slots of a checkpoint, with the structure this optimizer gives them. */
export function storedSlots(optimizer: Optimizer, { model, slots }: Checkpoint): Tree<HostArray> {
  const tensors = new Map<string, HostArray>();
  putTree(tensors, "slots", slots);
  const trained = trainedPart(model.layer, model.variables.params);
  return takeTrees(tensors, { slots: slotStructure(optimizer, trained) }, "checkpoint").slots;
}

/** Where the training stood. The best epoch counts as long as it is told by the same `monitor`. */
export function storedProgress({ training, best: variables }: Checkpoint, monitor: string): Progress {
  const { epoch, batch, step, lossSum, weightSum, penaltySum, rowsSeen, history, best } = training;
  const kept = best?.monitor === monitor && variables !== undefined ? { ...best, variables } : undefined;
  return { epoch, batch, step, lossSum, weightSum, penaltySum, rowsSeen, history, best: kept };
}
