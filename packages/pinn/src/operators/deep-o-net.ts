// DeepONet: from a function, known at sensors, to another, asked at places.
import { defineLayer, type Layer, layerCheck } from "@hooke/core";
import { add, describe, einsum, HookeError, type Shape } from "@hooke/runtime";

/** Options of {@link deepONet}. */
export interface DeepONetConfig {
  /** From `[batch, sensors]`, or whatever the functions are given by, to `[batch, p]`. */
  readonly branch: Layer;
  /** From `[batch, places, coordinates]` to `[batch, places, p]`, with an activation at its end. */
  readonly trunk: Layer;
}

/**
 * An operator, from functions to functions: `sum over p of branch_p(function) trunk_p(place) + bias`. The input is what is known of each function, `[batch, sensors]`; the
 * places where its image is asked come as the extra `at`, `[batch, places, coordinates]`; the output is `[batch, places]`. Trained with `fit`, on a dataset
 * with these extras. As the places are tensors like others, `jvp` along them gives derivatives, for losses that know an equation. Lu, Jin, Pang, Zhang and
 * Karniadakis, "Learning nonlinear operators via DeepONet", Nature Machine Intelligence 3 (2021).
 *
 * Parameters: `bias [1]`, those of `branch` and `trunk`.
 *
 * @throws without the extra `at`, and where branch and trunk differ in `p`
 * @example
 * ```ts
 * import { dense, sequential, summary } from "@hooke/core";
 * import { deepONet } from "@hooke/pinn";
 *
 * const model = deepONet({
 *   branch: sequential([dense({ units: 40, activation: "tanh" }), dense({ units: 20 })]),
 *   trunk: sequential([dense({ units: 40, activation: "tanh" }), dense({ units: 20, activation: "tanh" })]),
 * });
 * // 50 sensors; 10 places with one coordinate.
 * console.log(summary(model, { shape: [50], extras: { at: { shape: [10, 1] } } }).parameters); // 3761
 * ```
 */
export const deepONet = /* @__PURE__ */ defineLayer({
  type: "deepONet",
  options: { required: { branch: layerCheck, trunk: layerCheck } },
  children: ({ branch, trunk }: DeepONetConfig) => ({ branch, trunk }),
  params: () => ({ bias: { shape: [1] as Shape, initializer: "zeros" as const } }),
  apply: ({ children: { branch, trunk }, params: { bias }, extras: { at } }, x) => {
    if (at === undefined || at.rank !== 3 || at.shape[0] !== x.shape[0]) {
      throw new HookeError(
        `received ${at === undefined ? "no places" : `places ${describe(at)}`} for ${describe(x)}; give the extra "at", [batch, places, coordinates].`,
        { code: "mismatch" },
      );
    }
    const coefficients = branch(x);
    const basis = trunk(at);
    if (coefficients.rank !== 2 || basis.rank !== 3 || coefficients.shape[1] !== basis.shape[2]) {
      throw new HookeError(
        `the branch returned ${describe(coefficients)} and the trunk ${describe(basis)}; expected [batch, p] and [batch, places, p], with one p.`,
        { code: "mismatch" },
      );
    }
    return add(einsum("bp,bqp->bq", coefficients, basis), bias);
  },
});
