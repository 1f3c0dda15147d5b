// Loading weights: the bytes of a file, its tensors, their places in a model, and a report of what went where.
import { type InputShape, type Layer, layerCheck, summary, type TrainedModel, type Variables } from "@hooke/core";
import { checkOptions, checks, fail, type HostArray } from "@hooke/runtime";
import { candidates, mapNamed } from "./maps/index.ts";
import type { NameMap, NameMapFor, NameMapName } from "./maps/name-map.ts";
import { filled, type Placed, place, type Structure, structureOf } from "./place.ts";
import { type FileTensors, readTensors, type WeightsFormat } from "./read-tensors.ts";
import type { WeightsReport } from "./report.ts";
import { bytesOf, type SourceOptions, sourceChecks, type WeightsSource } from "./source/bytes-of.ts";

/** Options of {@link loadWeights}. */
export interface LoadWeightsOptions extends SourceOptions {
  /** The model that the weights are for. */
  readonly model: Layer;
  /** Of one row of inputs, without the batch dimension. */
  readonly inputShape: InputShape;
  /**
   * How the tensors of the file are called in the model: a name, or a map of one's own. Default: that of the known maps for
   * this type of model under which the file fills most of it.
   */
  readonly map?: NameMapName | NameMap;
  /**
   * What stands before all names in the file, such as `"encoder."`. Default: that of `module.`, `model.`, `encoder.`,
   * `backbone.`, `net.` and `state_dict.`, one or several, behind which the file fills most of the model; in files of Keras that of models
   * around layers, such as `"mobilenetv2_1.00_224/"`.
   */
  readonly prefix?: string;
  /**
   * Whether every variable of the model must be in the file, and every tensor of the file in the model. Counts of batches
   * and the head of a network that is used without one are ignored. Without, what is missing, and what has another shape, comes
   * from `variables`. Default true.
   */
  readonly strict?: boolean;
  /** Variables to start from where the file has none, such as those that `initialize` makes. Needed with `strict: false` alone. */
  readonly variables?: Variables<HostArray>;
}

/** What {@link loadWeights} returns. */
export interface LoadedWeights {
  /** The model with the weights, ready to predict. */
  readonly model: TrainedModel;
  /** What was matched, left over and missing. */
  readonly report: WeightsReport;
}

const textCheck = (value: unknown) => (typeof value === "string" ? undefined : "text");

const mapCheck = (value: unknown) => {
  if (typeof value === "string") return checks.oneOf(value, ["hooke", "torchvision", "timm", "keras"]);
  const { name, layout, pathOf } = (value ?? {}) as Partial<NameMap>;
  const isMap =
    typeof name === "string" && typeof pathOf === "function" && ["torch", "hooke", "keras"].includes(layout!);
  return isMap ? undefined : 'the name of a map, such as "torchvision", or { name, layout, pathOf }';
};

/**
 * Reads other people's weights into a model of Hooke.
 *
 * An address needs `sha256`: the file is downloaded once, resumed where it breaks off, kept under its checksum, and read from there without
 * a network afterwards.
 *
 * @param source an address (http or https), a path or file URL (Node), or the bytes of a file: safetensors; PyTorch's (`.pth`,
 *   `.pt`, `.ckpt`) where it holds tensors and plain data alone; Keras' (`.keras`, `.h5`), which needs the package `h5wasm`; the constants of
 *   an ONNX file, and of those beside it that it refers to, where no `sha256` is to vouch for them
 * @throws if the file is not what `sha256` says, is damaged or of another format; if names or shapes do not fit, with what is
 *   missing and what is left over; if the model is not the one that the weights were trained in; if a file cannot be downloaded
 *   (`"unavailable"`) or kept (`"file-system"`); the signal's reason if it is aborted
 */
