// An activation with a trained slope.
import { type Check, mul } from "@hooke/runtime";
import { defineLayer } from "../model/define-layer.ts";
import { type Activation, activate, activationCheck } from "./activation.ts";

/** Options of {@link adaptiveActivation}. */
export interface AdaptiveActivationConfig {
  /** Default `"tanh"`. */
  readonly activation?: Activation;
  /** What the slope is multiplied by, at least 1: the larger, the faster it is trained by steps of one size. Default 10. */
  readonly factor?: number;
}

const factorCheck: Check = (value) =>
  Number.isFinite(value) && (value as number) >= 1 ? undefined : "a number of at least 1";

/**
 * `activation(factor slope x)` with one slope for the layer, which is trained. It starts at `1 / factor`, so that at the start the activation is what
 * it is without. Jagtap, Kawaguchi and Karniadakis, "Locally adaptive activation functions with slope recovery", Proc. R. Soc. A 476 (2020),
 * layer-wise; the factor is their n.
 *
 * Parameters: `slope [1]`.
 *
 * @example
 * ```ts
 * import { adaptiveActivation, dense, sequential, summary } from "@hooke/core";
 *
 * const network = sequential([dense({ units: 20 }), adaptiveActivation({ activation: "tanh", factor: 5 }), dense({ units: 1 })]);
 * console.log(summary(network, [2]).parameters); // 82
 * ```
 */
export const adaptiveActivation = /* @__PURE__ */ defineLayer({
  type: "adaptiveActivation",
  options: { optional: { activation: activationCheck, factor: factorCheck } },
  params: ({ factor = 10 }: AdaptiveActivationConfig) => ({
    slope: { shape: [1], initializer: { name: "constant", value: 1 / factor } as const },
  }),
  apply: ({ config: { activation = "tanh", factor = 10 }, params: { slope } }, x) =>
    activate(activation, mul(x, mul(slope, factor))),
});
