// What `evaluate` finds. Loaded when a model is evaluated.

import type { Dataset, StreamedArray } from "@hooke/data";
import { alignColumns } from "@hooke/data";
import type { HostArray } from "@hooke/runtime";
import type { TrainedModel } from "../model/trained-model.ts";
import type { EvaluateOptions, Evaluation } from "./evaluate.ts";
import { createEvaluator } from "./evaluator.ts";
import { checkMetrics, measure } from "./measure.ts";
import { predicted, withPredictor } from "./predict.ts";
import { lossWeights } from "./weights.ts";

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
    const { inputs, extras } = aligned;
    lossWeights(data, undefined, sampleWeights);
    checkMetrics(metrics, sampleWeights);
    return measure(metrics, await predicted(model, inputs, { ...options, extras }), aligned, sampleWeights);
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
