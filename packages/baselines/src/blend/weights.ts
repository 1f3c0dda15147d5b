// Weights that sum to 1, with which predictions of several methods are added up: the better a method, the more of them.
import { losses, meanLoss } from "../folds/loss.ts";
import type { Target } from "../method/samples.ts";

/** Weights fall with this power of the error: a tenth more of it halves a weight, a third more leaves a tenth of it. */
const power = 8;
/** Weights below it are taken for 0: a method less to keep. */
const leastWeight = 0.01;
/** How many times its usual deviation a method states where it counts less. */
const doubtful = 2;

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
  const errors = predicted.map((values) => {
    const loss = meanLoss(losses(target, values), rowWeights);
    return target.type === "number" ? Math.sqrt(loss) : loss;
  });
  const least = Math.min(...errors);
  // Of those without any error each is as good.
  const shares = errors.map((error) => (error === least ? 1 : (least / error) ** power));
  const weights = shared(shares);
  return isCut ? shared(weights.map((weight) => (weight < leastWeight ? 0 : weight))) : weights;
}

/**
 * What a method's weight for a row is multiplied by: its error there counts as larger, or smaller, by as much as the deviation that it states is beyond the
 * usual one and twice that. In between, statements scatter by more than errors follow them.
 *
 * @param usual root mean square of the deviations that it stated for rows that were left out
 */
export function trustIn(deviation: number, usual: number): number {
  // Of one that is sure of itself without any doubt, as of a point without noise, the weight stays a number.
  const ratio = Math.max(deviation / usual, Number.EPSILON);
  return (Math.min(Math.max(ratio, 1), doubtful) / ratio) ** power;
}

function shared(weights: ArrayLike<number>): Float64Array {
  const all = Float64Array.from(weights);
  const total = all.reduce((sum, weight) => sum + weight, 0);
  return all.map((weight) => weight / total);
}
