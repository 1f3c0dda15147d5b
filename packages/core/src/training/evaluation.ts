// What `evaluate` finds. Loaded when a model is evaluated.

import { alignColumns, type Dataset, type Metric, type StreamedArray } from "@hooke/data";
import type { HostArray } from "@hooke/runtime";
import type { Loss } from "../losses/loss.ts";
import type { TrainedModel } from "../model/trained-model.ts";
import { createEvaluator } from "./evaluator.ts";
import { checkMetrics, measure } from "./measure.ts";
import { type InferenceOptions, predicted, withPredictor } from "./predict.ts";
import { lossWeights } from "./weights.ts";

/** Options of `evaluate`. */
export interface EvaluateOptions extends InferenceOptions {
  readonly metrics?: readonly Metric[];
  /** Default: no loss is computed. */
  readonly loss?: Loss;
  /** What each row, or step of a sequence, counts in loss and metrics, as the `sampleWeights` of `fit`. Default: all the same. */
  readonly sampleWeights?: HostArray;
}

/** What {@link evaluate} finds. */
export interface Evaluation {
  /** As in training: after preprocessing. Absent without a `loss` option. */
  readonly loss?: number;
  /** By metric name, in the units of the data. NaN where a metric has no value. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Why, by metric name; absent where all have values. */
  readonly undefinedMetrics?: Readonly<Record<string, string>>;
}

/** @param options checked by `evaluate` */
export async function evaluation(
  model: TrainedModel,
  data: Dataset<HostArray | StreamedArray>,
  options: EvaluateOptions,
): Promise<Evaluation> {
  const { metrics = [], loss, backend, sampleWeights, signal } = options;
  if (loss === undefined) {
    const { preprocessing } = model;
    const aligned = preprocessing === undefined ? data : alignColumns(preprocessing, data);
    const { inputs, extras, batchExtras } = aligned;
    lossWeights(data, undefined, sampleWeights);
    checkMetrics(metrics, sampleWeights);
    return measure(
      metrics,
      await predicted(model, inputs, { ...options, extras }, batchExtras),
      aligned,
      sampleWeights,
    );
  }
  return withPredictor(model, options, async (predictor, batchSize) => {
    const { layer, preprocessing } = model;
    const labelling = loss.labels || loss.targets ? await import("./check-labels.ts") : undefined;
    labelling?.checkProbabilities(loss, data);
    const evaluator = createEvaluator({
      backend,
      model: layer,
      predictor,
      data: labelling?.withIgnored(data, loss) ?? data,
      preprocessing,
      loss,
      metrics,
      batchSize,
      ...(sampleWeights && { sampleWeights }),
    });
    try {
      const found = await evaluator.evaluate(signal);
      if (found === undefined) throw signal!.reason;
      return found;
    } finally {
      evaluator.free();
    }
  });
}
