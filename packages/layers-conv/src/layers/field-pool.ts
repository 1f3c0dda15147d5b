// Regular fields to scalars: what is there whichever way the grid is turned.
import { defineLayer } from "@hooke/core";
import { checks, HookeError, max, mean, reshape } from "@hooke/runtime";
import { orderOf, type SymmetryGroup } from "../symmetry/groups.ts";

/** Options of {@link fieldPool}. */
export interface FieldPoolConfig {
  /** The group of the fields. Default `"p4m"`. */
  readonly group?: SymmetryGroup;
  /** Default `"max"`. */
  readonly kind?: "max" | "mean";
}

/**
 * The largest, or the mean, of each regular field's numbers: `[batch, height, width, fields * size]` to `[batch, height, width, fields]`, scalars that turn with the
 * grid. With a pooling over the grid behind it, what comes out does not change where the image is turned.
 *
 * @throws on channels that are no whole number of fields
 */
export const fieldPool = /* @__PURE__ */ defineLayer({
  type: "fieldPool",
  options: {
    optional: {
      group: (value) => checks.oneOf(value, ["p4", "p4m"]),
      kind: (value) => checks.oneOf(value, ["max", "mean"]),
    },
  },
  params: ({ group = "p4m" }: FieldPoolConfig, inputShape) => {
    const [channels, size] = [inputShape.at(-1), orderOf(group)];
    if (inputShape.length !== 3 || channels! % size !== 0) {
      throw new HookeError(
        `expected [batch, height, width, fields * ${size}] of regular fields under ${group}, received [${["batch", ...inputShape].join(", ")}].`,
        { code: "mismatch" },
      );
    }
    return {};
  },
  apply: ({ config: { group = "p4m", kind = "max" } }, x) => {
    const size = orderOf(group);
    const fields = reshape(x, [...x.shape.slice(0, -1), x.shape.at(-1)! / size, size]);
    return kind === "max" ? max(fields, { axes: -1 }) : mean(fields, { axes: -1 });
  },
});
