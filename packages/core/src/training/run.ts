// One training, set up: data prepared, state created or restored, step and evaluation ready. What `train` loops over.
import { fail, foldHost, type HostArray, randomKey, type Tree, treeLeaves } from "@hooke/runtime";
import { type Checkpoint, decodeOwnCheckpoint } from "../checkpoint/checkpoint.ts";
import { firstDifference } from "../checkpoint/metadata.ts";
import type { ResumeSettings } from "../checkpoint/training-record.ts";
import { putTree, takeTrees } from "../checkpoint/trees.ts";
import type { Dataset } from "../data/dataset.ts";
import { batchCount } from "../data/loader.ts";
import { checkResolution, datasetInPrecision } from "../data/precision.ts";
import { preprocess, warningsOf } from "../data/preprocessing.ts";
import { initialize } from "../layer/init.ts";
import { type InputShape, inputShapeOf } from "../layer/input.ts";
import { trainedPart } from "../layers/frozen-parameters.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import { type Batch, batchSignature } from "./batch.ts";
import { batchReader } from "./batch-reader.ts";
import { checkLossLabels } from "./check-labels.ts";
import { createEvaluator, type Evaluator } from "./evaluator.ts";
import type { Best, History, Monitor } from "./events.ts";
import { preprocessingOf, type TrainOptions } from "./options.ts";
import { createPredictor } from "./predictor.ts";
import { slotStructure } from "./slots.ts";
import { createTrainer, type Trainer } from "./step.ts";
import { createSteps, type Steps } from "./steps.ts";
import { lossWeights } from "./weights.ts";

/** What changes while a training runs, besides the training state. */
export interface Progress {
  epoch: number;
  batch: number;
  step: number;
  lossSum: number;
  penaltySum: number;
  rowsSeen: number;
  weightSum: number;
  history: History;
  best: Best | undefined;
}

/** A training ready to go. */
export interface Run {
  readonly trainer: Trainer;
  readonly steps: Steps;
  /** Absent without a validation part. */
  readonly evaluator: Evaluator | undefined;
  /** After preprocessing. */
  readonly data: Dataset;
  /** The batch of these rows, in memory that the next call with as many rows reuses. */
  readonly batchOf: (rows: Int32Array) => Batch<HostArray>;
  /** The batch of this number, counted from 1 over the whole training, as its step sees it. */
  readonly augmented: (batch: Batch<HostArray>, number: number) => Batch<HostArray>;
  /** What each row counts in the loss; absent where all count the same. */
  readonly weights: HostArray | undefined;
  readonly settings: ResumeSettings;
  /** Batches in an epoch. */
  readonly batches: number;
  readonly progress: Progress;
  /** What decides the best epoch. */
  readonly monitor: Monitor;
  /** What deserves a look in the data. */
  readonly warnings: readonly string[];
  free(): void;
}

/** @param options checked by `checkTrainOptions`. @throws on checkpoints of another training */
export async function setUp(options: TrainOptions): Promise<Run> {
  const { backend, model, seed, batchSize, shuffle = true, lastBatch = "keep", metrics = [] } = options;
  const preprocessing = preprocessingOf(options);
  const { train, validation, sampleWeights, validationWeights } = options.data;
  const exact = preprocess(preprocessing, train);
  if (train.dtype === "f32") checkResolution(exact);
  const data = datasetInPrecision(exact, train.dtype);
  const weights = lossWeights(data, sampleWeights);
  const { accumulation = 1 } = options.optimizer;
  const settings: ResumeSettings = {
    ...{ seed, batchSize, shuffle, lastBatch, rows: train.count },
    ...(accumulation > 1 && { accumulation }),
  };
  const inputShape = inputShapeOf(data.inputs, data.extras);
  const checkpoint = options.resume && checkpointOf(options.resume, options, settings, inputShape);
  const variables =
    checkpoint?.model.variables ??
    options.variables ??
    (await initialize(backend, model, inputShape, seed, data.dtype));
  if (treeLeaves(variables.params).length === 0) fail("train", `the model (${model.type}) has no parameters to train.`);
  if (treeLeaves(trainedPart(model, variables.params)).length === 0) {
    fail(
      "train",
      `all parameters of the model (${model.type}) are frozen; leave the layers to train out of frozen(...).`,
    );
  }
  checkLossLabels(options.loss, model, variables, [
    data,
    ...(validation ? [preprocess(preprocessing, validation)] : []),
  ]);
  const slots = checkpoint && storedSlots(options.optimizer, checkpoint);
  const trainer = createTrainer({ ...options, variables, ...(slots && { slots }) });
  const predictor = createPredictor({ backend, model, inputShape, variables, buffers: trainer.variables });
  const evaluator =
    validation &&
    createEvaluator({
      ...{ backend, model, loss: options.loss, batchSize, predictor, data: validation, preprocessing, metrics },
      ...(validationWeights && { sampleWeights: validationWeights, weightsName: "validationWeights" }),
    });
  const metric = metrics.find(({ name }) => name === options.monitor);
  const monitor: Monitor = { name: metric?.name ?? "loss", direction: metric?.direction ?? "minimize" };
  return {
    trainer,
    steps: createSteps(trainer),
    evaluator,
    data,
    batchOf: batchReader(data, weights),
    augmented: augmenter(options),
    weights,
    settings,
    batches: batchCount({ count: train.count, batchSize, lastBatch }),
    progress: progressOf(checkpoint, monitor.name),
    monitor,
    warnings: warningsOf(preprocessing),
    free() {
      evaluator?.free();
      predictor.free();
      trainer.free();
    },
  };
}

function progressOf(checkpoint: Checkpoint | undefined, monitor: string): Progress {
  if (checkpoint === undefined) {
    const sums = { lossSum: 0, weightSum: 0, penaltySum: 0, rowsSeen: 0 };
    return { epoch: 0, batch: 0, step: 0, ...sums, history: [], best: undefined };
  }
  const { training, best: variables } = checkpoint;
  const { epoch, batch, step, lossSum, weightSum, penaltySum, rowsSeen, history, best } = training;
  const kept = best?.monitor === monitor && variables !== undefined ? { ...best, variables } : undefined;
  return { epoch, batch, step, lossSum, weightSum, penaltySum, rowsSeen, history, best: kept };
}

function checkpointOf(
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
        "with the same model, data, preprocessing, seed and batches. To start anew from its model, pass variables.",
      "mismatch",
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

/** Augmentation with a key for each batch, so that a resumed training draws what the uninterrupted one does. */
function augmenter({ augment, seed }: TrainOptions): Run["augmented"] {
  if (augment === undefined) return (batch) => batch;
  const key = foldHost(randomKey(seed), "augment");
  return (batch, number) => {
    const result = augment(batch, foldHost(key, number));
    const [before, after] = [batchSignature(batch), batchSignature(result)];
    if (before !== after)
      fail("train", `augment turned a batch of ${before} into ${after}; shapes and dtypes must stay.`, "mismatch");
    return result;
  };
}
