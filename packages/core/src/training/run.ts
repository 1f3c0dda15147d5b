// One training, set up: data prepared, state created or restored, step and evaluation ready. What `train` loops over.

import {
  batchCount,
  checkResolution,
  type Dataset,
  datasetInPrecision,
  isStreamed,
  preprocess,
  type StreamedArray,
  trainingWarnings,
} from "@hooke/data";
import { fail, type HostArray, treeLeaves } from "@hooke/runtime";
import type { ResumeSettings } from "../checkpoint/training-record.ts";
import { trainedPart } from "../layers/frozen-parameters.ts";
import { initialize } from "../model/init.ts";
import { inputShapeOf } from "../model/input.ts";
import { precisionOf } from "../model/variables.ts";
import type { Batch, BatchOf } from "./batch.ts";
import { batchReader } from "./batch-reader.ts";
import type { Evaluator } from "./evaluator.ts";
import type { Monitor } from "./events.ts";
import { lossFor } from "./loss-for.ts";
import { preprocessingOf, type TrainingData, type TrainOptions } from "./options.ts";
import type { Parts } from "./parts.ts";
import { createPredictor } from "./predictor.ts";
import type { Progress } from "./progress.ts";
import type { Sharing } from "./sharing.ts";
import { createTrainer, type TrainerOf } from "./step.ts";
import { type AnyStep, createSteps, type Steps } from "./steps.ts";
import { type LossWeights, lossWeights } from "./weights.ts";

type Part = Dataset<HostArray | StreamedArray>;

/** A training ready to go. */
export interface Run {
  readonly trainer: TrainerOf<AnyStep>;
  readonly steps: Steps;
  /** Absent without a validation part. */
  readonly evaluator: Evaluator | undefined;
  /** After preprocessing. */
  readonly data: Part;
  /**
   * The batch of these rows, in memory that the next call with as many rows reuses; undefined if the training is stopped before it
   * is read. Those of `next` are read meanwhile.
   */
  readonly batchOf: BatchOf;
  /** The batch of this number, counted from 1 over the whole training, as its step sees it; of `whole` rows with those of other ranks. */
  readonly augmented: (batch: Batch<HostArray>, number: number, whole: number) => Batch<HostArray>;
  /** What each row counts in the loss; absent where all count the same. */
  readonly weights: LossWeights | undefined;
  /** How other processes share it; absent where this one is alone. */
  readonly sharing: Sharing | undefined;
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

/**
 * @param options checked by `checkTrainOptions`
 * @param parts what they ask for
 * @param sharing where other processes share the training
 * @throws on checkpoints of another training
 */
export async function setUp(
  options: TrainOptions,
  { resuming, summing, evaluating, labelling, augmenting, streaming }: Parts,
  sharing: Sharing | undefined,
): Promise<Run> {
  const { backend, model, seed, batchSize, shuffle = true, lastBatch = "keep", metrics = [], signal } = options;
  const preprocessing = preprocessingOf(options);
  const { sampleWeights, validationWeights, train, validation }: TrainingData<Part> = options.data;
  const loss = lossFor(options.loss, preprocessing.classes);
  const prepared = (part: Part): Part => {
    const own = preprocess(preprocessing, part);
    return labelling?.withIgnored(own, loss) ?? own;
  };
  const exact = prepared(train);
  if (train.dtype === "f32") checkResolution(exact);
  const data = datasetInPrecision(exact, train.dtype);
  const weights = lossWeights(data, loss, sampleWeights);
  const { accumulation = 1 } = options.optimizer;
  const settings: ResumeSettings = {
    seed,
    batchSize,
    shuffle,
    lastBatch,
    rows: train.count,
    ...(accumulation > 1 && { accumulation }),
    ...(summing && { data: summing.dataChecksum(train, sampleWeights) }),
  };
  const inputShape = inputShapeOf(data.inputs, data.extras);
  const checkpoint = options.resume && resuming?.checkpointOf(options.resume, options, settings, inputShape);
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
  const precision = precisionOf(variables);
  if (precision !== data.dtype) {
    fail(
      "train",
      `received variables in ${precision} and data in ${data.dtype}; make the variables of the data's dtype, ` +
        `initialize(backend, model, inputShape, seed, "${data.dtype}"), or give the arrays of the data as ${precision}.`,
      "mismatch",
    );
  }
  labelling?.checkLossTargets(loss, model, variables, [data, ...(validation ? [prepared(validation)] : [])]);
  const metric = metrics.find(({ name }) => name === options.monitor);
  const slots = checkpoint && resuming?.storedSlots(options.optimizer, checkpoint);
  const { createTrainer: create, predictor: shared } = sharing ?? { createTrainer, predictor: undefined };
  const trainer = create({ ...options, loss, variables, predicted: preprocessing, ...(slots && { slots }) });
  try {
    const own = createPredictor({ backend, model, inputShape, variables, buffers: trainer.variables });
    const predictor = shared?.(own) ?? own;
    const augment = augmenting?.augmenter(options);
    const evaluator =
      validation &&
      evaluating?.createEvaluator({
        ...{
          backend,
          model,
          loss,
          batchSize,
          predictor,
          data: labelling?.withIgnored(validation, loss) ?? validation,
          preprocessing,
          metrics,
        },
        ...(metric && { watched: metric }),
        ...(validationWeights && { sampleWeights: validationWeights, weightsName: "validationWeights" }),
      });
    const monitor: Monitor = { name: metric?.name ?? "loss", direction: metric?.direction ?? "minimize" };
    return {
      trainer,
      steps: createSteps(trainer, data.batchExtras !== undefined),
      evaluator,
      data,
      batchOf: isStreamed(data.inputs)
        ? streaming!.streamedBatches({ ...data, inputs: data.inputs }, weights?.given, signal)
        : batchReader({ ...data, inputs: data.inputs }, weights?.given),
      augmented: (batch, number, whole) => {
        if (augment === undefined) return batch;
        return sharing?.augmented(augment, batch, number, whole) ?? augment(batch, number);
      },
      weights,
      sharing,
      settings,
      batches: batchCount({ count: train.count, batchSize, lastBatch }),
      progress: (checkpoint && resuming?.storedProgress(checkpoint, monitor.name)) ?? beginning(),
      monitor,
      warnings: trainingWarnings(train, preprocessing),
      free() {
        evaluator?.free();
        predictor.free();
        trainer.free();
      },
    };
  } catch (error) {
    trainer.free();
    throw error;
  }
}

function beginning(): Progress {
  const sums = { lossSum: 0, weightSum: 0, penaltySum: 0, rowsSeen: 0 };
  return { epoch: 0, batch: 0, step: 0, ...sums, history: [], best: undefined };
}
