// Weights that sum to 1, none below 0, with which predictions of several methods are added up: those of the least loss.
import type { Target } from "../method/samples.ts";

/** Rounds over all pairs at most; a few do. */
const rounds = 200;
/** A round that moves no weight by more ends. */
const settledAt = 1e-9;
/** Probabilities below it count as it. */
const leastProbability = 1e-6;

/** How the loss of a mixture changes as weight goes from one method to another: the first derivative, and the second. */
type Change = (weights: Float64Array, to: number, from: number) => readonly [slope: number, curvature: number];

/**
 * Weight goes from one method to another, pair by pair, by steps of Newton: losses are convex, and where no pair lowers them, nothing does.
 *
 * @param predicted of each method: `[rows]`, or `[rows, classes]` of classes
 * @param rowWeights how much each row counts; default 1
 */
export function weightsOf(
  target: Target,
  predicted: readonly Float64Array[],
  rowWeights: Float64Array | undefined,
): Float64Array {
  const counts = rowWeights ?? new Float64Array(target.values.length).fill(1);
  const change =
    target.type === "number" ? squares(target.values, predicted, counts) : chances(target, predicted, counts);
  const weights = new Float64Array(predicted.length).fill(1 / predicted.length);
  for (let round = 0; round < rounds; round++) {
    let most = 0;
    for (let to = 0; to < weights.length; to++) {
      for (let from = 0; from < to; from++) {
        const [slope, curvature] = change(weights, to, from);
        if (!(curvature > 0)) continue;
        const step = Math.max(-weights[to]!, Math.min(weights[from]!, -slope / curvature));
        weights[to]! += step;
        weights[from]! -= step;
        most = Math.max(most, Math.abs(step));
      }
    }
    if (most < settledAt) break;
  }
  return weights;
}

/** Half of the squared errors. */
function squares(targets: Float64Array, predicted: readonly Float64Array[], counts: Float64Array): Change {
  const errors = predicted.map((values) => values.map((value, row) => value - targets[row]!));
  const products = errors.map((a) =>
    errors.map((b) => counts.reduce((sum, count, row) => sum + count * a[row]! * b[row]!, 0)),
  );
  const slope = (weights: Float64Array, k: number): number =>
    weights.reduce((sum, weight, j) => sum + weight * products[k]![j]!, 0);
  return (weights, to, from) => [
    slope(weights, to) - slope(weights, from),
    products[to]![to]! + products[from]![from]! - 2 * products[to]![from]!,
  ];
}

/** The negative logarithms of what the mixture gave to the classes that it was. */
function chances(
  { values: labels, classes }: Extract<Target, { readonly type: "class" }>,
  predicted: readonly Float64Array[],
  counts: Float64Array,
): Change {
  const given = predicted.map((values) =>
    Float64Array.from(labels, (label, row) => Math.max(values[row * classes.length + label]!, leastProbability)),
  );
  return (weights, to, from) => {
    let [slope, curvature] = [0, 0];
    for (const [row, count] of counts.entries()) {
      const mixed = given.reduce((sum, each, k) => sum + weights[k]! * each[row]!, 0);
      const ratio = (given[to]![row]! - given[from]![row]!) / mixed;
      slope -= count * ratio;
      curvature += count * ratio ** 2;
    }
    // Newton's step goes too far where the curvature falls along it; damped like this it never does (Nesterov and Nemirovskii, 1994).
    return [slope, curvature + Math.abs(slope) * Math.sqrt(curvature)];
  };
}
