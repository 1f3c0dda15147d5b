// How far predictions are from targets, row by row: what tuning makes small.
import type { Target } from "../method/samples.ts";

/** Probabilities below it count as it: no row decides alone. */
const leastProbability = 1e-6;

/** Of numbers: squared errors. Of classes: the negative logarithm of the probability of the class that it was. */
export function losses(target: Target, predicted: Float64Array): Float64Array {
  if (target.type === "number") return target.values.map((value, row) => (value - predicted[row]!) ** 2);
  const count = target.classes.length;
  return Float64Array.from(
    target.values,
    (label, row) => -Math.log(Math.max(predicted[row * count + label]!, leastProbability)),
  );
}

/** The mean of losses, weighted as the rows are. */
export function meanLoss(values: Float64Array, weights: Float64Array | undefined): number {
  let [sum, total] = [0, 0];
  for (let row = 0; row < values.length; row++) {
    const weight = weights?.[row] ?? 1;
    sum += weight * values[row]!;
    total += weight;
  }
  return sum / total;
}
