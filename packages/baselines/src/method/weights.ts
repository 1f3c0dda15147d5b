// How much rows count, as it was given.
import { fail } from "@hooke/runtime";

/** @throws on another number of weights than of rows, on weights below 0, that are not finite, or all 0 */
export function checkedWeights(who: string, given: ArrayLike<number>, rowCount: number): Float64Array {
  if (given.length !== rowCount)
    fail(who, `received ${given.length} weights for ${rowCount} rows; give one for each.`, "mismatch");
  const weights = Float64Array.from(given);
  const row = weights.findIndex((weight) => !(weight >= 0 && weight < Number.POSITIVE_INFINITY));
  if (row >= 0)
    fail(who, `received the weight ${weights[row]} for row ${row}; weights are not below 0.`, "invalid-data");
  if (weights.every((weight) => weight === 0)) fail(who, "received weights that are all 0.", "invalid-data");
  return weights;
}
