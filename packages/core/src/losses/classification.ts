// Losses of classes, all from logits: a probability that rounds to 0 or 1 has lost what its logarithm needs.
import {
  add,
  and,
  checkOptions,
  checks,
  convert,
  describe,
  equal,
  expandDims,
  fail,
  greaterEqual,
  iota,
  isFloat,
  less,
  logSoftmax,
  mean,
  mul,
  neg,
  sameShape,
  select,
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
 * exist makes the loss NaN) or probabilities `[batch, ..., classes]`.
 */
export function crossEntropy(options: CrossEntropyOptions = {}): Loss {
  checkOptions<CrossEntropyOptions>("crossEntropy", options, { optional: { labelSmoothing: checks.fraction } });
  const { labelSmoothing = 0 } = options;
  return (predictions, targets, weights) => {
    if (predictions.rank < 2) {
      fail("crossEntropy", `expected logits [batch, ..., classes], received ${describe(predictions)}.`);
    }
    const logProbabilities = logSoftmax(predictions);
    const expected = isFloat(targets.dtype)
      ? expectation(logProbabilities, targets)
      : chosen(logProbabilities, targets);
    const smoothed =
      labelSmoothing === 0
        ? expected
        : add(mul(expected, 1 - labelSmoothing), mul(mean(logProbabilities, { axes: -1 }), labelSmoothing));
    return reduceLoss("crossEntropy", neg(smoothed), weights);
  };
}

function expectation(logProbabilities: Tensor, targets: Tensor): Tensor {
  checkTargets("crossEntropy", logProbabilities, targets);
  return sum(mul(targets, logProbabilities), { axes: -1 });
}

function chosen(logProbabilities: Tensor, targets: Tensor): Tensor {
  const shape = logProbabilities.shape;
  const positions = shape.slice(0, -1);
  if (!sameShape(targets.shape, positions)) {
    fail(
      "crossEntropy",
      `expected classes [${positions.join(", ")}] or probabilities [${shape.join(", ")}], received ${describe(targets)}.`,
    );
  }
  const classes = convert(targets, "i32");
  // A selection rather than a product: 0 times the -Infinity of an impossible class would be NaN.
  const hit = equal(iota(shape, -1), expandDims(classes, -1));
  const value = sum(select(hit, logProbabilities, 0), { axes: -1 });
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
    const elements = add(mul(sub(1, truth), predictions), softplus(neg(predictions)));
    return reduceLoss("binaryCrossEntropy", elements, weights);
  };
}
