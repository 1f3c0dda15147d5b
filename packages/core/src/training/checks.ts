// Checks made while a step is recorded: do model, loss and targets fit together?
import { describe, fail, isFloat, type Tensor } from "@hooke/runtime";
import type { Layer } from "../layer/layer.ts";

/** The loss, or the penalty, if it is a scalar. @throws otherwise */
export function checkLoss(who: "loss" | "penalty", value: Tensor): Tensor {
  if (value.rank !== 0 || !isFloat(value.dtype)) {
    const what = who === "loss" ? "for the batch" : "for all parameters together";
    fail(who, `returned ${describe(value)}; it must return one number ${what}. Use mean or sum.`);
  }
  return value;
}

/**
 * Refuses predictions and targets that a loss written without checks would silently broadcast against each other. They
 * may differ where that is not meant: integer targets are classes, and the last axis of predictions may hold several
 * numbers (a mean and a variance, say) for each of the targets'.
 *
 * @throws naming both shapes
 */
export function checkPredictions(model: Layer, predictions: Tensor, targets: Tensor): void {
  const fits = isFloat(targets.dtype)
    ? predictions.rank === targets.rank &&
      predictions.shape.every((size, axis) =>
        axis > 0 && axis === targets.rank - 1 ? size % targets.shape[axis]! === 0 : size === targets.shape[axis],
      )
    : predictions.shape[0] === targets.shape[0];
  if (fits) return;
  fail(
    model.type,
    `predicts ${describe(predictions)}, expected the shape of the targets, ${describe(targets)}. ` +
      "Give the last layer as many units as there are target columns, and targets the shape [rows, columns].",
  );
}
