// A trained model, and the file it is kept in: safetensors with layers, preprocessing and versions as JSON inside.
import {
  type Aval,
  fail,
  type HostArray,
  type Plugin,
  randomKey,
  record,
  type Tensor,
  type Tree,
} from "@hooke/runtime";
import manifest from "../../package.json" with { type: "json" };
import type { Preprocessing } from "../data/preprocessing.ts";
import { init } from "../layer/init.ts";
import type { InputShape } from "../layer/input.ts";
import { layerFromJson } from "../layer/json.ts";
import type { Layer } from "../layer/layer.ts";
import type { Variables } from "../layer/variables.ts";
import { decodeJson, encodeJson, firstDifference } from "./metadata.ts";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.ts";
import { putTree, takeTrees } from "./trees.ts";

/** A model with its variables, ready to predict. */
export interface TrainedModel {
  readonly layer: Layer;
  /** Of one row of inputs, after preprocessing: without the batch dimension. */
  readonly inputShape: InputShape;
  readonly variables: Variables<HostArray>;
  /** Applied to inputs before the model, and undone on its predictions. */
  readonly preprocessing?: Preprocessing;
}

/** Where a stored model's layers come from: rebuilt from its JSON through plugins, or the model it was made with. */
export type LayerSource = { readonly plugins: readonly Plugin[] } | { readonly layer: Layer };

/** What a file holds besides the variables. */
export interface Extra {
  /** Further trees, each under its own prefix. */
  readonly trees: Readonly<Record<string, Tree<HostArray>>>;
  /** A JSON value. */
  readonly training: unknown;
}

interface Header {
  readonly format: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly layer: unknown;
  readonly inputShape: InputShape;
  readonly preprocessing?: Preprocessing;
  readonly training?: unknown;
}

const format = 1;

/** A trained model as the bytes of a safetensors file. {@link decodeModel} reads them. */
export function encodeModel(model: TrainedModel): Uint8Array {
  return encodeFile(model);
}

/**
 * Reads a model from the bytes of {@link encodeModel}, or of a checkpoint.
 *
 * @throws on malformed files, on layer types no plugin has (naming the package), and on files of another model
 */
export function decodeModel(bytes: Uint8Array, source: LayerSource): TrainedModel {
  return decodeFile(bytes, source, "model file").model;
}

export function encodeFile(model: TrainedModel, extra?: Extra): Uint8Array {
  const tensors = new Map<string, HostArray>();
  putTree(tensors, "params", model.variables.params);
  putTree(tensors, "state", model.variables.state);
  for (const [prefix, tree] of Object.entries(extra?.trees ?? {})) putTree(tensors, prefix, tree);
  const header: Header = {
    format,
    versions: { [manifest.name]: manifest.version },
    layer: model.layer,
    inputShape: model.inputShape,
    ...(model.preprocessing && { preprocessing: model.preprocessing }),
    ...(extra && { training: extra.training }),
  };
  return encodeSafetensors(Object.fromEntries(tensors), { hooke: encodeJson(header) });
}

export interface DecodedFile {
  readonly model: TrainedModel;
  readonly training: unknown;
  /** All tensors of the file by name. */
  readonly tensors: ReadonlyMap<string, HostArray>;
  /** What the variables of the model look like. */
  readonly structure: Variables<Aval>;
}

export function decodeFile(bytes: Uint8Array, source: LayerSource, who: string): DecodedFile {
  const file = decodeSafetensors(bytes, who);
  const header = headerOf(file.metadata.hooke, who);
  const layer = "layer" in source ? source.layer : layerFromJson(header.layer, source.plugins);
  const tensors = new Map(Object.entries(file.tensors));
  const structure = structureOf(layer, header.inputShape, tensors);
  const { params, state } = takeTrees(tensors, structure, who);
  const difference = firstDifference(header.layer, JSON.parse(JSON.stringify(layer)));
  if (difference !== undefined) {
    const { path, a, b } = difference;
    fail(who, `belongs to another model: ${path} is ${JSON.stringify(a)}, in the model ${JSON.stringify(b)}.`);
  }
  const { inputShape, preprocessing, training } = header;
  const model = { layer, inputShape, variables: { params, state }, ...(preprocessing && { preprocessing }) };
  return { model, training, tensors, structure };
}

function headerOf(text: string | undefined, who: string): Header {
  if (text === undefined) {
    fail(
      who,
      'its metadata has no "hooke" entry; it was not written by Hooke. Read its tensors with decodeSafetensors.',
    );
  }
  let header: Partial<Header> | null;
  try {
    header = decodeJson(text) as Partial<Header> | null;
  } catch {
    return fail(who, 'the "hooke" entry of its metadata is not JSON; the file is damaged.');
  }
  if (header?.format !== format) {
    fail(
      who,
      `has format ${header?.format}; this version of ${manifest.name} (${manifest.version}) reads format ${format}.`,
    );
  }
  return header as Header;
}

/** Shapes and dtypes of a model's variables. */
function structureOf(layer: Layer, inputShape: InputShape, tensors: ReadonlyMap<string, HostArray>): Variables<Aval> {
  const wide = [...tensors].some(([name, { dtype }]) => name.startsWith("params.") && dtype === "f64");
  const make = (key: Tensor): Variables => init(layer, inputShape, key, wide ? "f64" : "f32");
  return record(make, randomKey(0)).result as unknown as Variables<Aval>;
}
