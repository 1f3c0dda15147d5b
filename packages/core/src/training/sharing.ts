// Sharing: what a training asks of processes that make it together. How they do it comes with them, from @hooke/core/ranks.

import type { Dataset } from "@hooke/data";
import type { Aval, HostArray } from "@hooke/runtime";
import type { ResumeSettings } from "../checkpoint/training-record.ts";
import type { Batch } from "./batch.ts";
import type { Monitor } from "./events.ts";
import type { TrainOptions } from "./options.ts";
import type { PlannedBatch } from "./plan.ts";
import type { Predictor } from "./predictor.ts";
import type { Progress } from "./progress.ts";
import type { Ranks } from "./ranks.ts";
import type { TrainerOf, TrainerOptions } from "./step.ts";
import type { AnyStep } from "./steps.ts";
import type { LossWeights } from "./weights.ts";

/** Ranks, and how they share a training. */
export interface SharingRanks extends Ranks {
  /** How this process takes part in a training; undefined where it is alone. @throws on options that cannot be shared */
  share(options: TrainOptions): Sharing | undefined;
}

/** What ranks compare of a run. */
export interface ComparedRun {
  readonly trainer: TrainerOf<AnyStep>;
  readonly data: Dataset<Aval>;
  readonly weights: LossWeights | undefined;
  readonly settings: ResumeSettings;
  readonly progress: Progress;
  readonly monitor: Monitor;
}

/** How one process takes part in a training. */
export interface Sharing {
  /** Those of the training, with a signal that all ranks see at the same batch, and checkpoints that rank 0 alone stores. */
  readonly options: TrainOptions;
  /** The rows that are read here, of a batch of so many: where they begin, and where they end. */
  span(rows: number): readonly [first: number, end: number];
  /** The part of a batch that is read here. */
  plan(batch: PlannedBatch): PlannedBatch;
  createTrainer(options: TrainerOptions): TrainerOf<AnyStep>;
  /** The rows of a batch of `whole` rows that are trained on here, as `augment` changes them. */
  augmented(
    augment: (batch: Batch<HostArray>, number: number, first: number) => Batch<HostArray>,
    batch: Batch<HostArray>,
    number: number,
    whole: number,
  ): Batch<HostArray>;
  predictor(own: Predictor): Predictor;
  /** Waits for all ranks. @throws if they are not about to make the same training */
  begin(run: ComparedRun): Promise<void>;
  /** Waits for all ranks, which have made the same training. */
  end(run: ComparedRun): Promise<void>;
  /** Tells the others of an error. @returns the error that all ranks throw */
  failed(error: unknown): Promise<unknown>;
  /** Ends the part of this process, however the training ends. */
  close(): Promise<void>;
}
