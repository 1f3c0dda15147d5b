// The file that a trained model is kept in.

import type { Preprocessing } from "@hooke/data";
import { type Aval, checkArgument, fail, type Plugin, record, type Tensor } from "@hooke/runtime";
import { apply } from "../model/apply.ts";
import { exampleBatch, type InputShape } from "../model/input.ts";
import { layerFromJson } from "../model/json.ts";
import { isLayer, type Layer } from "../model/layer.ts";
import { type TrainedModel, trainedModelCheck } from "../model/trained-model.ts";
import { precisionOf, type Variables } from "../model/variables.ts";
import { checkClasses } from "../training/fits.ts";
import { checkHeader } from "./check-header.ts";
import { encodeFile, readFile, type StoredFile, structureOf, variablesOf } from "./file.ts";
import { asFile } from "./header.ts";

/** Where a stored model's layers come from: rebuilt from its JSON through plugins, or the model it was made with. */
export type LayerSource = { readonly plugins: readonly Plugin[] } | { readonly layer: Layer };

/**
 * A trained model as the bytes of a safetensors file with a checksum (CRC-32C) over all of it. {@link decodeModel} reads them,
 * and other readers of the format the tensors.
 */
export function encodeModel(model: TrainedModel): Uint8Array {
  checkArgument("encodeModel", "the model", model, trainedModelCheck);
  return encodeFile(model);
}

/**
 * Reads a model from the bytes of {@link encodeModel}, or of a checkpoint.
 *
 * @throws on files that are not bit for bit as they were written or make no sense (`"corrupt-file"`), on layer types no plugin
 *   has (naming the package), and on files of another model (`"mismatch"`)
 */
export function decodeModel(bytes: Uint8Array, source: LayerSource): TrainedModel {
  checkSource(source, "decodeModel");
  return modelOf(readFile(bytes, "model file"), source).model;
}

/** The model in a file, and the structure of its variables. */
export function modelOf(file: StoredFile, source: LayerSource): { model: TrainedModel; structure: Variables<Aval> } {
  const { who, header } = file;
  checkHeader(header, who);
  const { inputShape, preprocessing } = header;
  const [layer, code] =
    "layer" in source
      ? ([source.layer, "mismatch"] as const)
      : ([asFile(who, "corrupt-file", () => layerFromJson(header.layer, source.plugins)), "corrupt-file"] as const);
  const structure = structureOf(layer, inputShape, file, code);
  const variables = variablesOf(file, layer, structure);
  if (preprocessing?.classes)
    asFile(who, "corrupt-file", () => checkOutputs(layer, inputShape, structure, preprocessing));
  return { model: { layer, inputShape, variables, ...(preprocessing && { preprocessing }) }, structure };
}

/** @throws if the model has not an output for each class */
function checkOutputs(
  layer: Layer,
  inputShape: InputShape,
  structure: Variables<Aval>,
  preprocessing: Preprocessing,
): void {
  const forward = (variables: Variables): Tensor => {
    const { x, extras } = exampleBatch(inputShape, precisionOf(structure));
    return apply(layer, variables, x, { extras }).output;
  };
  const { result } = record(forward as (...args: unknown[]) => Tensor, structure);
  checkClasses(layer, result as unknown as Aval, preprocessing);
}

/** @throws if layers can come from nowhere */
export function checkSource(source: LayerSource, who: string): void {
  const { layer, plugins } = (source ?? {}) as { layer?: unknown; plugins?: unknown };
  if (isLayer(layer) || Array.isArray(plugins)) return;
  fail(who, "received nothing to take the layers from: give { plugins: [core] }, or the model as { layer }.");
}
