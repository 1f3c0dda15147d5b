// Checkpoints: a trained model together with all it takes to go on training as if nothing had happened, in one file.
import { fail, type HostArray, type Tree } from "@hooke/runtime";
import { nest, type Variables } from "../layer/variables.ts";
import type { History } from "../training/events.ts";
import { decodeFile, encodeFile, type LayerSource, type TrainedModel } from "./model.ts";
import { takeTrees } from "./trees.ts";

/** Choices that decide the batches and random numbers; a training resumes only under the same ones. */
export interface ResumeSettings {
  readonly seed: number;
  readonly batchSize: number;
  readonly shuffle: boolean;
  readonly lastBatch: "keep" | "drop";
  /** Rows of training data. */
  readonly rows: number;
}

/** Where a training stands and how it was set up. JSON. */
export interface TrainingRecord {
  /** Of the next batch. */
  readonly epoch: number;
  /** The next batch of that epoch; the number of batches if only the epoch's validation is left. */
  readonly batch: number;
  /** Updates made. */
  readonly step: number;
  /** Sum of loss times rows over the batches of the unfinished epoch. */
  readonly lossSum: number;
  /** Sum of penalty times rows over them; 0 without a penalty. */
  readonly penaltySum: number;
  /** Rows of those batches. */
  readonly rowsSeen: number;
  readonly history: History;
  readonly settings: ResumeSettings;
  /** The learning rate as its schedule's JSON, `{type, config}`: for people, since a resume names its own. */
  readonly learningRate: unknown;
  /** The best epoch so far, where there is a validation part. */
  readonly best?: { readonly monitor: string; readonly epoch: number; readonly value: number };
}

/** Everything an exact resume needs. */
export interface Checkpoint {
  readonly model: TrainedModel;
  /** The optimizer's slots, by dotted path. */
  readonly slots: Tree<HostArray>;
  readonly training: TrainingRecord;
  /** The variables of the best epoch. */
  readonly best?: Variables<HostArray>;
}

/** A checkpoint as the bytes of one safetensors file, so that writing it can be atomic. */
export function encodeCheckpoint({ model, slots, training, best }: Checkpoint): Uint8Array {
  const trees = best === undefined ? { slots } : { slots, "best.params": best.params, "best.state": best.state };
  return encodeFile(model, { trees, training });
}

/**
 * Reads the bytes of {@link encodeCheckpoint}.
 *
 * @throws on malformed files, on files without training (made by `encodeModel`), and on a checkpoint of another model,
 *   listing the variables or the option that differ
 */
export function decodeCheckpoint(bytes: Uint8Array, source: LayerSource): Checkpoint {
  const { model, training, tensors, structure } = decodeFile(bytes, source, "checkpoint");
  if (training === undefined) {
    fail("checkpoint", "holds a model only, no training to resume. Read it with decodeModel.");
  }
  const stored = [...tensors].filter(([name]) => name.startsWith("slots."));
  const slots = nest(new Map(stored.map(([name, tensor]) => [name.slice("slots.".length), tensor])));
  const checkpoint = { model, slots, training: training as TrainingRecord };
  if (checkpoint.training.best === undefined) return checkpoint;
  const expected = { "best.params": structure.params, "best.state": structure.state };
  const { "best.params": params, "best.state": state } = takeTrees(tensors, expected, "checkpoint");
  return { ...checkpoint, best: { params, state } };
}
