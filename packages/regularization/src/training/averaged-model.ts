// A model of averaged parameters.
import { frozenParameters, type TrainedModel, trainedModelCheck } from "@hooke/core";
import { checkArgument, fail, type HostArray, type Tree, treeLeaves, treeMap } from "@hooke/runtime";
import { averageSlot } from "../optimizers/average.ts";

/** What `fit` returns, or a decoded checkpoint: a model, and what its optimizer remembers. */
export interface TrainedWithSlots {
  readonly model: TrainedModel;
  readonly slots: Tree<HostArray>;
}

/**
 * The model with the averaged parameters that `exponentialMovingAverage` or `stochasticWeightAveraging` kept; those of
 * `frozen` layers, which no optimizer sees, are the model's own. If it has batch norms, give them statistics of their
 * own with {@link estimateBatchNorm}.
 *
 * @param trained what `fit` returned, or a decoded checkpoint
 * @throws if the optimizer kept no average
 */
export function averagedModel(trained: TrainedWithSlots): TrainedModel {
  const { model, slots } = trained ?? {};
  checkArgument("averagedModel", "the .model of what fit returned", model, trainedModelCheck);
  const averaged = treeLeaves<HostArray>(slots);
  const names = averaged.map(({ path }) => path.split("."));
  const prefix = names
    .find((name) => name.includes(averageSlot))
    ?.join(".")
    .split(averageSlot, 1)[0];
  if (prefix === undefined) {
    fail(
      "averagedModel",
      "the optimizer kept no average. Train with exponentialMovingAverage({ ... }, optimizer) or stochasticWeightAveraging.",
      "mismatch",
    );
  }
  const found = new Map(averaged.map(({ path, value }) => [path, value]));
  const isFrozen = frozenParameters(model.layer);
  const params = treeMap(model.variables.params, (value: HostArray, path: string) => {
    if (isFrozen(path)) return value;
    const name = `${prefix}${averageSlot}.${path}`;
    return (
      found.get(name) ?? fail("averagedModel", `the slots have no ${name}; they belong to another model.`, "mismatch")
    );
  }) as Tree<HostArray>;
  return { ...model, variables: { ...model.variables, params } };
}
