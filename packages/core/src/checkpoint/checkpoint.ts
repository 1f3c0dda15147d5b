// Checkpoints: a trained model together with all it takes to go on training as if nothing had happened, in one file.
import { type Aval, checkArgument, fail, type HostArray, type Tree } from "@hooke/runtime";
import type { InputShape } from "../model/input.ts";
import type { Layer } from "../model/layer.ts";
import { type TrainedModel, trainedModelCheck } from "../model/trained-model.ts";
import { nest, type Variables } from "../model/variables.ts";
import { encodeFile, readFile, type StoredFile, structureOf, variablesOf } from "./file.ts";
import { asFile } from "./header.ts";
import { checkSource, type LayerSource, modelOf } from "./model.ts";
import { type TrainingRecord, trainingCheck } from "./training-record.ts";
import { takeTrees } from "./trees.ts";

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
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  const { model, slots, training, best } = checkpoint ?? {};
  checkArgument("encodeCheckpoint", "the model", model, trainedModelCheck);
  const trees = best === undefined ? { slots } : { slots, "best.params": best.params, "best.state": best.state };
  return encodeFile(model, { trees, training });
}

/**
 * Reads the bytes of {@link encodeCheckpoint}.
 *
 * @throws on files that are not bit for bit as they were written or make no sense (`"corrupt-file"`), on files without
 *   training (made by `encodeModel`), and on a checkpoint of another model (`"mismatch"`), listing the variables or the option
 *   that differ
 */
export function decodeCheckpoint(bytes: Uint8Array, source: LayerSource): Checkpoint {
  checkSource(source, "decodeCheckpoint");
  const file = readFile(bytes, "checkpoint");
  const { model, structure } = modelOf(file, source);
  return checkpointOf(file, model, structure);
}

/**
 * {@link decodeCheckpoint} for a training that goes on: the model is known, so that nothing is built from what the file says.
 *
 * @param inputShape of the training's data; its caller compares it, and the preprocessing, with the file's
 */
export function decodeOwnCheckpoint(bytes: Uint8Array, layer: Layer, inputShape: InputShape): Checkpoint {
  const file = readFile(bytes, "checkpoint");
  const structure = structureOf(layer, inputShape, file, "mismatch");
  const { inputShape: stored, preprocessing } = file.header;
  const variables = variablesOf(file, layer, structure);
  const model = { layer, inputShape: stored, variables, ...(preprocessing && { preprocessing }) };
  return checkpointOf(file, model, structure);
}

function checkpointOf(
  { who, header, tensors }: StoredFile,
  model: TrainedModel,
  structure: Variables<Aval>,
): Checkpoint {
  if (header.training === undefined) {
    fail(who, "holds a model only, no training to resume. Read it with decodeModel.", "mismatch");
  }
  asFile(who, "corrupt-file", () => trainingCheck(header.training));
  const training = header.training as TrainingRecord;
  const checkpoint = { model, slots: nest(slotsOf(tensors), who), training };
  const best = training.best !== undefined;
  const expected: Readonly<Record<string, Tree<Aval>>> = best
    ? { "best.params": structure.params, "best.state": structure.state }
    : { best: {} };
  const trees = takeTrees(tensors, expected, who);
  return best ? { ...checkpoint, best: { params: trees["best.params"]!, state: trees["best.state"]! } } : checkpoint;
}

/** The optimizer's slots by path. */
function slotsOf(tensors: ReadonlyMap<string, HostArray>): Map<string, HostArray> {
  const slots = new Map<string, HostArray>();
  for (const [name, tensor] of tensors) {
    // An optimizer may have one array for all its slots.
    if (name === "slots") slots.set("", tensor);
    else if (name.startsWith("slots.")) slots.set(name.slice("slots.".length), tensor);
  }
  return slots;
}
