// What an optimizer is, what may stand in front of one, and how they are put together.
import { fail, type Tensor } from "@hooke/runtime";
import type { TensorTree } from "../layer/variables.ts";

/** Inputs of a training step that are not variables. */
export interface StepInputs {
  /** Scalar. */
  readonly learningRate: Tensor;
  /** Scalar, the number of this step: 1 for the first. */
  readonly step: Tensor;
}

/**
 * Changes parameters by their gradients. Both functions run while recording; what an optimizer remembers is a tree of tensors (its
 * slots) that goes in and comes out.
 */
export interface Optimizer<S extends TensorTree = TensorTree> {
  /** The slots before the first step; `{}` if there are none. */
  init(params: TensorTree): S;
  /** The next parameters and slots. All trees but the slots have the structure of `params`. */
  update(
    gradients: TensorTree,
    state: S,
    params: TensorTree,
    inputs: StepInputs,
  ): readonly [params: TensorTree, state: S];
}

/** Changes gradients on their way to an optimizer. */
export interface GradientTransform {
  transform(gradients: TensorTree): TensorTree;
}

/**
 * An optimizer behind transforms of its gradients, applied in order: `chain(clipByGlobalNorm(1), adam())`.
 *
 * @throws if the last part is not an optimizer or another one is
 */
export function chain(...parts: readonly [...transforms: GradientTransform[], optimizer: Optimizer]): Optimizer {
  const optimizer = parts.at(-1) as Optimizer;
  const transforms = parts.slice(0, -1) as GradientTransform[];
  if (typeof optimizer?.update !== "function" || !transforms.every((part) => typeof part.transform === "function")) {
    fail("chain", "expected gradient transforms followed by one optimizer, e.g. chain(clipByGlobalNorm(1), adam()).");
  }
  return {
    init: (params) => optimizer.init(params),
    update: (gradients, state, params, inputs) =>
      optimizer.update(
        transforms.reduce((tree, part) => part.transform(tree), gradients),
        state,
        params,
        inputs,
      ),
  };
}
