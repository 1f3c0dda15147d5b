// Batch normalisation of regular fields: one mean and variance for all components of a field.
import { type BatchNormConfig, batchNorm, defineLayer, type LayerFactory } from "@hooke/core";
import { checks, reshape } from "@hooke/runtime";
import { orderOf, type SymmetryGroup } from "./motions.ts";
import { fieldsIn, groupCheck } from "./symmetric-conv.ts";

/** Options of {@link symmetricBatchNorm}. */
export interface SymmetricBatchNormConfig extends BatchNormConfig {
  /** Default `"p4m"`. */
  readonly group?: SymmetryGroup;
}

/**
 * Batch normalisation of the `"regular"` fields that {@link symmetricConv2d} makes: `[batch, ...spatial, channels]`, all components of a field by one mean
 * and variance, so that turned inputs give turned outputs. Ioffe and Szegedy 2015; Cohen and Welling 2016.
 *
 * Parameters: `norm.scale [fields]`, `norm.bias [fields]`; state: `norm.mean`, `norm.variance`.
 *
 * @throws on channels that are not whole fields; in training, on one value per field
 */
export const symmetricBatchNorm: LayerFactory<SymmetricBatchNormConfig> = /* @__PURE__ */ defineLayer({
  type: "symmetricBatchNorm",
  options: { optional: { group: groupCheck, momentum: checks.fraction, epsilon: checks.positive } },
  children: ({ group: _, ...config }: SymmetricBatchNormConfig) => ({ norm: batchNorm(config) }),
  apply: ({ config: { group = "p4m" }, children: { norm } }, x) => {
    const count = fieldsIn(x.shape.at(-1)!, "regular", group);
    return reshape(norm(reshape(x, [...x.shape.slice(0, -1), orderOf(group), count])), x.shape);
  },
});
