// Yes or no, from logits: a probability that rounds to 0 or 1 has lost what its logarithm needs.
import {
  abs,
  add,
  and,
  array,
  type Check,
  checkOptions,
  checks,
  convert,
  describe,
  equal,
  exp,
  fail,
  greater,
  type HostArray,
  log1p,
  mul,
  neg,
  select,
  sub,
  type Tensor,
} from "@hooke/runtime";
import { checkTargets, type Loss, reduceLoss } from "./loss.ts";

/** Options of {@link binaryCrossEntropy}. */
export interface BinaryCrossEntropyOptions {
  /** Share of the target that is spread evenly over yes and no: `t (1 - s) + s / 2`. In [0, 1), default 0. */
  readonly labelSmoothing?: number;
  /**
   * What the loss of yes is multiplied by, that of no counting 1: a number, or one for each column of the targets. The mean stays
   * one over elements. Negative over positive rows makes both count the same. PyTorch's `pos_weight`. Default 1.
   */
  readonly positiveWeight?: number | readonly number[];
}

const positiveWeightCheck: Check = (value) =>
  Array.isArray(value) && value.length > 0 && value.every((weight) => checks.nonNegative(weight) === undefined)
    ? undefined
    : checks.nonNegative(value) && "a number of at least 0, or a list of them, one for each column of the targets";

/**
 * Binary cross-entropy between the sigmoid of logits and the targets: labels 0 and 1 of any dtype, or probabilities. Predictions
 * and targets have one shape, `[batch, ...]`; each element is a question of its own. Training refuses targets outside 0 to 1 with
 * their row.
 */
export function binaryCrossEntropy(options: BinaryCrossEntropyOptions = {}): Loss {
  checkOptions<BinaryCrossEntropyOptions>("binaryCrossEntropy", options, {
    optional: { labelSmoothing: checks.fraction, positiveWeight: positiveWeightCheck },
  });
  const { labelSmoothing = 0, positiveWeight = 1 } = options;
  const loss: Loss = (predictions, targets, weights) => {
    checkTargets("binaryCrossEntropy", predictions, targets);
    const { dtype, shape } = predictions;
    const columns = shape.length > 1 ? shape.at(-1) : 1;
    if (typeof positiveWeight !== "number" && positiveWeight.length !== columns) {
      const received = `${positiveWeight.length} positive weights for predictions ${describe(predictions)}`;
      fail("binaryCrossEntropy", `received ${received}; give one for each column, or one number.`, "mismatch");
    }
    const given = convert(targets, dtype);
    const truth = labelSmoothing === 0 ? given : add(mul(given, 1 - labelSmoothing), labelSmoothing / 2);
    const positive = typeof positiveWeight === "number" ? positiveWeight : array(positiveWeight, { dtype });
    return reduceLoss("binaryCrossEntropy", logisticLoss(predictions, truth, positive), weights);
  };
  return Object.assign(loss, { targets: "probabilities" } as const);
}

/**
 * `(1 - t) softplus(z) + p t softplus(-z)`: `log(1 + e^-|z|)`, and what the sign of the logit costs. Neither value nor gradient
 * subtracts numbers that nearly agree.
 */
function logisticLoss(logits: Tensor, truth: Tensor, positive: number | HostArray): Tensor {
  const weighed = (values: Tensor): Tensor => (positive === 1 ? values : mul(values, positive));
  const above = greater(logits, 0);
  const doubt = log1p(exp(select(above, neg(logits), logits)));
  const share = select(above, sub(1, truth), neg(weighed(truth)));
  // A share of 0 of an infinite logit is 0.
  const free = and(equal(share, 0), equal(abs(logits), Infinity));
  const certain = mul(share, select(free, 0, logits));
  return add(certain, positive === 1 ? doubt : mul(doubt, add(sub(1, truth), weighed(truth))));
}
