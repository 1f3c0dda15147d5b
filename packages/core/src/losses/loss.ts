// What a loss is, and the reduction all of them share.
import { describe, div, fail, isTensor, mean, mul, sameShape, sum, type Tensor } from "@hooke/runtime";
import type { TensorTree } from "../layer/variables.ts";

/**
 * A scalar that training makes small: the mean of the samples' losses `l_i`, each the mean over the sample's elements, or with
 * weights `sum(w_i l_i) / sum(w_i)`.
 *
 * @param predictions `[batch, ...]`
 * @param targets `[batch, ...]`
 * @param weights `[batch]`, not negative and not all 0
 */
export type Loss = (predictions: Tensor, targets: Tensor, weights?: Tensor) => Tensor;

/** A scalar of the parameters that training adds to the loss, such as the `l2` of @hooke/regularization. */
export type Penalty = (params: TensorTree) => Tensor;

/** Reduces the losses of elements, `[batch, ...]`, to a scalar. @throws if there is not one weight per sample */
export function reduceLoss(who: string, elements: Tensor, weights: Tensor | undefined): Tensor {
  if (weights === undefined) return mean(elements);
  const batch = elements.shape[0]!;
  if (!isTensor(weights) || !sameShape(weights.shape, [batch])) {
    fail(
      who,
      `expected one weight per sample, [${batch}], received ${isTensor(weights) ? describe(weights) : typeof weights}.`,
    );
  }
  const perSample = mean(elements, { axes: elements.shape.slice(1).map((_, axis) => axis + 1) });
  return div(sum(mul(weights, perSample)), sum(weights));
}

/** Checks that targets have the shape of the predictions: broadcasting `[n]` against `[n, 1]` would go unnoticed. */
export function checkTargets(who: string, predictions: Tensor, targets: Tensor): void {
  if (predictions.rank === 0)
    fail(who, `expected a batch of predictions, [batch, ...], received ${describe(predictions)}.`);
  if (!sameShape(predictions.shape, targets.shape)) {
    fail(
      who,
      `expected targets of the predictions' shape [${predictions.shape.join(", ")}], received [${targets.shape.join(", ")}].`,
    );
  }
}
