// Weights that sum to 1, with which predictions of several methods are added up: the better a method, the more of them.
import { losses, meanLoss } from "../folds/loss.ts";
import type { Target } from "../method/samples.ts";

/** Weights fall with this power of the error: a tenth more of it halves a weight, a third more leaves a tenth of it. */
export const power = 8;
/** Weights below it are taken for 0: a method less to keep. */
const leastWeight = 0.01;

/**
 * By errors on rows that were left out: root mean squares, or cross-entropies of classes. Weights of the least loss would be those of these very rows, which are
 * few; a power of the errors hardly changes with which rows they are.
 *
 * @param predicted of each method: `[rows]`, or `[rows, classes]` of classes
 * @param rowWeights how much each row counts; default 1
 * @param isCut whether the least weights are 0: of methods that no row will need more of
 */
export function weightsOf(
  target: Target,
  predicted: readonly Float64Array[],
  rowWeights: Float64Array | undefined,
  isCut = true,
): Float64Array {
  const weights = sharesBy(
    predicted.map((values) => errorOf(target, values, rowWeights)),
    power,
  );
  return isCut ? shared(weights.map((weight) => (weight < leastWeight ? 0 : weight))) : weights;
}

/** The root mean square of numbers, or the cross-entropy of classes. */
export function errorOf(target: Target, predicted: Float64Array, rowWeights: Float64Array | undefined): number {
  const loss = meanLoss(losses(target, predicted), rowWeights);
  return target.type === "number" ? Math.sqrt(loss) : loss;
}

/** Numbers that sum to 1 and fall with a power of the errors. */
export function sharesBy(errors: readonly number[], exponent: number): Float64Array {
  const least = Math.min(...errors);
  // Of those without any error each is as good.
  return shared(errors.map((error) => (error === least ? 1 : (least / error) ** exponent)));
}

/** Divided by their sum. */
export function shared(weights: ArrayLike<number>): Float64Array {
  const all = Float64Array.from(weights);
  const total = all.reduce((sum, weight) => sum + weight, 0);
  return all.map((weight) => weight / total);
}
