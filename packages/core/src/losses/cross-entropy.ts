// One class of several, from logits: the loss keeps the digits of small differences, and counts classes by their weights.

import { labelCheck } from "@hooke/data";
import {
  abs,
  add,
  and,
  array,
  checkOptions,
  checks,
  convert,
  type DType,
  describe,
  div,
  equal,
  expandDims,
  fail,
  gather,
  greaterEqual,
  type HostArray,
  iota,
  isFloat,
  less,
  logSoftmax,
  logSumExp,
  mean,
  mul,
  neg,
  notEqual,
  reshape,
  type Shape,
  sameShape,
  select,
  sizeOf,
  stopGradient,
  sub,
  sum,
  type Tensor,
} from "@hooke/runtime";
import { softplus } from "../layers/activations.ts";
import { type ClassWeights, classWeightsCheck, weightsInOrder } from "./class-weights.ts";
import { type Loss, reduceLoss } from "./loss.ts";

/** Options of {@link crossEntropy}. */
export interface CrossEntropyOptions {
  /** Share of the target that is spread evenly over all classes, in [0, 1). Default 0. Szegedy et al. 2016. */
  readonly labelSmoothing?: number;
  /**
   * A label that says that the class is not known: what bears it counts in no loss and, in a training, in no metric, whatever is
   * predicted there. Targets are labels then. Default none.
   */
  readonly ignoreLabel?: number;
  /**
   * What each class counts, in the order of the classes, or by their names where the dataset has `classes`. Of targets that are
   * probabilities, each class's share of the loss is multiplied. Default: all the same.
   */
  readonly classWeights?: ClassWeights;
}

/**
 * Cross-entropy between the softmax of logits and the targets, per sample (and position).
 *
 * Predictions are logits `[batch, ..., classes]`. Targets are classes `[batch, ...]` (`i32` or `u32`, from 0; one that does not
 * exist makes the loss NaN) or probabilities `[batch, ..., classes]`. Training refuses others with their row, but not
 * probabilities that do not sum to 1: as in PyTorch and Keras, `-sum(t log p)` is taken as it stands.
 *
 * With `classWeights` or `ignoreLabel`, the mean is `sum(c l) / sum(c)`, `c` being the weight of the target's class, or 0 where the
 * label is ignored: over the batch, as in PyTorch (NaN where nothing counts), or, in a training, over the whole part, whatever
 * the batch size.
 *
 * @example
 * ```ts
 * import { crossEntropy } from "@hooke/core";
 * import { array, referenceBackend, run } from "@hooke/runtime";
 *
 * const loss = crossEntropy({ ignoreLabel: -1, classWeights: [1, 3] });
 * const labels = array([0, 1, -1], { dtype: "i32" });
 * const { data } = await run(referenceBackend(), loss, array([[0, 0], [Math.log(3), 0], [5, 5]]), labels);
 * console.log(data[0]!.toFixed(4)); // 1.2130
 * ```
 */
export function crossEntropy(options: CrossEntropyOptions = {}): Loss {
  checkOptions<CrossEntropyOptions>("crossEntropy", options, {
    optional: { labelSmoothing: checks.fraction, ignoreLabel: labelCheck, classWeights: classWeightsCheck },
  });
  const { classWeights, ignoreLabel } = options;
  const inOrder = (classes: readonly string[] | undefined): Loss =>
    lossOfClasses(options, classWeights && weightsInOrder("crossEntropy", classWeights, classes));
  if (classWeights === undefined || Array.isArray(classWeights)) return inOrder(undefined);
  const unnamed: Loss = (...batch) => inOrder(undefined)(...batch);
  const known = { ...takes, forClasses: inOrder, ...(ignoreLabel !== undefined && { ignoreLabel }) };
  return Object.assign(unnamed, known);
}

const takes = { labels: true, targets: "probabilities" } as const;

