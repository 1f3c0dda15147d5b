// One training, set up: data prepared, state created or restored, step and evaluation ready. What `train` loops over.
import { fail, foldHost, type HostArray, randomKey, type Tree, treeLeaves } from "@hooke/runtime";
import { type Checkpoint, decodeOwnCheckpoint } from "../checkpoint/checkpoint.ts";
import { firstDifference } from "../checkpoint/metadata.ts";
import type { ResumeSettings } from "../checkpoint/training-record.ts";
import { putTree, takeTrees } from "../checkpoint/trees.ts";
import { type Dataset, takeExtras, takeRows } from "../data/dataset.ts";
import { preprocess } from "../data/preprocessing.ts";
import { initialize } from "../layer/init.ts";
import { type InputShape, inputShapeOf } from "../layer/input.ts";
import { trainedPart } from "../layers/frozen-parameters.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import { type Batch, batchSignature } from "./batch.ts";
import { createEvaluator, type Evaluator } from "./evaluator.ts";
import type { Best, History, Monitor } from "./events.ts";
import { checkTrainOptions, type TrainOptions } from "./options.ts";
import { createPredictor } from "./predictor.ts";
import { slotStructure } from "./slots.ts";
import { createTrainer, type Trainer } from "./step.ts";

/** What changes while a training runs, besides the training state. */
export interface Progress {
  epoch: number;
  batch: number;
  step: number;
  lossSum: number;
  penaltySum: number;
  rowsSeen: number;
  history: History;
  best: Best | undefined;
}

/** A training ready to go. */
export interface Run {
  readonly trainer: Trainer;
  /** Absent without a validation part. */
  readonly evaluator: Evaluator | undefined;
  /** After preprocessing. */
  readonly data: Dataset;
  /** The batch of these rows, in memory that the next call with as many rows reuses. */
  readonly batchOf: (rows: Int32Array) => Batch<HostArray>;
  /** The batch as the update of this number sees it. */
  readonly augmented: (batch: Batch<HostArray>, step: number) => Batch<HostArray>;
  readonly settings: ResumeSettings;
  readonly progress: Progress;
  /** What decides the best epoch. */
  readonly monitor: Monitor;
  free(): void;
}

/** @throws on options that do not fit together, and on checkpoints of another training */
export async function setUp(options: TrainOptions): Promise<Run> {
  checkTrainOptions(options);
  const { backend, model, seed, batchSize, shuffle = true, lastBatch = "keep", preprocessing, metrics = [] } = options;
  const { train, validation, sampleWeights } = options.data;
  const data = preprocessing === undefined ? train : preprocess(preprocessing, train);
  const settings: ResumeSettings = { seed, batchSize, shuffle, lastBatch, rows: train.count };
  const inputShape = inputShapeOf(data.inputs, data.extras);
  const checkpoint = options.resume && checkpointOf(options.resume, options, settings, inputShape);
  const dtype = data.inputs.dtype === "f64" ? "f64" : "f32";
  const variables =
    checkpoint?.model.variables ?? options.variables ?? (await initialize(backend, model, inputShape, seed, dtype));
  if (treeLeaves(variables.params).length === 0) fail("train", `the model (${model.type}) has no parameters to train.`);
  if (treeLeaves(trainedPart(model, variables.params)).length === 0) {
    fail(
      "train",
      `all parameters of the model (${model.type}) are frozen; leave the layers to train out of frozen(...).`,
    );
  }
  const slots = checkpoint && storedSlots(options.optimizer, checkpoint);
  const trainer = createTrainer({ ...options, variables, ...(slots && { slots }) });
  const predictor = createPredictor({ backend, model, inputShape, variables, buffers: trainer.variables });
  const evaluator = validation && createEvaluator({ ...options, predictor, data: validation, preprocessing, metrics });
  const metric = metrics.find(({ name }) => name === options.monitor);
  const monitor: Monitor = { name: metric?.name ?? "loss", direction: metric?.direction ?? "minimize" };
  return {
    trainer,
    evaluator,
    data,
    batchOf: batchReader(data, sampleWeights),
    augmented: augmenter(options),
    settings,
    progress: progressOf(checkpoint, monitor.name),
    monitor,
    free() {
      evaluator?.free();
      predictor.free();
      trainer.free();
    },
  };
}

