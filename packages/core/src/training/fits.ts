// Checks made while a step is recorded: do model, loss and targets fit together?
import type { Preprocessing } from "@hooke/data";
import {
  type Aval,
  describe,
  fail,
  HookeError,
  isFloat,
  isTensor,
  type Program,
  show,
  type Tensor,
  type Value,
} from "@hooke/runtime";
import { type Loss, labelsCure, targetsCure } from "../losses/loss.ts";
import { hasSteps } from "../model/frame.ts";
import type { Layer } from "../model/layer.ts";
import type { Batch, BatchPart } from "./batch.ts";

/** The loss, or the penalty, if it is a scalar. @throws otherwise */
export function checkLoss(who: "loss" | "penalty", value: Tensor): Tensor {
  if (!isTensor(value) || value.rank !== 0 || !isFloat(value.dtype)) {
    const what = who === "loss" ? "for the batch" : "for all parameters together";
    const received = isTensor(value) ? describe(value) : show(value);
    fail(who, `returned ${received}; it must return one number ${what}. Use mean or sum.`);
  }
  return value;
}

/** A loss of a batch. @throws if it is not a scalar, or the loss is the function that makes it */
export function lossOf(loss: Loss, ...batch: Parameters<Loss>): Tensor {
  // What makes a loss takes options or nothing; given tensors, it refuses them or returns the loss.
  const uncalled = (): never => {
    const name = loss.name || "the loss";
    return fail("loss", `received ${show(loss)}, which makes a loss: call it, loss: ${name}().`);
  };
  let value: unknown;
  try {
    value = loss(...batch);
  } catch (error) {
    if (loss.length === 0 && error instanceof HookeError && error.code === "unknown-option") uncalled();
    throw error;
  }
  if (typeof value === "function") uncalled();
  return checkLoss("loss", value as Tensor);
}

/**
 * Refuses predictions and targets that a loss written without checks would silently broadcast against each other. They
 * may differ where that is not meant: integer targets are classes, and the last axis of predictions may hold several
 * numbers (a mean and a variance, say) for each of the targets'.
 *
 * @throws naming both shapes
 */
export function checkPredictions(
  model: Layer,
  predictions: Tensor,
  { targets, weights, inputs, extras }: Partial<Batch<Tensor>> & Pick<Batch<Tensor>, "targets">,
): void {
  if (weights?.rank === 2 && predictions.rank < 3) {
    fail(
      model.type,
      `predicts ${describe(predictions)} for targets ${describe(targets)} that are weighted step by step, by sampleWeights ` +
        "[rows, time] or by the lengths of their sequences; it must predict every step, [rows, time, ...].",
      "mismatch",
    );
  }
  const fits = isFloat(targets.dtype)
    ? predictions.rank === targets.rank &&
      predictions.shape.every((size, axis) =>
        axis > 0 && axis === targets.rank - 1 ? size % targets.shape[axis]! === 0 : size === targets.shape[axis],
      )
    : predictions.shape[0] === targets.shape[0] &&
      // A loss of rows would count the steps that pad them.
      !(weights?.rank !== 2 && inputs && extras?.lengths && hasSteps(predictions, inputs));
  if (fits) return;
  const labels = isFloat(targets.dtype) && predictions.rank === targets.rank + 1 && predictions.shape.at(-1) !== 1;
  fail(
    model.type,
    `predicts ${describe(predictions)}, expected the shape of the targets, ${describe(targets)}. ${labels ? labelsCure : targetsCure}`,
    "mismatch",
  );
}

/** @throws unless predictions have an output for each class; one will do for two classes, as for each target */
export function checkClasses(
  { type }: Layer,
  predictions: Aval,
  { classes, targetNames = [] }: Partial<Pick<Preprocessing, "classes" | "targetNames">>,
): void {
  const outputs = predictions.shape.length < 2 ? 1 : predictions.shape.at(-1)!;
  if (classes === undefined || outputs === classes.length) return;
  if (classes.length === 2 && (outputs === 1 || outputs === targetNames.length)) return;
  fail(
    type,
    `predicts ${describe(predictions)} for ${classes.length} classes; give it an output for each, or targets without classes.`,
    "mismatch",
  );
}

/**
 * Refuses a loss that was given weights and does not use them: its values would be those of other data.
 *
 * @param parts those of the batch; they are the last inputs of the program
 */
export function checkWeightsRead(program: Program, parts: readonly BatchPart<Aval>[]): void {
  const at = parts.findIndex(({ name }) => name === "weights");
  if (at < 0) return;
  const input = program.inputs[program.inputs.length - parts.length + at]!;
  const needed = new Set<Value>(program.outputs);
  for (const { inputs, outputs } of program.nodes.toReversed()) {
    if (outputs.some((output) => needed.has(output))) for (const value of inputs) needed.add(value);
  }
  if (needed.has(input)) return;
  fail(
    "loss",
    "does not use the weights it is given, which come from sampleWeights or from the lengths of sequences. Give it a third " +
      "argument, (predictions, targets, weights), and return the mean of weights times losses; or leave the weights out.",
  );
}
