// What an optimizer is, what may stand in front of one, and how they are put together.
import { type Check, checkArgument, fail, show, type Tensor } from "@hooke/runtime";
import type { TensorTree } from "../model/variables.ts";

/** Inputs of a training step that are not variables. */
export interface StepInputs {
  /** Scalar. */
  readonly learningRate: Tensor;
  /** Scalar, the number of this update: 1 for the first. */
  readonly step: Tensor;
  /** Whether the training gathers gradients for this update, as `accumulation` asks. Default false. */
  readonly accumulates?: boolean;
}

/**
 * Changes parameters by their gradients. Both functions run while recording; what an optimizer remembers is a tree of tensors (its
 * slots) that goes in and comes out. One that stands around another passes on its `accumulation`, and all inputs of `update`.
 */
export interface Optimizer<S extends TensorTree = TensorTree> {
  /** Batches whose gradients make one update; see `accumulate`. Default 1. */
  readonly accumulation?: number;
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

/** Expects an optimizer. */
export const optimizerCheck: Check = (value) => {
  const { init, update } = (value ?? {}) as Partial<Readonly<Record<keyof Optimizer, unknown>>>;
  return typeof init === "function" && typeof update === "function" ? undefined : "an optimizer, such as adam()";
};

/**
 * The update of an optimizer that may be anybody's: what stands around one calls it by this.
 *
 * @throws if it does not return two trees
 */
export function updateBy<S extends TensorTree>(
  optimizer: Optimizer<S>,
  ...given: Parameters<Optimizer<S>["update"]>
): ReturnType<Optimizer<S>["update"]> {
  const result = optimizer.update(...given);
  const isTree = (tree: unknown): boolean => typeof tree === "object" && tree !== null;
  if (Array.isArray(result) && result.length === 2 && result.every(isTree)) return result;
  return fail("optimizer", `update returned ${show(result)}; it must return [params, slots], two trees of tensors.`);
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
    ...accumulationOf(optimizer),
    init: (params) => optimizer.init(params),
    update: (gradients, state, params, inputs) =>
      updateBy(
        optimizer,
        transforms.reduce((tree, part) => part.transform(tree), gradients),
        state,
        params,
        inputs,
      ),
  };
}

/** What an optimizer around another one passes on: how many batches make an update. */
export function accumulationOf(optimizer: Optimizer): Pick<Optimizer, "accumulation"> {
  checkArgument("accumulationOf", "the optimizer", optimizer, optimizerCheck);
  const { accumulation } = optimizer;
  return accumulation === undefined ? {} : { accumulation };
}
