// A linear function of features as a trained model: one dense layer, scaling included.
import type { Linear } from "@hooke/baselines/linear";
import { dense, type TrainedModel } from "@hooke/core";
import type { Dataset, Preprocessing } from "@hooke/data";
import { array, type HostArray } from "@hooke/runtime";
import type { Scaling } from "../linear/rows.ts";

/** The function of scaled features as one of features as they are. */
export function unscaled({ mean, scale }: Scaling, { weights, bias }: Linear): Linear {
  const own = weights.map((each) => each.map((weight, j) => weight / scale[j]!));
  return { weights: own, bias: own.map((each, c) => bias[c]! - each.reduce((sum, w, j) => sum + w * mean[j]!, 0)) };
}

/** In the precision of the features. */
export function linearModel(
  { dtype }: Dataset,
  width: number,
  { weights, bias }: Linear,
  preprocessing: Preprocessing,
): TrainedModel {
  const units = weights.length;
  const kernel = Array.from({ length: width * units }, (_, i) => weights[i % units]![Math.floor(i / units)]!);
  const of = (values: readonly number[], shape: readonly number[]): HostArray => ({
    ...array(values, { dtype }),
    shape,
  });
  return {
    layer: dense({ units }),
    inputShape: [width],
    variables: { params: { kernel: of(kernel, [width, units]), bias: of(bias, [units]) }, state: {} },
    preprocessing,
  };
}
