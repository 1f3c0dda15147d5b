// Gradient accumulation: one update from the gradients of several batches. The optimizer says how many; the training gathers.
import { add, checkArgument, convert, div, fail, mul, nothingMore, show, type Tensor, treeMap } from "@hooke/runtime";
import type { TensorTree } from "../model/variables.ts";
import { perDType, zerosLike } from "./leaves.ts";
import { type Optimizer, optimizerCheck, updateBy } from "./optimizer.ts";

/**
 * Updates once for `steps` batches, by the gradient of their union: the effect of batches `steps` times as large in the memory of
 * one, smaller last batches and weights included. An epoch's last update takes the batches that are left.
 *
 * Everything that counts, counts updates: the optimizer, schedules, averages and bounds, and it makes no difference whether
 * they stand inside or outside; so does clipping, which sees the gradient of the union. Batch norms still normalise each
 * batch by itself.
 *
 * Slots, in a training: `gradients`, and those of the optimizer under `optimizer`.
 *
 * @throws on anything but a whole number of steps, 1 or more; while recording, if an optimizer around this one does not pass
 *   its `accumulation` on
 * @example
 * ```ts
 * import { accumulate, adam, chain, clipByGlobalNorm } from "@hooke/core";
 *
 * const optimizer = accumulate(4, chain(clipByGlobalNorm(1), adam()));
 * ```
 */
export function accumulate(steps: number, optimizer: Optimizer, ...more: []): Optimizer {
  nothingMore("accumulate", more);
  if (!(Number.isSafeInteger(steps) && steps > 0)) {
    fail("accumulate", `received ${show(steps)} steps; it takes a whole number above 0, then the optimizer.`);
  }
  checkArgument("accumulate", "the optimizer", optimizer, optimizerCheck);
  return {
    accumulation: steps * (optimizer.accumulation ?? 1),
    init: (params) => optimizer.init(params),
    update(gradients, slots, params, inputs) {
      if (steps > 1 && inputs.accumulates !== true) {
        fail(
          "accumulate",
          "an optimizer around it does not say that it accumulates; let it pass on accumulation and the inputs of update, " +
            "or put accumulate outside of it.",
        );
      }
      return updateBy(optimizer, gradients, slots, params, inputs);
    },
  };
}

/** Slots of a training whose optimizer accumulates. */
export interface AccumulationSlots {
  /** The part of the next update's gradient that its first batches gave. */
  readonly gradients: TensorTree;
  readonly optimizer: TensorTree;
}

/** The slots of a training before its first update: those of its optimizer, with room for gradients where it accumulates. */
export function trainingSlots(optimizer: Optimizer, params: TensorTree): TensorTree {
  const slots = optimizer.init(params);
  return accumulates(optimizer) ? { gradients: zerosLike(params), optimizer: slots } : slots;
}

/** Whether an update takes more than one batch. */
export const accumulates = ({ accumulation = 1 }: Optimizer): boolean => accumulation > 1;

/**
 * Gradients so far, and those of one more batch by its share in the union.
 *
 * @param rows of the batch, scalar
 * @param of rows of the union, scalar
 */
export function gather(total: TensorTree, gradients: TensorTree, rows: Tensor, of: Tensor): TensorTree {
  const share = perDType((dtype) => div(convert(rows, dtype), convert(of, dtype)));
  const more = (sum: Tensor, _path: string, gradient: Tensor): Tensor => add(sum, mul(gradient, share(gradient)));
  return treeMap(total, more, gradients) as TensorTree;
}
