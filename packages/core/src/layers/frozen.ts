// Frozen: a layer that training leaves as it is.
import { defineLayer } from "../model/define-layer.ts";
import { type Layer, layerCheck } from "../model/layer.ts";

/**
 * A layer as in inference, whatever happens around it: no derivative reaches its parameters, no optimizer sees them, so that
 * nothing decays, bounds or averages them, norms use and keep their running statistics, dropout does nothing. Its variables
 * have the paths of the layer's own, so that those of a trained model go into a model with some of it frozen, and back, by
 * the option `variables` of `fit`. For transfer learning.
 *
 * @example
 * ```ts
 * import { dense, frozen, sequential, summary } from "@hooke/core";
 *
 * const model = sequential({ body: frozen(dense({ units: 64, activation: "relu" })), head: dense({ units: 1 }) });
 * const { parameters, trainedParameters } = summary(model, [10]);
 * console.log(parameters, trainedParameters); // 769 65
 * ```
 */
export const frozen = /* @__PURE__ */ defineLayer({
  type: "frozen",
  freezes: true,
  options: layerCheck,
  children: (layer: Layer) => ({ layer }),
  apply: ({ children: { layer } }, x) => layer(x),
});
