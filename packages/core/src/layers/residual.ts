// Residual: a layer plus its input.
import { add, describe, fail, HookeError, sameShape } from "@hooke/runtime";
import { defineLayer } from "../model/define-layer.ts";
import { isLayer, type Layer } from "../model/layer.ts";

/**
 * `x + layer(x)`; the layer keeps the shape of its input. Its variables are under `layer`. He et al. 2016.
 *
 * @example
 * ```ts
 * import { dense, layerNorm, residual, sequential, summary } from "@hooke/core";
 *
 * const block = residual(sequential([layerNorm(), dense({ units: 64, activation: "gelu" }), dense({ units: 32 })]));
 * console.log(summary(block, [32]).parameters); // 4256
 * ```
 */
export const residual = /* @__PURE__ */ defineLayer({
  type: "residual",
  children: (layer: Layer) => {
    if (!isLayer(layer)) fail("residual", "expected a layer, such as dense({ units: 1 }).");
    return { layer };
  },
  apply: ({ children: { layer } }, x) => {
    const y = layer(x);
    if (!sameShape(x.shape, y.shape)) {
      throw new HookeError(`expected the layer inside to keep the shape, ${describe(x)}; it returned ${describe(y)}.`, {
        code: "mismatch",
      });
    }
    return add(x, y);
  },
});
