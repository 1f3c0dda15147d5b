// Deep ensembles: models of the same data that were begun differently.
import { type InferenceOptions, predict, type TrainedModel, trainedModelCheck } from "@hooke/core";
import type { Dataset } from "@hooke/data";
import {
  type Check,
  checkArgument,
  checkOptions,
  checks,
  describe,
  fail,
  type HostArray,
  sameShape,
} from "@hooke/runtime";
import { drawsArray, place, rowsCheck } from "./sampler.ts";

/** Expects two models at least. */
export const membersCheck: Check = (value) => {
  if (!Array.isArray(value)) return "a list of trained models, such as the .models of fitEnsemble";
  return value.map(trainedModelCheck).find((expected) => expected !== undefined);
};

/** @throws on fewer than two */
export function checkMembers(who: string, models: readonly TrainedModel[]): void {
  checkArgument(who, "the models", models, membersCheck);
  if (models.length >= 2) return;
  fail(
    who,
    `received ${models.length === 1 ? "one model" : "no model"}, whose spread is 0; an ensemble has two at least, five as a rule: fitEnsemble({ members: 5, ... }).`,
    "invalid-data",
  );
}

/**
 * Predictions of each member of an ensemble (Lakshminarayanan, Pritzel and Blundell, NeurIPS 2017), one after the other.
 *
 * @param models two at least, of the same targets
 * @returns `[members, rows, ...]` in the units of the targets, or logits: for `mixtureOf`, `classMixtureOf`
 * @throws on an ensemble of one, and on members whose predictions differ in shape
 * @example
 * ```ts
 * import { dense, initialize } from "@hooke/core";
 * import { array, referenceBackend } from "@hooke/runtime";
 * import { predictMembers } from "@hooke/uncertainty";
 *
 * const backend = referenceBackend();
 * const layer = dense({ units: 1 });
 * const member = async (seed: number) => ({ layer, inputShape: [1], variables: await initialize(backend, layer, [1], seed) });
 * const { shape } = await predictMembers([await member(0), await member(1)], array([[1], [2], [3]]), { backend });
 * console.log(shape); // [ 2, 3, 1 ]
 * ```
 */
export async function predictMembers(
  models: readonly TrainedModel[],
  inputs: HostArray | Dataset,
  options: InferenceOptions,
): Promise<HostArray> {
  checkMembers("predictMembers", models);
  checkArgument("predictMembers", "the inputs", inputs, rowsCheck);
  checkOptions<InferenceOptions>("predictMembers", options, {
    required: { backend: checks.backend },
    optional: { batchSize: checks.count, signal: checks.signal },
  });
  let all: HostArray | undefined;
  for (const [member, model] of models.entries()) {
    const { shape, dtype, data } = await predict(model, inputs, options);
    all ??= drawsArray(models.length, shape[0]!, { shape: [1, ...shape], dtype, data });
    if (!sameShape(shape, all.shape.slice(1))) {
      fail(
        "predictMembers",
        `member ${member} predicts ${describe({ shape, dtype })}, member 0 ${describe({ shape: all.shape.slice(1), dtype })}; they must be alike.`,
        "mismatch",
      );
    }
    place(all, { shape: [1, ...shape], dtype, data } as HostArray, member, 0);
  }
  return all!;
}
