// Dense layers whose kernel is a product: a scale for each unit, trained beside what it scales.
import { type Activation, activate, activationCheck, defineLayer, type InitializerFunction } from "@hooke/core";
import { add, checks, div, exp, HookeError, matmul, mul, normal, type Tensor } from "@hooke/runtime";

/** How the logarithms of the scales of {@link factorizedDense} are drawn. */
export interface Factorization {
  /** Default 1. */
  readonly mean?: number;
  /** Standard deviation. Default 0.1. */
  readonly deviation?: number;
}

/** Options of {@link factorizedDense}. */
export interface FactorizedDenseConfig extends Factorization {
  /** Size of the output's last axis. */
  readonly units: number;
  /** Applied to the result. Default: none. */
  readonly activation?: Activation;
}

/** The checks of {@link Factorization}. */
export const factorizationChecks = { mean: checks.finite, deviation: checks.nonNegative };

/**
 * `activation(x kernel e^scale + bias)`, a dense layer with random weight factorisation: `[batch, ..., inputs]` to `[batch, ..., units]`. Kernel times `e^scale`
 * starts as Glorot and Bengio 2010 drew it, bias at zero. Wang, Wang, Seidman and Perdikaris, "Random weight factorization improves the
 * training of continuous neural representations" (2022).
 *
 * Parameters: `scale [units]`, the logarithms of the factors, `kernel [inputs, units]`, `bias [units]`.
 */
export const factorizedDense = /* @__PURE__ */ defineLayer({
  type: "factorizedDense",
  options: { required: { units: checks.count }, optional: { activation: activationCheck, ...factorizationChecks } },
  params: ({ units, mean = 1, deviation = 0.1 }: FactorizedDenseConfig, inputShape) => {
    const inputs = inputShape.at(-1);
    if (inputs === undefined)
      throw new HookeError("expected an input [batch, ..., features], received [batch].", { code: "mismatch" });
    // The kernel is drawn after the scale, which it is divided by: what is drawn is their product.
    let drawn: Tensor | undefined;
    const scales: InitializerFunction = (key, shape, dtype) => {
      drawn = add(mul(normal(key, shape, dtype), deviation), mean);
      return drawn;
    };
    const directions: InitializerFunction = (key, shape, dtype) =>
      div(mul(normal(key, shape, dtype), Math.sqrt(2 / (inputs + units))), exp(drawn!));
    return {
      scale: { shape: [units], initializer: scales },
      kernel: { shape: [inputs, units], initializer: directions },
      bias: { shape: [units], initializer: "zeros" as const },
    };
  },
  apply: ({ config: { activation }, params: { scale, kernel, bias } }, x) => {
    const value = add(mul(matmul(x, kernel), exp(scale)), bias);
    return activation === undefined ? value : activate(activation, value);
  },
});
