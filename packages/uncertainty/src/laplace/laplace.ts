// What Laplace approximations share: what they take and give.
import { type InferenceOptions, type TrainedModel, trainedModelCheck } from "@hooke/core";
import { type Dataset, datasetCheck, preprocess, restoreTargets } from "@hooke/data";
import { checkArgument, checkOptions, checks, fail, type HostArray } from "@hooke/runtime";
import { f64 } from "../checks.ts";
import { type Mixture, moments } from "../predictive/mixture.ts";
import { deviationScales, refuseClasses } from "../units.ts";
import type { Evidence } from "./evidence.ts";

/** What `lastLayerLaplace` and `kroneckerLaplace` find. */
export interface Laplace {
  /** The model whose predictions are the means. */
  readonly model: TrainedModel;
  /** Of each target: how probable the data are, the prior and the noise that make them most so; targets as the model sees them. */
  readonly evidence: readonly Evidence[];
  /** Standard deviation of the noise of each target, in the units of the data. */
  readonly noise: readonly number[];
  /** Distributions of rows, in the units of the targets. @throws what `predict` throws */
  predict(inputs: HostArray | Dataset, options: InferenceOptions): Promise<Mixture>;
}

export const inferenceTable = {
  required: { backend: checks.backend },
  optional: { batchSize: checks.count, signal: checks.signal },
};

/** @returns what deviations are multiplied by */
export function checkLaplace(
  who: string,
  model: TrainedModel,
  data: Dataset,
  options: InferenceOptions,
): readonly number[] | undefined {
  checkArgument(who, "the model", model, trainedModelCheck);
  checkArgument(who, "the data", data, datasetCheck);
  checkOptions<InferenceOptions>(who, options, inferenceTable);
  refuseClasses(who, model);
  if (data.count < 3) fail(who, `received ${data.count} rows; it needs 3 at least.`, "invalid-data");
  return deviationScales(who, model.preprocessing);
}

/** Targets as the model was trained on them, `[rows, columns]`. */
export function targetsOf({ preprocessing }: TrainedModel, data: Dataset): HostArray {
  const { targets } = preprocessing === undefined ? data : preprocess(preprocessing, data);
  const columns = targets.data.length / data.count;
  return f64([data.count, columns], Float64Array.from(targets.data));
}

/** Normal distributions from means, and what is not known of them, as the model sees targets. */
export function laplaceMixture(
  { preprocessing }: TrainedModel,
  rows: number,
  mean: Float64Array,
  spread: Float64Array,
  noise: readonly number[],
  scales: readonly number[] | undefined,
): Mixture {
  const columns = noise.length;
  const own = f64([rows, columns], mean);
  const restored = preprocessing === undefined ? own : restoreTargets(preprocessing, own);
  const scale = (i: number): number => scales?.[i % columns] ?? 1;
  const total = spread.map((variance, i) => scale(i) * Math.sqrt(variance + noise[i % columns]! ** 2));
  const mixture = moments({ ...restored, shape: [1, rows, columns] }, f64([1, rows, columns], total));
  return {
    ...mixture,
    modelDeviation: f64(
      [rows, columns],
      spread.map((variance, i) => scale(i) * Math.sqrt(variance)),
    ),
  };
}
