// Layers that move elements between axes: flatten and reshape.

import { type Check, describe, HookeError, reshape as reshapeTensor, type Shape, sizeOf } from "@hooke/runtime";
import { defineLayer, type LayerContext, type NoOptions } from "../model/define-layer.ts";

/** `[batch, ...]` to `[batch, n]`. */
export const flatten = /* @__PURE__ */ defineLayer({
  type: "flatten",
  options: {},
  apply: (_context: LayerContext<NoOptions>, x) => reshapeTensor(x, [x.shape[0]!, sizeOf(x.shape.slice(1))]),
});

/** Options of {@link reshape}. */
export interface ReshapeConfig {
  /** The new shape without the batch dimension; one dimension may be -1 and is then inferred. */
  readonly shape: Shape;
}

const dimensions: Check = (value) =>
  Array.isArray(value) && value.every((size) => Number.isInteger(size) && (size > 0 || size === -1))
    ? undefined
    : "a list of whole numbers above 0, or -1 for the one to infer";

/** `[batch, ...]` to `[batch, ...shape]`, the same elements in row-major order. */
export const reshape = /* @__PURE__ */ defineLayer({
  type: "reshape",
  options: { required: { shape: dimensions } },
  apply: ({ config: { shape } }: LayerContext<ReshapeConfig>, x) => {
    const known = shape.filter((size) => size !== -1);
    const missing = sizeOf(x.shape.slice(1)) / sizeOf(known);
    const fits = known.length === shape.length ? missing === 1 : Number.isInteger(missing);
    if (!fits || known.length < shape.length - 1) {
      throw new HookeError(`${describe(x)} does not fit [batch, ${shape.join(", ")}].`, { code: "mismatch" });
    }
    return reshapeTensor(x, [x.shape[0]!, ...shape.map((size) => (size === -1 ? missing : size))]);
  },
});
