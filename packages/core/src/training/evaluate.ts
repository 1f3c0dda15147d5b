// Judging a trained model: its loss, and metrics in the units of the data.

import { anyDatasetCheck, type Dataset, hostArrayCheck, type StreamedDataset } from "@hooke/data";
import { checkArgument, checkOptions, checks } from "@hooke/runtime";
import { type TrainedModel, trainedModelCheck } from "../model/trained-model.ts";
import { fitChecks, metricsCheck } from "./arguments.ts";
import type { EvaluateOptions, Evaluation } from "./evaluation.ts";

/**
 * Loss and metrics of a model on a dataset, in inference mode.
 *
 * Where sequences have `lengths` and targets for each step, loss and metrics are those of the steps that count.
 *
 * @param data in its own units; a streamed one is read batch by batch
 * @throws if the dataset does not have the model's widths or columns; on weights with a loss or a metric that takes none; the
 *   signal's reason if it is aborted
 */
export async function evaluate(
  model: TrainedModel,
  data: Dataset | StreamedDataset,
  options: EvaluateOptions,
): Promise<Evaluation> {
  checkArgument("evaluate", "the model", model, trainedModelCheck);
  checkArgument("evaluate", "the data", data, anyDatasetCheck);
  checkOptions<EvaluateOptions>("evaluate", options, {
    required: { backend: checks.backend },
    optional: {
      batchSize: checks.count,
      signal: fitChecks.signal,
      metrics: metricsCheck,
      loss: fitChecks.loss,
      sampleWeights: hostArrayCheck,
    },
  });
  const { evaluation } = await import("./evaluation.ts");
  return evaluation(model, data, options);
}
