// Gradient accumulation: one update from the mean gradient of several steps.
import { add, convert, div, equal, fail, mul, rem, select, type Tensor, treeMap } from "@hooke/runtime";
import type { TensorTree } from "../layer/variables.ts";
import { zerosLike } from "./leaves.ts";
import type { Optimizer } from "./optimizer.ts";

/**
 * Updates at every `steps`-th step, by the mean of the gradients since the last update: the effect of batches `steps` times as
 * large in the memory of one. The optimizer inside counts updates, not steps. A group of steps may span two epochs.
 *
 * Slots: `gradients`, and those of the optimizer under `optimizer`.
 */
export function accumulate(steps: number, optimizer: Optimizer): Optimizer {
  if (!(Number.isSafeInteger(steps) && steps > 0)) {
    fail("accumulate", `received ${steps} steps; it takes a whole number above 0.`);
  }
  return {
    init: (params) => ({ gradients: zerosLike(params), optimizer: optimizer.init(params) }),
    update(gradients, slots, params, { learningRate, step }) {
      const before = slots as { readonly gradients: TensorTree; readonly optimizer: TensorTree };
      const number = convert(step, "i32");
      const due = equal(rem(number, steps), 0);
      const gather = (sum: Tensor, _path: string, gradient: Tensor): Tensor => add(sum, mul(gradient, 1 / steps));
      const total = treeMap(before.gradients, gather, gradients) as TensorTree;
      const [nextParams, nextSlots] = optimizer.update(total, before.optimizer, params, {
        learningRate,
        step: div(number, steps),
      });
      const ifDue = (next: TensorTree, old: TensorTree): TensorTree =>
        treeMap(old, (was: Tensor, _path: string, is: Tensor) => select(due, is, was), next) as TensorTree;
      return [
        ifDue(nextParams, params),
        { gradients: ifDue(zerosLike(params), total), optimizer: ifDue(nextSlots, before.optimizer) },
      ];
    },
  };
}
