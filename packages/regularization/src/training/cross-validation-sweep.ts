// Cross-validation as a list of trainings that any process can compute: the folds of `crossValidate`.
import type { TrainingSweep } from "@hooke/core";
import { encodeModel } from "@hooke/core/checkpoint";
import { checkArgument, fail } from "@hooke/runtime";
import { type CrossValidateOptions, type CrossValidation, type FoldResult, foldTrainings } from "./cross-validate.ts";

/** What is kept of a fold; its model goes to a file. */
export type FoldScores = Pick<FoldResult, "metrics" | "undefinedMetrics" | "warnings">;

/** What {@link crossValidationSweep} returns. */
export interface CrossValidationSweep {
  /** For `defineSweep` of `@hooke/sweep`. */
  readonly sweep: TrainingSweep<{ readonly fold: number }, FoldScores>;
  /** The metrics over all folds, as `crossValidate` has them. @throws if a fold is missing */
  join(results: readonly FoldScores[]): CrossValidation["metrics"];
}

/**
 * The folds of {@link crossValidate} as a list, for processes of this machine or the tasks of a cluster's job: the same rows, seeds and numbers, to the
 * bit. The model of each fold is in the file `model.safetensors` of its trial, for `decodeModel`.
 *
 * @throws what `crossValidate` throws before it trains
 * @example
 * ```ts
 * import { adam, dense, mse } from "@hooke/core";
 * import { dataset, metrics } from "@hooke/data";
 * import { crossValidationSweep } from "@hooke/regularization";
 * import { array, referenceBackend } from "@hooke/runtime";
 *
 * const x = Array.from({ length: 12 }, (_, i) => [i / 6 - 1]);
 * const data = dataset({ inputs: array(x), targets: array(x.map(([at]) => [2 * at! + 1])) });
 * const { sweep } = crossValidationSweep({ backend: referenceBackend(), model: dense({ units: 1 }), data, loss: mse(),
 *   optimizer: adam(), learningRate: 0.1, metrics: [metrics.rmse], folds: 3, epochs: 60, batchSize: 4, seed: 0 });
 * console.log(sweep.trials); // [ { fold: 0 }, { fold: 1 }, { fold: 2 } ]
 * ```
 */
export function crossValidationSweep(options: CrossValidateOptions): CrossValidationSweep {
  const who = "crossValidationSweep";
  const { count, train, spreads } = foldTrainings(who, options);
  const { epochs, batchSize, seed, data } = options;
  return {
    sweep: {
      settings: { folds: count, epochs, batchSize, seed, rows: data.count },
      trials: Array.from({ length: count }, (_, fold) => ({ fold })),
      async run({ fold }, { signal, checkpoints, keep }) {
        const found = await train(fold, { signal, ...(await checkpoints("epoch")) });
        await keep("model.safetensors", encodeModel(found.model));
        const { metrics, undefinedMetrics, warnings } = found;
        return { metrics, ...(undefinedMetrics && { undefinedMetrics }), warnings };
      },
    },
    join(results) {
      checkArgument("join", "the results", results, (value) =>
        Array.isArray(value) ? undefined : "a list of results",
      );
      if (results.length !== count) {
        fail(who, `received ${results.length} of ${count} folds; compute those that are missing first.`, "mismatch");
      }
      return spreads(results);
    },
  };
}
