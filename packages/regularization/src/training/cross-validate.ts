// Cross-validation: one training for each fold of the rows, judged on the rows that it has not seen.
import {
  type Callback,
  type Dataset,
  evaluate,
  type FitOptions,
  fit,
  fitPreprocessing,
  kFold,
  type Metric,
  type Preprocessing,
  type PreprocessingOptions,
  type TrainedModel,
  take,
} from "@hooke/core";
import { fail } from "@hooke/runtime";

/** Options of {@link crossValidate}: those of `fit`, with one dataset in place of its parts. */
export interface CrossValidateOptions
  extends Omit<FitOptions, "data" | "preprocessing" | "callbacks" | "resume" | "checkpoint" | "variables"> {
  readonly data: Dataset;
  /** Number of folds. Default 5. */
  readonly folds?: number;
  /** Fitted on the training rows of each fold by itself: no fold sees its test rows. Default none. */
  readonly preprocessing?: PreprocessingOptions;
  /** Computed on the test rows, in the units of the data; at least one. */
  readonly metrics: readonly Metric[];
  /** New callbacks for each fold, which is counted from 0, such as a progress line. Default none. */
  readonly callbacks?: (fold: number) => readonly Callback[];
}

/** One fold. */
export interface FoldResult {
  readonly model: TrainedModel;
  /** Rows it was judged on. */
  readonly testRows: Int32Array;
  /** By name, on the test rows. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** What {@link crossValidate} finds. */
export interface CrossValidation {
  readonly folds: readonly FoldResult[];
  /** By name: mean over the folds, and their standard deviation (over `folds - 1`). */
  readonly metrics: Readonly<Record<string, { readonly mean: number; readonly standardDeviation: number }>>;
}

/**
 * Trains a model for each fold, from weights of its own, and judges it on the rows it has not seen. The seed decides the folds; fold
 * `i` trains with `seed + i`. The folds' models share their training rows: their spread understates what new data would show.
 *
 * @throws on more folds than rows, and without metrics
 * @example
 * ```ts
 * import { adam, dataset, dense, metrics, mse } from "@hooke/core";
 * import { crossValidate } from "@hooke/regularization";
 * import { array, referenceBackend } from "@hooke/runtime";
 *
 * const x = Array.from({ length: 12 }, (_, i) => [i / 6 - 1]);
 * const { folds, metrics: found } = await crossValidate({
 *   backend: referenceBackend(),
 *   model: dense({ units: 1 }),
 *   data: dataset({ inputs: array(x), targets: array(x.map(([at]) => [2 * at! + 1])) }),
 *   loss: mse(),
 *   optimizer: adam(),
 *   learningRate: 0.1,
 *   metrics: [metrics.rmse],
 *   folds: 3,
 *   epochs: 60,
 *   batchSize: 4,
 *   seed: 0,
 * });
 * console.log(folds.length, found.rmse!.mean < 0.1); // 3 true
 * ```
 */
export async function crossValidate(options: CrossValidateOptions): Promise<CrossValidation> {
  const { data, folds = 5, preprocessing, metrics, callbacks, seed, ...rest } = options;
  if (metrics.length === 0) fail("crossValidate", "received no metrics; give at least one, e.g. [metrics.rmse].");
  const results: FoldResult[] = [];
  for (const [i, { train, test }] of kFold(data.count, folds, seed).entries()) {
    const part = take(data, train);
    const fitted: Preprocessing | undefined = preprocessing && fitPreprocessing(part, preprocessing);
    const { model } = await fit({
      ...rest,
      seed: seed + i,
      data: { train: part },
      ...(fitted && { preprocessing: fitted }),
      ...(callbacks && { callbacks: callbacks(i) }),
    });
    const judged = await evaluate(model, take(data, test), { backend: rest.backend, metrics });
    results.push({ model, testRows: test, metrics: judged.metrics });
  }
  return {
    folds: results,
    metrics: Object.fromEntries(metrics.map(({ name }) => [name, spread(results.map((fold) => fold.metrics[name]!))])),
  };
}

function spread(values: readonly number[]): { mean: number; standardDeviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standardDeviation: Math.sqrt(squares / (values.length - 1)) };
}