export async function loadWeights(source: WeightsSource, options: LoadWeightsOptions): Promise<LoadedWeights> {
  checkOptions<LoadWeightsOptions>("loadWeights", options, {
    required: {
      model: layerCheck,
      inputShape: (value) =>
        typeof value === "object" && value !== null ? undefined : "the shape of one row, such as [224, 224, 3]",
    },
    optional: {
      map: mapCheck,
      prefix: textCheck,
      strict: checks.flag,
      variables: (value) =>
        typeof value === "object" && value !== null && "params" in value
          ? undefined
          : "variables, such as initialize makes",
      ...sourceChecks,
    },
  });
  const { model: layer, inputShape, map, prefix, strict = true, variables } = options;
  summary(layer, inputShape);
  const got = await bytesOf(source, options);
  const { name } = got;
  const file = await readTensors(got, options.sha256 !== undefined);
  const structure = structureOf(layer, inputShape);
  const maps =
    map === undefined
      ? candidates(layer.type, file.format)
      : [typeof map === "string" ? mapNamed(map, layer.type) : map];
  const { placed, used } = best(file, structure, maps, prefix);
  used.checkModel?.(layer);
  if (file.format === "onnx") checkUnfolded(name, placed.report);
  if (strict) checkComplete(name, layer, placed.report);
  else checkShapes(name, used, placed.report);
  if (!strict && variables === undefined && placed.report.missing.length + placed.report.mismatched.length > 0) {
    fail(
      name,
      `lacks variables of the model.\n${placed.report}\nGive variables to take them from: await initialize(...).`,
      "mismatch",
    );
  }
  for (const { name: tensor, path } of placed.report.matched) {
    checkNumbers(name, tensor, path, placed.found.get(path)!.tensor);
  }
  return {
    model: { layer, inputShape, variables: filled(structure, placed.found, variables) },
    report: placed.report,
  };
}

const wrappers = ["module.", "model.", "encoder.", "backbone.", "net.", "state_dict."];

/** Every chain of wrappers that stands before names of the file; in files of Keras, every chain of models around layers. */
function prefixesOf(names: readonly string[], format: WeightsFormat): string[] {
  const found = new Set([""]);
  for (const name of names) {
    let prefix = "";
    for (;;) {
      const rest = name.slice(prefix.length);
      const next =
        format === "keras"
          ? /^[^/]+\/(?=[^/]+\/)/.exec(rest)?.[0]
          : wrappers.find((wrapper) => rest.startsWith(wrapper));
      if (next === undefined) break;
      prefix += next;
      found.add(prefix);
    }
  }
  return [...found];
}

/** The map and the prefix that fill most of the model; the first of equals. */
function best(
  file: FileTensors,
  structure: Structure,
  maps: readonly NameMapFor[],
  prefix: string | undefined,
): { readonly placed: Placed; readonly used: NameMap } {
  const names = Object.keys(file.tensors);
  const prefixes = prefix === undefined ? prefixesOf(names, file.format) : [prefix];
  const tried = maps.flatMap((map) =>
    prefixes.map((each) => {
      const behind = names.filter((name) => name.startsWith(each)).map((name) => name.slice(each.length));
      const used = typeof map === "function" ? map(behind) : map;
      return { used, placed: place(file, structure, used, each) };
    }),
  );
  return tried.reduce((most, next) => (next.placed.found.size > most.placed.found.size ? next : most));
}

/** @throws where the batch norms are in the convolutions of an ONNX file, which then have other numbers under the same names */
function checkUnfolded(file: string, { matched, missing }: WeightsReport): void {
  const isVariance = (path: string) => /(^|\.)variance$/.test(path);
  if (!missing.some(isVariance) || matched.some(({ path }) => isVariance(path))) return;
  fail(
    file,
    "has no batch norms: exporters fold them into the convolutions, whose numbers are then others. Give PyTorch's own file (.pth), or " +
      "export without optimizing: torch.onnx.export(model, x, path, dynamo=True, optimize=False, external_data=False).",
    "mismatch",
  );
}

function checkComplete(file: string, { type }: Layer, report: WeightsReport): void {
  const { missing, leftOver, mismatched } = report;
  if (missing.length + leftOver.length + mismatched.length === 0) return;
  fail(
    file,
    `does not fit the model (${type}).\n${report}\n` +
      "Make the model that the weights were trained in, give the map or the prefix, or, to go on with what fits, { strict: false, variables }.",
    "mismatch",
  );
}

/** @throws if something but a head has another shape: the file is then of another model */
function checkShapes(file: string, { optional = [] }: NameMap, report: WeightsReport): void {
  const odd = report.mismatched.find(({ path }) => !optional.includes(path.split(".")[0]!));
  if (odd === undefined && report.matched.length > 0) return;
  const why = odd === undefined ? "has nothing of the model" : `is of another model: it has ${odd.why}`;
  fail(file, `${why}.\n${report}`, "mismatch");
}

/** @throws on numbers that no trained model has */
function checkNumbers(file: string, name: string, path: string, { data }: HostArray): void {
  const isVariance = /(^|\.)variance$/.test(path);
  let at = 0;
  while (at < data.length && Number.isFinite(data[at]) && !(isVariance && data[at]! < 0)) at++;
  if (at === data.length) return;
  fail(
    file,
    `"${name}" holds ${data[at]} at element ${at}: no model computes with it. Take another file.`,
    "non-finite",
  );
}
