// The file that models and checkpoints are kept in: safetensors with a checksum, with layers, preprocessing and versions as JSON.

import { ownDTypes, readSafetensors, writeSafetensors } from "@hooke/data/safetensors";
import {
  type Aval,
  fail,
  type HostArray,
  quoted,
  randomKey,
  record,
  show,
  type Tensor,
  type Tree,
} from "@hooke/runtime";
import { init } from "../model/init.ts";
import type { InputShape } from "../model/input.ts";
import type { Layer } from "../model/layer.ts";
import type { TrainedModel } from "../model/trained-model.ts";
import type { Variables } from "../model/variables.ts";
import { asFile, format, type Header, headerOf, versions } from "./header.ts";
import { encodeJson, firstDifference } from "./metadata.ts";
import { putTree, takeTrees } from "./trees.ts";

/** What a file holds besides the variables. */
export interface Extra {
  /** Further trees, each under its own prefix. */
  readonly trees: Readonly<Record<string, Tree<HostArray>>>;
  /** A JSON value. */
  readonly training: unknown;
}

export function encodeFile(model: TrainedModel, extra?: Extra): Uint8Array {
  const tensors = new Map<string, HostArray>();
  putTree(tensors, "params", model.variables.params);
  putTree(tensors, "state", model.variables.state);
  for (const [prefix, tree] of Object.entries(extra?.trees ?? {})) putTree(tensors, prefix, tree);
  const header: Header = {
    format,
    versions,
    layer: model.layer,
    inputShape: model.inputShape,
    ...(model.preprocessing && { preprocessing: model.preprocessing }),
    ...(extra && { training: extra.training }),
  };
  return writeSafetensors([...tensors], { hooke: encodeJson(header) }, true);
}

/** A file as it was written; what is in its header is for the reader to judge. */
export interface StoredFile {
  /** The speaker of errors. */
  readonly who: string;
  readonly header: Header;
  readonly tensors: ReadonlyMap<string, HostArray>;
}

/** @throws on every file that is not, to the last bit, what {@link encodeFile} wrote */
export function readFile(bytes: Uint8Array, who: string): StoredFile {
  const { tensors, metadata, checksum } = readSafetensors(bytes, who, ownDTypes);
  const header = headerOf(metadata.hooke, who);
  if (checksum === undefined) {
    fail(
      who,
      "has no checksum: it is damaged, or another program or an early version wrote it. Write it again from the model; " +
        "its tensors can be read with decodeSafetensors.",
      "corrupt-file",
    );
  }
  const prefixes = ["params", "state", ...("training" in header ? ["slots", "best.params", "best.state"] : [])];
  for (const name of Object.keys(tensors)) {
    if (prefixes.some((prefix) => name === prefix || name.startsWith(`${prefix}.`))) continue;
    fail(who, `has a tensor "${name}", which belongs to none of its parts: ${quoted(prefixes)}.`, "corrupt-file");
  }
  for (const [name, { data }] of Object.entries(tensors)) {
    // What an optimizer or a norm keeps may have overflown; a parameter that did makes nothing but NaN.
    const at = data.findIndex(/^(best\.)?params(\.|$)/.test(name) ? (x: number) => !Number.isFinite(x) : Number.isNaN);
    if (at < 0) continue;
    fail(
      who,
      `has a tensor "${name}" that holds ${data[at]} at element ${at}: nothing can be predicted or trained with it. ` +
        "Go on from an earlier file; its tensors can be read with decodeSafetensors.",
      "corrupt-file",
    );
  }
  return { who, header, tensors: new Map(Object.entries(tensors)) };
}

/** Shapes and dtypes of a model's variables, in the file's width. @throws with `code` if the layer refuses the shape */
export function structureOf(
  layer: Layer,
  inputShape: InputShape,
  { who, tensors }: StoredFile,
  code: "corrupt-file" | "mismatch",
): Variables<Aval> {
  const wide = [...tensors].some(([name, { dtype }]) => name.startsWith("params.") && dtype === "f64");
  const make = (key: Tensor): Variables => init(layer, inputShape, key, wide ? "f64" : "f32");
  return asFile(who, code, () => record(make, randomKey(0)).result as unknown as Variables<Aval>);
}

/** The variables of a model in a file. @throws if they, or the layers, are another model's */
export function variablesOf(
  { who, header, tensors }: StoredFile,
  layer: Layer,
  { params, state }: Variables<Aval>,
): Variables<HostArray> {
  const variables = takeTrees(tensors, { params, state }, who);
  const difference = firstDifference(header.layer, JSON.parse(JSON.stringify(layer)));
  if (difference !== undefined) {
    const { path, a, b } = difference;
    fail(who, `belongs to another model: ${path} is ${show(a)}, in the model ${show(b)}.`, "mismatch");
  }
  return variables;
}
