// What a loss is, and the reduction all of them share.
import {
  convert,
  describe,
  fail,
  type HostArray,
  isFloat,
  isTensor,
  mean,
  mul,
  sameShape,
  type Tensor,
} from "@hooke/runtime";
import type { TensorTree } from "../model/variables.ts";

/**
 * A scalar that training makes small: the mean of the batch's losses, each sample's the mean over its elements, or with weights
 * `mean(w_i l_i)`. Weights have the mean 1 over the whole training part and not over each batch: that makes the mean over a
 * batch an unbiased estimate of `sum(w_i l_i) / sum(w_i)` over the part, whatever the batch size.
 *
 * Training gives weights where there are `sampleWeights`, and where sequences have `lengths`: steps behind an end weigh 0. A loss
 * that does not use them is refused then.
 *
 * A loss that is made of another one passes on what that says about labels and targets.
 *
 * @param predictions `[batch, ...]`
 * @param targets `[batch, ...]`
 * @param weights `[batch]` or, for each step of sequences, `[batch, time]`; not negative
 */
export interface Loss {
  (predictions: Tensor, targets: Tensor, weights?: Tensor): Tensor;
  /** Whether whole-number targets are labels of as many classes as predictions have columns: others are then refused before training. */
  readonly labels?: boolean;
  /** What targets that are not labels must be: from 0 to 1 each. Others are refused before training. Default any numbers. */
  readonly targets?: "probabilities";
  /** The label of what has no known class: it may stand among the targets, and counts in no metric either. Default none. */
  readonly ignoreLabel?: number;
  /**
   * What targets count by their classes: the mean over what lies behind the first axis, or the first two (`axes`), in order;
   * undefined where all count the same. The loss multiplies by it, and where it gets no weights divides by the sum. Training gives
   * weights always then, which times it have the mean 1.
   */
  readonly weightsOf?: (targets: HostArray, axes: 1 | 2) => ArrayLike<number> | undefined;
  /** The loss for labels of these classes, where it speaks of them by name; training asks for it. */
  readonly forClasses?: (classes: readonly string[] | undefined) => Loss;
}

/** A scalar of the parameters that training adds to the loss, such as the `l2` of @hooke/regularization. */
export type Penalty = (params: TensorTree) => Tensor;

/** What to do about targets of another shape. */
export const targetsCure =
  "Give the last layer as many units as there are target columns, and targets the shape [rows, columns].";

/** What to do about targets that look like classes. */
export const labelsCure = `If the targets are class labels, make them whole numbers: array(labels, { dtype: "i32" }), [rows]. If not: ${targetsCure}`;

/**
 * Reduces the losses of elements, `[batch, ...]`, to a scalar: their mean, or with weights `mean(w l)` over samples or steps.
 *
 * @throws if there is not one weight per sample or per step
 */
export function reduceLoss(who: string, elements: Tensor, weights: Tensor | undefined): Tensor {
  if (weights === undefined) return mean(elements);
  const { shape } = elements;
  const rank = isTensor(weights) ? weights.rank : 0;
  if (rank < 1 || rank > 2 || !sameShape(weights.shape, shape.slice(0, rank))) {
    const steps = shape.length > 1 ? `, or per step, [${shape.slice(0, 2).join(", ")}]` : "";
    fail(
      who,
      `expected one weight per sample, [${shape[0]}]${steps}, received ${isTensor(weights) ? describe(weights) : typeof weights}.`,
      "mismatch",
    );
  }
  const axes = shape.slice(rank).map((_, axis) => axis + rank);
  const units = axes.length === 0 ? elements : mean(elements, { axes });
  return mean(mul(convert(weights, elements.dtype), units));
}

/** Checks that targets have the shape of the predictions: broadcasting `[n]` against `[n, 1]` would go unnoticed. */
export function checkTargets(who: string, predictions: Tensor, targets: Tensor): void {
  if (predictions.rank === 0)
    fail(who, `expected a batch of predictions, [batch, ...], received ${describe(predictions)}.`, "mismatch");
  if (!isFloat(predictions.dtype))
    fail(
      who,
      `expected predictions f32 or f64, received ${describe(predictions)}; convert them: convert(x, "f32").`,
      "mismatch",
    );
  if (!sameShape(predictions.shape, targets.shape)) {
    fail(
      who,
      `expected targets of the predictions' shape [${predictions.shape.join(", ")}], received [${targets.shape.join(", ")}]. ${targetsCure}`,
      "mismatch",
    );
  }
}
