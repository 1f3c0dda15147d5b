// Dense: every output sees every input of the last axis.
import { add, checks, HookeError, matmul } from "@hooke/runtime";
import { type Initializer, initializerCheck } from "../initializers/initializer.ts";
import { defineLayer } from "../model/define-layer.ts";
import { type Activation, activate, activationCheck } from "./activation.ts";

/** Options of {@link dense}. */
export interface DenseConfig {
  /** Size of the output's last axis. */
  readonly units: number;
  /** Applied to the result. Default: none. */
  readonly activation?: Activation;
  /** Whether a bias is added. Default true. */
  readonly bias?: boolean;
  /** Default `"torchDefault"`: uniform within `1 / sqrt(inputs)`. */
  readonly kernelInitializer?: Initializer;
  /** Default `"torchDefault"`: uniform within `1 / sqrt(inputs)`. */
  readonly biasInitializer?: Initializer;
}

/**
 * `activation(x kernel + bias)` over the last axis: `[batch, ..., inputs]` to `[batch, ..., units]`.
 *
 * Parameters: `kernel [inputs, units]`, `bias [units]`.
 */
export const dense = /* @__PURE__ */ defineLayer({
  type: "dense",
  options: {
    required: { units: checks.count },
    optional: {
      activation: activationCheck,
      bias: checks.flag,
      kernelInitializer: initializerCheck,
      biasInitializer: initializerCheck,
    },
  },
  params: (config: DenseConfig, inputShape) => {
    const inputs = inputShape.at(-1);
    if (inputs === undefined)
      throw new HookeError("expected an input [batch, ..., features], received [batch].", { code: "mismatch" });
    const { units, bias = true, kernelInitializer = "torchDefault", biasInitializer = "torchDefault" } = config;
    return {
      kernel: { shape: [inputs, units], initializer: kernelInitializer },
      bias: bias ? { shape: [units], initializer: biasInitializer, fanIn: inputs } : undefined,
    };
  },
  apply: ({ config, params: { kernel, bias } }, x) => {
    const product = matmul(x, kernel);
    const sum = bias === undefined ? product : add(product, bias);
    return config.activation === undefined ? sum : activate(config.activation, sum);
  },
});
