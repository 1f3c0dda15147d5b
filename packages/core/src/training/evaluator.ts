// Evaluation: predictions of a whole part at once, its loss as the model sees it, its metrics in the units of the data. Loaded where
// there is a part to evaluate.

import {
  alignColumns,
  checkLabels,
  type Dataset,
  datasetInPrecision,
  type Metric,
  type Preprocessing,
  preprocess,
  restoreTargets,
  type StreamedArray,
} from "@hooke/data";
import {
  type Backend,
  type Executable,
  type HostArray,
  isFloat,
  optimize,
  record,
  scalarOf,
  type Tensor,
  uploadAll,
} from "@hooke/runtime";
import type { Loss } from "../losses/loss.ts";
import type { Layer } from "../model/layer.ts";
import type { Validation } from "./events.ts";
import { checkPredictions, checkWeightsRead, lossOf } from "./fits.ts";
import { lossFor } from "./loss-for.ts";
import { checkMetrics, checkWatched, measure } from "./measure.ts";
import type { Predictor } from "./predictor.ts";
import { lossWeights } from "./weights.ts";

export interface EvaluatorOptions {
  readonly backend: Backend;
  readonly model: Layer;
  readonly predictor: Predictor;
  /** In its own units, with the label that the loss ignores. */
  readonly data: Dataset<HostArray | StreamedArray>;
  readonly preprocessing: Preprocessing | undefined;
  readonly loss: Loss;
  readonly metrics: readonly Metric[];
  readonly batchSize: number;
  /** What each row, or step, counts. Default: all the same. */
  readonly sampleWeights?: HostArray;
  /** The metric that decides the best epoch. Default none. */
  readonly watched?: Metric;
  /** What the weights are called in messages. Default `"sampleWeights"`. */
  readonly weightsName?: string;
}

/** Evaluates a model on one part of the data, again and again. */
export interface Evaluator {
  /** @returns undefined if the signal was aborted meanwhile */
  evaluate(signal?: AbortSignal): Promise<Validation | undefined>;
  free(): void;
}

export function createEvaluator(options: EvaluatorOptions): Evaluator {
  const { backend, model, predictor, preprocessing, metrics, batchSize, sampleWeights } = options;
  const loss = lossFor(options.loss, preprocessing?.classes ?? options.data.classes);
  const data = preprocessing === undefined ? options.data : alignColumns(preprocessing, options.data);
  const exact = preprocessing === undefined ? data : preprocess(preprocessing, data);
  const prepared = datasetInPrecision(exact, predictor.precision);
  const { inputs, targets, extras, batchExtras } = prepared;
  const weights = lossWeights(prepared, loss, sampleWeights, options.weightsName)?.given;
  checkMetrics(metrics, sampleWeights);
  if (options.watched !== undefined) checkWatched(options.watched, data);
  let executable: Executable | undefined;

  const prepare = (parts: readonly HostArray[]): Promise<Executable> => {
    const lossAt = (output: Tensor, expected: Tensor, weigh?: Tensor): Tensor => {
      checkPredictions(model, output, { targets: expected, ...(weigh && { weights: weigh }) });
      return lossOf(loss, output, expected, weigh);
    };
    const { program } = record(lossAt as (...args: unknown[]) => Tensor, ...parts);
    if (weights !== undefined) checkWeightsRead(program, [{ name: "weights", array: weights }]);
    return backend.prepare(optimize(program));
  };

  return {
    async evaluate(signal) {
      const predictions = await predictor.predict({ inputs, extras, batchExtras }, batchSize, signal);
      if (predictions === undefined) return undefined;
      if (loss.labels === true && !isFloat(targets.dtype) && predictions.shape.length > 1) {
        checkLabels(data.source, targets, predictions.shape.at(-1)!, data);
      }
      const parts = [predictions, targets, ...(weights ? [weights] : [])];
      executable ??= await prepare(parts);
      const operands = uploadAll(backend, parts);
      const held = [...operands];
      let result: number;
      try {
        held.push(...executable.run(operands));
        result = scalarOf(await backend.read(held.at(-1)!));
      } finally {
        for (const buffer of held) backend.free(buffer);
      }
      const restored = preprocessing === undefined ? predictions : restoreTargets(preprocessing, predictions);
      return { loss: result, ...measure(metrics, restored, data, sampleWeights) };
    },
    free() {
      executable?.free();
    },
  };
}