function progressOf(checkpoint: Checkpoint | undefined, monitor: string): Progress {
  if (checkpoint === undefined) {
    return { epoch: 0, batch: 0, step: 0, lossSum: 0, penaltySum: 0, rowsSeen: 0, history: [], best: undefined };
  }
  const { training, best: variables } = checkpoint;
  const { epoch, batch, step, lossSum, penaltySum, rowsSeen, history, best } = training;
  const kept = best?.monitor === monitor && variables !== undefined ? { ...best, variables } : undefined;
  return { epoch, batch, step, lossSum, penaltySum, rowsSeen, history, best: kept };
}

function checkpointOf(
  resume: Uint8Array | Checkpoint,
  { model, preprocessing }: TrainOptions,
  settings: ResumeSettings,
  inputShape: InputShape,
): Checkpoint {
  const checkpoint = resume instanceof Uint8Array ? decodeOwnCheckpoint(resume, model, inputShape) : resume;
  const { model: stored, training } = checkpoint;
  const { layer, inputShape: storedShape, preprocessing: storedPreprocessing } = stored;
  const difference = firstDifference(
    asJson({ ...training.settings, inputShape: storedShape, layer, preprocessing: storedPreprocessing }),
    asJson({ ...settings, inputShape, layer: model, preprocessing }),
  );
  if (difference !== undefined) {
    const { path, a, b } = difference;
    fail(
      "checkpoint",
      `was taken with ${path} ${JSON.stringify(a)}, this training has ${JSON.stringify(b)}; a training resumes ` +
        "with the same model, data, preprocessing, seed and batches. To start anew from its model, pass variables.",
    );
  }
  return checkpoint;
}

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** The optimizer's slots of a checkpoint, with the structure this optimizer gives them. */
function storedSlots(optimizer: Optimizer, { model, slots }: Checkpoint): Tree<HostArray> {
  const tensors = new Map<string, HostArray>();
  putTree(tensors, "slots", slots);
  const trained = trainedPart(model.layer, model.variables.params);
  return takeTrees(tensors, { slots: slotStructure(optimizer, trained) }, "checkpoint").slots;
}

/** Augmentation with a key for each update, so that a resumed training draws what the uninterrupted one does. */
function augmenter({ augment, seed }: TrainOptions): Run["augmented"] {
  if (augment === undefined) return (batch) => batch;
  const key = foldHost(randomKey(seed), "augment");
  return (batch, step) => {
    const result = augment(batch, foldHost(key, step));
    const [before, after] = [batchSignature(batch), batchSignature(result)];
    if (before !== after)
      fail("train", `augment turned a batch of ${before} into ${after}; shapes and dtypes must stay.`);
    return result;
  };
}

/** Batches of a dataset, assembled in the same memory each time. */
function batchReader(data: Dataset, sampleWeights: HostArray | undefined): (rows: Int32Array) => Batch<HostArray> {
  const held = new Map<number, Batch<HostArray>>();
  return (rows) => {
    const into = held.get(rows.length);
    const inputs = takeRows(data.inputs, rows, into?.inputs);
    const targets = takeRows(data.targets, rows, into?.targets);
    const weights = sampleWeights && takeRows(sampleWeights, rows, into?.weights);
    const extras = takeExtras(data.extras, rows, into?.extras);
    if (into !== undefined) return into;
    const batch = {
      ...{ inputs, targets },
      ...(weights && { weights }),
      ...(Object.keys(extras).length > 0 && { extras }),
    };
    held.set(rows.length, batch);
    return batch;
  };
}
