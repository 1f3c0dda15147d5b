// Using a trained model: predictions in the units of the data.

import {
  alignInputs,
  anyDatasetCheck,
  type BatchExtras,
  checkLengths,
  type Dataset,
  fillPadding,
  hostArrayCheck,
  isStreamed,
  lengthsOf,
  preprocessInputs,
  restoreTargets,
  type StreamedArray,
  type StreamedDataset,
} from "@hooke/data";
import {
  type Backend,
  type Check,
  checkArgument,
  checkOptions,
  checks,
  type HostArray,
  type Tree,
  uploadAll,
} from "@hooke/runtime";
import { type TrainedModel, trainedModelCheck } from "../model/trained-model.ts";
import { fitChecks } from "./arguments.ts";
import { createPredictor, type Predictor } from "./predictor.ts";

const inputsCheck: Check = (value) => {
  const expected = anyDatasetCheck(value) === undefined ? undefined : hostArrayCheck(value);
  return expected && `${expected}, or a dataset`;
};
const extras: Check = (value) =>
  typeof value === "object" && value !== null
    ? Object.values(value).map(hostArrayCheck).find(Boolean)
    : "a record of arrays";

/** Where a model runs. */
export interface InferenceOptions {
  readonly backend: Backend;
  /** Rows run at a time. Default 256. */
  readonly batchSize?: number;
  /** Ends it between two batches. Default: it runs to the end. */
  readonly signal?: AbortSignal;
}

export interface PredictOptions extends InferenceOptions {
  /**
   * What layers read besides the inputs, by name, `[rows, ...]` each. With `lengths`, what stands behind the ends of sequences
   * may hold anything. Default none.
   */
  readonly extras?: Readonly<Record<string, HostArray>>;
}

/**
 * Predicts, in inference mode.
 *
 * @param inputs `[rows, ...]`, in the units of the data, with columns as in the training; or a dataset, whose inputs are put in
 *   that order by their names, and whose extras are read; a streamed one is read batch by batch
 * @returns `[rows, ...]`, in the units of the data
 * @throws if the inputs do not have the model's width, or a dataset has other columns; the signal's reason if it is aborted
 * @example
 * ```ts
 * import { dense, initialize, predict } from "@hooke/core";
 * import { array, referenceBackend } from "@hooke/runtime";
 *
 * const backend = referenceBackend();
 * const layer = dense({ units: 1, bias: false, kernelInitializer: "ones" });
 * const model = { layer, inputShape: [2], variables: await initialize(backend, layer, [2], 0) };
 * const { shape, data } = await predict(model, array([[1, 2], [3, 4]]), { backend });
 * console.log(shape, data); // [ 2, 1 ] Float32Array(2) [ 3, 7 ]
 * ```
 */
export async function predict(
  model: TrainedModel,
  inputs: HostArray | Dataset | StreamedDataset,
  options: PredictOptions,
): Promise<HostArray> {
  checkArgument("predict", "the model", model, trainedModelCheck);
  checkArgument("predict", "inputs", inputs, inputsCheck);
  checkOptions<PredictOptions>("predict", options, {
    required: { backend: checks.backend },
    optional: { batchSize: checks.count, signal: fitChecks.signal, extras },
  });
  if (!("inputs" in inputs)) return predicted(model, inputs, options);
  const { preprocessing } = model;
  const data: Dataset<HostArray | StreamedArray> = inputs;
  const named = preprocessing === undefined ? data.inputs : alignInputs(preprocessing, data);
  const given = { ...options, extras: options.extras ?? inputs.extras };
  return predicted(model, named, given, data.batchExtras);
}

/** {@link predict}, of inputs whose columns are in order. */
export async function predicted(
  model: TrainedModel,
  inputs: HostArray | StreamedArray,
  options: PredictOptions,
  batchExtras?: BatchExtras,
): Promise<HostArray> {
  const { preprocessing } = model;
  const { extras = {}, signal } = options;
  return withPredictor(model, options, async (predictor, batchSize) => {
    const readable = isStreamed(inputs) ? inputs : withoutPadding(inputs, extras);
    const prepared = preprocessing === undefined ? readable : preprocessInputs(preprocessing, readable);
    const predictions = await predictor.predict({ inputs: prepared, extras, batchExtras }, batchSize, signal);
    if (predictions === undefined) throw signal!.reason;
    return preprocessing === undefined ? predictions : restoreTargets(preprocessing, predictions);
  });
}

/** Inputs whose padding, where they are sequences, can be read. */
function withoutPadding(inputs: HostArray, extras: Readonly<Record<string, HostArray>>): HostArray {
  const lengths = lengthsOf(extras);
  if (lengths === undefined) return inputs;
  checkLengths("predict", lengths, inputs);
  return fillPadding(inputs, lengths);
}

/** What `body` makes of a predictor, which lives as long. All that it needs is uploaded here: where the device is lost, it is made anew. */
export async function withPredictor<R>(
  { layer, inputShape, variables }: TrainedModel,
  { backend, batchSize = 256 }: InferenceOptions,
  body: (predictor: Predictor, batchSize: number) => Promise<R>,
): Promise<R> {
  const work = async (): Promise<R> => {
    const buffers = uploadAll(backend, [variables.params, variables.state] as Tree<HostArray>);
    const predictor = createPredictor({ backend, model: layer, inputShape, variables, buffers });
    try {
      return await body(predictor, batchSize);
    } finally {
      predictor.free();
      for (const buffer of buffers) backend.free(buffer);
    }
  };
  return backend.reopen ? (await import("./recovery.ts")).reopening(backend, "predict", work) : work();
}
