// From regular fields to scalars.
import { defineLayer, type LayerFactory } from "@hooke/core";
import { checks, max, mean, reshape } from "@hooke/runtime";
import { checkFloat } from "../input.ts";
import { orderOf, type SymmetryGroup } from "./motions.ts";
import { fieldsIn, groupCheck } from "./symmetric-conv.ts";

/** Options of {@link fieldPool}. */
export interface FieldPoolConfig {
  /** Default `"p4m"`. */
  readonly group?: SymmetryGroup;
  /** What is taken of a field's components: their `"max"` or `"mean"`. Default `"max"`. */
  readonly kind?: "max" | "mean";
}

/**
 * A scalar of each `"regular"` field that {@link symmetricConv2d} makes: `[batch, ..., channels]` to `[batch, ..., fields]`. What follows sees no longer
 * in which orientation something was found; behind a global pool, outputs no longer depend on the image's. Cohen and Welling 2016.
 *
 * @throws on channels that are not whole fields
 */
export const fieldPool: LayerFactory<FieldPoolConfig> = /* @__PURE__ */ defineLayer({
  type: "fieldPool",
  options: { optional: { group: groupCheck, kind: (value) => checks.oneOf(value, ["max", "mean"]) } },
  apply: ({ config: { group = "p4m", kind = "max" } }, x) => {
    const count = fieldsIn(x.shape.at(-1)!, "regular", group);
    const apart = reshape(x, [...x.shape.slice(0, -1), orderOf(group), count]);
    if (kind === "mean") checkFloat(x);
    return (kind === "max" ? max : mean)(apart, { axes: -2 });
  },
});
