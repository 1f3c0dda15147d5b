// What `train` takes, and the checks of it that need no recording.

import {
  batchCount,
  type Dataset,
  type Metric,
  type Preprocessing,
  type StreamedDataset,
  withoutTransforms,
} from "@hooke/data";
import {
  type Aval,
  type Backend,
  describe,
  fail,
  type HostArray,
  type Keeping,
  quoted,
  suggestion,
} from "@hooke/runtime";
import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import type { Loss, Penalty } from "../losses/loss.ts";
import type { Layer } from "../model/layer.ts";
import type { Variables } from "../model/variables.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import type { Batch } from "./batch.ts";
import type { CheckpointInfo } from "./events.ts";
import type { Ranks } from "./ranks.ts";
import { constant, type Schedule } from "./schedule.ts";

/** The data of a training, in its own units: `preprocessing` is applied by `train`. */
export interface TrainingData<Data = Dataset> {
  readonly train: Data;
  /** Looked at after every epoch, never trained on. */
  readonly validation?: Data;
  /**
   * What each training row counts in the loss, `f32[rows]`, or, where every step of a sequence has its targets, each step,
   * `f32[rows, time]`: finite and not negative, in any unit. The loss is `sum(weight * loss) / sum(weight)` over the whole
   * part, of which each batch gives an estimate, whatever its size. Default: all the same.
   */
  readonly sampleWeights?: HostArray;
  /** The same for the validation part, in its loss and metrics. Default: all the same. */
  readonly validationWeights?: HostArray;
}

/** When checkpoints are taken and where they go. One is also taken when the training ends, is aborted or fails. */
export interface CheckpointOptions {
  /** A number of updates, or after every epoch. */
  readonly every: number | "epoch";
  /** Stores the bytes; the training waits. To survive being killed, it replaces the file in one go. */
  readonly save: (bytes: Uint8Array, info: CheckpointInfo) => void | Promise<void>;
  /**
   * Called before anything else of the training, with its signal: the place to refuse it, or to take what `save` needs. Default: nothing.
   */
  readonly open?: (signal?: AbortSignal) => void | Promise<void>;
  /** Called when the training is over, however it ends, if `open` succeeded. Default: nothing. */
  readonly close?: () => void | Promise<void>;
}

/** A pure function of a batch and a key, `u32[2]`, to a batch of the same shapes. */
export interface Augmentation {
  /** @param first place of the batch's first row in the whole batch of the update, where `byRow` is set. Default 0 */
  (batch: Batch<HostArray>, key: HostArray, first?: number): Batch<HostArray>;
  /**
   * Whether a row becomes what its values, its place in the whole batch and the key make of it, whatever rows are beside it. Ranks then
   * change their own rows alone; else each changes the whole batch. Default false.
   */
  readonly byRow?: boolean;
}

