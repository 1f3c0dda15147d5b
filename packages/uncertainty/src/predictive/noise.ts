// The scatter of measurements about a model, from rows that it has not learned from.
import { fail, type HostArray } from "@hooke/runtime";
import { checkAlike, checkNumbers } from "../checks.ts";
import { largestAt } from "../search.ts";
import { halfLogTwoPi } from "./normal.ts";

/**
 * The standard deviation of measurements about the draws of a model that makes known targets most likely, for each column: what `mixtureOf` takes as
 * `noise`. Of rows that the model was not trained on: on its own the errors are too small.
 *
 * @param draws `[draws, rows, ...]`, in the units of the targets
 * @param targets `[rows, ...]`
 * @returns one for each column of `[rows, columns]`, the last axis of fields; one for `[rows]`
 * @throws where draws hit every target exactly, which any noise is too large for
 * @example
 * ```ts
 * import { array } from "@hooke/runtime";
 * import { fitNoise } from "@hooke/uncertainty";
 *
 * // One draw: the root of the mean squared error.
 * const [noise] = fitNoise(array([[0, 0, 0, 0]]), array([1, -1, 2, -2]));
 * console.log(noise!.toFixed(4)); // 1.5811
 * ```
 */
export function fitNoise(draws: HostArray, targets: HostArray): readonly number[] {
  checkNumbers("fitNoise", "draws", draws);
  checkNumbers("fitNoise", "targets", targets);
  const count = draws.shape[0]!;
  checkAlike("fitNoise", "draws of", { ...draws, shape: draws.shape.slice(1) }, "targets", targets);
  const columns = targets.shape.length < 2 ? 1 : targets.shape.at(-1)!;
  const size = targets.data.length;
  return Array.from({ length: columns }, (_, column) => {
    // Squared errors of the draws of one element after the other.
    const squares = new Float64Array((size / columns) * count);
    for (let element = column, to = 0; element < size; element += columns) {
      for (let draw = 0; draw < count; draw++) {
        squares[to++] = (draws.data[draw * size + element]! - targets.data[element]!) ** 2;
      }
    }
    const scale = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
    if (!(scale > 0 && Number.isFinite(scale))) {
      fail(
        "fitNoise",
        `the errors of column ${column} have the root mean square ${scale}; it must be above 0.`,
        "invalid-data",
      );
    }
    // The noise is at most the root mean square, which is that of the draws and the noise together.
    const grid = { most: Math.log(scale), step: Math.log(1.5), count: 24 };
    return Math.exp(largestAt((logNoise) => likelihood(squares, count, logNoise), grid));
  });
}

/** Mean log-likelihood of elements under the mixtures of their draws. */
function likelihood(squares: Float64Array, count: number, logNoise: number): number {
  const precision = Math.exp(-2 * logNoise);
  let sum = 0;
  for (let from = 0; from < squares.length; from += count) {
    let least = Number.POSITIVE_INFINITY;
    for (let i = from; i < from + count; i++) least = Math.min(least, squares[i]!);
    let share = 0;
    for (let i = from; i < from + count; i++) share += Math.exp(-0.5 * precision * (squares[i]! - least));
    sum += Math.log(share / count) - 0.5 * precision * least;
  }
  return sum / (squares.length / count) - logNoise - halfLogTwoPi;
}