/** @param classWeights one for each class */
function lossOfClasses(
  { labelSmoothing = 0, ignoreLabel }: CrossEntropyOptions,
  classWeights: readonly number[] | undefined,
): Loss {
  const loss: Loss = (predictions, targets, weights) => {
    checkLogits(predictions, classWeights);
    const { dtype, shape } = predictions;
    const labelled = !isFloat(targets.dtype);
    if (!sameShape(targets.shape, labelled ? shape.slice(0, -1) : shape)) refuseTargets(shape, targets);
    if (!labelled && ignoreLabel !== undefined) {
      fail(
        "crossEntropy",
        `received ignoreLabel and probabilities ${describe(targets)}; labels alone are ignored.`,
        "mismatch",
      );
    }
    const given = labelled ? convert(targets, "i32") : targets;
    const known = ignoreLabel === undefined ? undefined : notEqual(given, ignoreLabel);
    const logits = known === undefined ? predictions : select(expandDims(known, -1), predictions, 0);
    const labels = known === undefined ? given : select(known, given, 0);
    const perClass = classWeights && array(classWeights, { dtype });
    const weighed = (values: Tensor): Tensor => (perClass === undefined ? values : mul(values, perClass));
    const counts = labelled ? countsOf(labels, known, perClass, dtype) : undefined;
    const logProbabilities = logSoftmax(logits);
    const expected = labelled ? chosen(logits, labels) : expectation(logProbabilities, weighed(targets));
    const own = counts === undefined ? expected : mul(expected, counts);
    const evenly = (): Tensor => {
      const all = mean(weighed(logProbabilities), { axes: -1 });
      return known === undefined ? all : select(known, all, 0);
    };
    const smoothed = labelSmoothing === 0 ? own : add(mul(own, 1 - labelSmoothing), mul(evenly(), labelSmoothing));
    const elements = neg(smoothed);
    return counts === undefined || weights !== undefined
      ? reduceLoss("crossEntropy", elements, weights)
      : div(sum(elements), sum(counts));
  };
  const weightOf = (label: number): number => (label === ignoreLabel ? 0 : (classWeights?.[label] ?? 1));
  const weightsOf: Loss["weightsOf"] = ({ dtype, data, shape }, axes) =>
    isFloat(dtype) ? undefined : means(Float64Array.from(data, weightOf), sizeOf(shape.slice(0, axes)));
  return Object.assign(loss, {
    ...takes,
    ...(ignoreLabel !== undefined && { ignoreLabel }),
    ...((ignoreLabel !== undefined || classWeights !== undefined) && { weightsOf }),
  });
}

/** What each label counts: its class's weight, 0 where it is not known; undefined where all count the same. */
function countsOf(
  labels: Tensor,
  known: Tensor | undefined,
  perClass: HostArray | undefined,
  dtype: DType,
): Tensor | undefined {
  if (perClass === undefined) return known && convert(known, dtype);
  const counts = gather(perClass, labels);
  return known === undefined ? counts : select(known, counts, 0);
}

function checkLogits(predictions: Tensor, classWeights: readonly number[] | undefined): void {
  if (predictions.rank < 2 || !isFloat(predictions.dtype)) {
    fail(
      "crossEntropy",
      `expected logits [batch, ..., classes], f32 or f64, received ${describe(predictions)}.`,
      "mismatch",
    );
  }
  const classes = predictions.shape.at(-1)!;
  if (classWeights === undefined || classWeights.length === classes) return;
  fail(
    "crossEntropy",
    `received ${classWeights.length} class weights for logits ${describe(predictions)} of ${classes} classes; give one for each.`,
    "mismatch",
  );
}

/** @param targets probabilities of the classes, times their weights */
function expectation(logProbabilities: Tensor, targets: Tensor): Tensor {
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
function chosen(logits: Tensor, classes: Tensor): Tensor {
  const shape = logits.shape;
  const positions = shape.slice(0, -1);
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

/** The mean of each of `count` runs of values. */
function means(values: ArrayLike<number>, count: number): Float64Array {
  const width = values.length / count;
  return Float64Array.from({ length: count }, (_, unit) => {
    let sum = 0;
    for (let i = unit * width; i < (unit + 1) * width; i++) sum += values[i]!;
    return sum / width;
  });
}
