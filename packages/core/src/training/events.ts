// What training reports: events while it runs, and the history they leave.

import type { Direction } from "@hooke/data";
import type { HostArray, Tree } from "@hooke/runtime";
import type { Variables } from "../model/variables.ts";

/** Loss and metrics on the validation part. */
export interface Validation {
  readonly loss: number;
  /** By metric name, in the units of the data. NaN where a metric has no value. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Why, by metric name; absent where all have values. */
  readonly undefinedMetrics?: Readonly<Record<string, string>>;
}

/** One epoch of a training. */
export interface EpochRecord {
  /** Counted from 0. */
  readonly epoch: number;
  /** Updates made by the end of the epoch. */
  readonly step: number;
  /** Mean training loss over the epoch's rows, each as it was before the update on its batch. */
  readonly loss: number;
  /** Mean penalty, in the same way. Absent without the option `penalty`. */
  readonly penalty?: number;
  /** Of the epoch's last update. */
  readonly learningRate: number;
  readonly validation?: Validation;
}

/** The validation loss or a metric, and which way is better. */
export interface Monitor {
  /** `"loss"` or the name of a metric. */
  readonly name: string;
  readonly direction: Direction;
}

/** The epoch with the best validation loss or metric, the first one of equals. */
export interface Best {
  readonly epoch: number;
  /** What is compared: `"loss"` or the name of a metric. */
  readonly monitor: string;
  readonly value: number;
  readonly variables: Variables<HostArray>;
}

/** The epochs so far, oldest first. */
export type History = readonly EpochRecord[];

/** After every update. */
export interface StepEvent {
  readonly type: "step";
  /** Counted from 0. */
  readonly epoch: number;
  /** Epochs asked for. */
  readonly epochs: number;
  /** Counted from 0 within the epoch. */
  readonly batch: number;
  /** Batches in an epoch. */
  readonly batches: number;
  /** Updates made, this one included. */
  readonly step: number;
  /** Loss of this batch before the update, without the penalty. */
  readonly loss: number;
  /** What the update made small besides the loss. Absent without the option `penalty`. */
  readonly penalty?: number;
  readonly learningRate: number;
  /** Rows in the batch. */
  readonly rows: number;
  /** What deserves a look in the data, as at the end: known from the first update on. */
  readonly warnings: readonly string[];
}

/** After every epoch's last update. */
export interface EpochEvent {
  readonly type: "epoch";
  readonly epoch: number;
  /** Epochs asked for. */
  readonly epochs: number;
  readonly step: number;
  readonly loss: number;
  readonly penalty?: number;
  readonly learningRate: number;
}

/** After every epoch, where there is a validation part. */
export interface ValidationEvent extends Validation {
  readonly type: "validation";
  readonly epoch: number;
  readonly step: number;
  /** What decides the best epoch. */
  readonly monitor: Monitor;
  /** Whether this is the best epoch so far. */
  readonly improved: boolean;
  /** Absent only while the monitored value has always been NaN, or infinitely bad. */
  readonly best?: Best;
  /** With this epoch. */
  readonly history: History;
  /** Copies the variables as validated. Call it before asking for the next event. */
  variables(): Promise<Variables<HostArray>>;
}

/** After a checkpoint was saved. */
export interface CheckpointEvent extends CheckpointInfo {
  readonly type: "checkpoint";
  /** Size of the checkpoint. */
  readonly bytes: number;
}

/** Where training stood when a checkpoint was taken. */
export interface CheckpointInfo {
  /** Of the next batch to train. */
  readonly epoch: number;
  /** The next batch to train, counted from 0; may be the number of batches, before an epoch's validation. */
  readonly batch: number;
  /** Updates made. */
  readonly step: number;
}

/**
 * After the device of the backend was lost: it is open again, and what it held is computed again, to the same bits if it is the same device. The
 * training goes on as if nothing had happened; no other event is told twice.
 */
export interface RecoveryEvent {
  readonly type: "recovery";
  /** What was said of the loss. */
  readonly reason: string;
  /** Batches that were computed again. */
  readonly repeated: number;
  /** Of the next batch to train. */
  readonly epoch: number;
  /** The next batch to train, counted from 0. */
  readonly batch: number;
  /** Updates made. */
  readonly step: number;
}

/** Once, as the last event. */
export interface EndEvent {
  readonly type: "end";
  /** `aborted`: by the signal. Everything trained so far is in `variables`, and in a checkpoint where they are kept. */
  readonly reason: "finished" | "aborted";
  readonly epoch: number;
  readonly step: number;
  readonly history: History;
  /** Absent without a validation part, and before the first epoch's end. */
  readonly best?: Best;
  /** What deserves a look, a sentence each, such as columns that are constant in the training part. Empty where nothing does. */
  readonly warnings: readonly string[];
  /** Copies the final variables. Call it before asking for the next event. */
  variables(): Promise<Variables<HostArray>>;
  /** Copies what the optimizer remembers, such as an average of the parameters. Call it before asking for the next event. */
  slots(): Promise<Tree<HostArray>>;
}

/** What `train` yields. */
export type TrainingEvent = StepEvent | EpochEvent | ValidationEvent | CheckpointEvent | RecoveryEvent | EndEvent;
