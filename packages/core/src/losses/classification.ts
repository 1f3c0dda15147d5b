// Losses of classes, all from logits: a probability that rounds to 0 or 1 has lost what its logarithm needs.
import {
  abs,
  add,
  and,
  checkOptions,
  checks,
  convert,
  describe,
  equal,
  exp,
  expandDims,
  fail,
  greater,
  greaterEqual,
  iota,
  isFloat,
  less,
  log1p,
  logSoftmax,
  logSumExp,
  mean,
  mul,
  neg,
  reshape,
  type Shape,
  sameShape,
  select,
  stopGradient,
  sub,
  sum,
  type Tensor,
} from "@hooke/runtime";
import { softplus } from "../layers/activations.ts";
import { checkTargets, type Loss, reduceLoss } from "./loss.ts";

/** Options of {@link crossEntropy}. */
export interface CrossEntropyOptions {
  /** Share of the target that is spread evenly over all classes, in [0, 1). Default 0. Szegedy et al. 2016. */
  readonly labelSmoothing?: number;
}

/**
 * Cross-entropy between the softmax of logits and the targets, per sample (and position).
 *
 * Predictions are logits `[batch, ..., classes]`. Targets are classes `[batch, ...]` (`i32` or `u32`, from 0; one that does not
 * exist makes the loss NaN; training refuses it with its row) or probabilities `[batch, ..., classes]`.
 */
export function crossEntropy(options: CrossEntropyOptions = {}): Loss {
  checkOptions<CrossEntropyOptions>("crossEntropy", options, { optional: { labelSmoothing: checks.fraction } });
  const { labelSmoothing = 0 } = options;
  const loss: Loss = (predictions, targets, weights) => {
    if (predictions.rank < 2 || !isFloat(predictions.dtype)) {
      fail(
        "crossEntropy",
        `expected logits [batch, ..., classes], f32 or f64, received ${describe(predictions)}.`,
        "mismatch",
      );
    }
    const logProbabilities = logSoftmax(predictions);
    const expected = isFloat(targets.dtype) ? expectation(logProbabilities, targets) : chosen(predictions, targets);
    const smoothed =
      labelSmoothing === 0
        ? expected
        : add(mul(expected, 1 - labelSmoothing), mul(mean(logProbabilities, { axes: -1 }), labelSmoothing));
    return reduceLoss("crossEntropy", neg(smoothed), weights);
  };
  return Object.assign(loss, { labels: true });
}

function expectation(logProbabilities: Tensor, targets: Tensor): Tensor {
  if (!sameShape(targets.shape, logProbabilities.shape)) refuseTargets(logProbabilities.shape, targets);
  // 0 log 0 is 0: a class that cannot be, and is not expected, costs nothing.
  const free = and(equal(targets, 0), equal(logProbabilities, -Infinity));
  return sum(mul(targets, select(free, 0, logProbabilities)), { axes: -1 });
}

function refuseTargets(shape: Shape, targets: Tensor): never {
  const classes = shape.slice(0, -1).join(", ");
  return fail(
    "crossEntropy",
    `expected class labels i32[${classes}] or probabilities [${shape.join(", ")}], received ${describe(targets)}. ` +
      `Labels are whole numbers, array(labels, { dtype: "i32", shape: [${classes}] }).`,
    "mismatch",
  );
}

/** The logarithm of the probability of the class that is the target. */
function chosen(logits: Tensor, targets: Tensor): Tensor {
  const shape = logits.shape;
  const positions = shape.slice(0, -1);
  if (!sameShape(targets.shape, positions)) refuseTargets(shape, targets);
  const classes = convert(targets, "i32");
  const hit = equal(iota(shape, -1), expandDims(classes, -1));
  // With two classes the loss is softplus(other - own). With more, the others count as one: their logSumExp. Small losses and
  // gradients keep their digits, which the logarithm of a sum near 1 has lost. Selections rather than products: 0 times an
  // infinite logit would be NaN.
  const own = sum(select(hit, logits, 0), { axes: -1, keepDims: true });
  // Differences of logits are small numbers; those to an infinite one are not taken. The shift is constant for derivatives: it cancels.
  const shift = stopGradient(select(less(abs(own), Infinity), own, 0));
  const others = logSumExp(select(hit, -Infinity, sub(logits, shift)), { axes: -1, keepDims: true });
  const value = reshape(neg(softplus(add(others, sub(shift, own)))), positions);
  const exists = and(greaterEqual(classes, 0), less(classes, shape.at(-1)!));
  return select(exists, value, Number.NaN);
}

/** Options of {@link binaryCrossEntropy}. */
export interface BinaryCrossEntropyOptions {
  /** Share of the target that is spread evenly over yes and no: `t (1 - s) + s / 2`. In [0, 1), default 0. */
  readonly labelSmoothing?: number;
}

/**
 * Binary cross-entropy between the sigmoid of logits and the targets: labels 0 and 1 of any dtype, or probabilities. Predictions
 * and targets have one shape, `[batch, ...]`; each element is a question of its own.
 */
export function binaryCrossEntropy(options: BinaryCrossEntropyOptions = {}): Loss {
  checkOptions<BinaryCrossEntropyOptions>("binaryCrossEntropy", options, {
    optional: { labelSmoothing: checks.fraction },
  });
  const { labelSmoothing = 0 } = options;
  return (predictions, targets, weights) => {
    checkTargets("binaryCrossEntropy", predictions, targets);
    const given = convert(targets, predictions.dtype);
    const truth = labelSmoothing === 0 ? given : add(mul(given, 1 - labelSmoothing), labelSmoothing / 2);
    return reduceLoss("binaryCrossEntropy", logisticLoss(predictions, truth), weights);
  };
}

/**
 * `(1 - t) softplus(z) + t softplus(-z)`: `log(1 + e^-|z|)`, and what the sign of the logit costs. Neither value nor gradient
 * subtracts numbers that nearly agree.
 */
function logisticLoss(logits: Tensor, truth: Tensor): Tensor {
  const above = greater(logits, 0);
  const doubt = log1p(exp(select(above, neg(logits), logits)));
  const share = select(above, sub(1, truth), neg(truth));
  // A share of 0 of an infinite logit is 0.
  const free = and(equal(share, 0), equal(abs(logits), Infinity));
  return add(mul(share, select(free, 0, logits)), doubt);
}