/** Options of `train`. */
export interface TrainOptions {
  readonly backend: Backend;
  readonly model: Layer;
  /** In memory, or streamed: read batch by batch, the next one while one is trained on. The bits are the same. */
  readonly data: TrainingData<Dataset | StreamedDataset>;
  readonly loss: Loss;
  /** Added to the loss of the training batches, and reported apart from it. See `l1` and `l2` of @hooke/regularization. Default none. */
  readonly penalty?: Penalty;
  readonly optimizer: Optimizer;
  /**
   * How gradients keep the activations of the model between forward and backward pass: `packed` of @hooke/runtime in 16 bits, which
   * takes about half of their memory. The loss is computed as ever. Default: as they are, in 32.
   */
  readonly activations?: Keeping;
  /** Passes over the training data. */
  readonly epochs: number;
  /** Rows per update. */
  readonly batchSize: number;
  /** A whole number that decides initial parameters, the order of rows and every random number in between. */
  readonly seed: number;
  readonly learningRate: number | Schedule;
  /** Computed on the validation part, in the units of the data. Default none. */
  readonly metrics?: readonly Metric[];
  /** `"loss"` or the name of a metric: what decides the best epoch. Default `"loss"`. */
  readonly monitor?: string;
  /** Fitted on the training part with `fitPreprocessing`; becomes part of the trained model. Default none. */
  readonly preprocessing?: Preprocessing;
  /**
   * Changes each training batch on the host, after preprocessing, before its update: a pure function of the batch and a key
   * (`u32[2]`) that belongs to the update. Shapes stay. See `augment` of @hooke/regularization. Default none.
   */
  readonly augment?: Augmentation;
  /** Where to start from. Default: `initialize` with the seed. */
  readonly variables?: Variables<HostArray>;
  /** A new order of rows every epoch. Default `true`. */
  readonly shuffle?: boolean;
  /** Rows left over when `batchSize` does not divide them: a smaller last batch, or none. Default `"keep"`. */
  readonly lastBatch?: "keep" | "drop";
  /** Default: no checkpoints. */
  readonly checkpoint?: CheckpointOptions;
  /**
   * A checkpoint to go on from, instead of `variables`. Epochs, learning rate, loss and the optimizer's options may differ
   * from its own; model, data, preprocessing, seed and batches may not.
   */
  readonly resume?: Uint8Array | Checkpoint;
  /**
   * The processes that make this training together, as `mpi` of @hooke/distributed-mpi finds them. The training is the one that
   * these options describe, `batchSize` rows an update over all of them, however many there are. Default: this process alone.
   */
  readonly ranks?: Ranks;
  /**
   * Ends the training after the current batch, or in the midst of a validation. The training lets the event loop turn every
   * 10 ms or after every batch, so that a timer or a signal's handler runs in time to abort; only while a program is being
   * compiled, or where one batch takes longer, it waits for that.
   */
  readonly signal?: AbortSignal;
}

/** The schedule that a `learningRate` option stands for. */
export function scheduleOf(learningRate: number | Schedule): Schedule {
  return typeof learningRate === "number" ? constant(learningRate) : learningRate;
}

/** The preprocessing of a training. Where none was asked for, it still knows the names of the columns. */
export function preprocessingOf({ preprocessing, data }: Pick<TrainOptions, "preprocessing" | "data">): Preprocessing {
  return preprocessing ?? withoutTransforms(data.train);
}

/** @throws on options that no training can run with, saying which */
export function checkTrainOptions(options: TrainOptions): void {
  const { data, batchSize, metrics = [], monitor = "loss", lastBatch = "keep" } = options;
  batchCount({ count: data.train.count, batchSize, lastBatch });
  const monitors = ["loss", ...metrics.map(({ name }) => name)];
  if (!monitors.includes(monitor)) {
    fail("train", `received monitor "${monitor}"; there are ${quoted(monitors)}.${suggestion(monitor, monitors)}`);
  }
  if (data.validation !== undefined) checkColumns(data.train, data.validation);
  if (data.validationWeights !== undefined && data.validation === undefined) {
    fail("train", "received validationWeights and no validation part; give data.validation, or leave them out.");
  }
}

function checkColumns(train: Dataset<Aval>, validation: Dataset<Aval>): void {
  const [names, others] = [train, validation].map(({ extras }) => Object.keys(extras).sort().join(", ") || "none");
  if (names !== others)
    fail(
      "train",
      `the training data has the extras ${names}, the validation data ${others}; give both the same.`,
      "mismatch",
    );
  const parts = (data: Dataset<Aval>): Record<string, Aval> => ({
    inputs: data.inputs,
    targets: data.targets,
    ...data.extras,
  });
  for (const [part, a] of Object.entries(parts(train))) {
    const b = parts(validation)[part]!;
    if (a.dtype === b.dtype && a.shape.slice(1).join() === b.shape.slice(1).join()) continue;
    fail(
      "train",
      `the validation ${part} are ${describe(b)}, the training ${part} ${describe(a)}; rows must be alike.`,
      "mismatch",
    );
  }
}
