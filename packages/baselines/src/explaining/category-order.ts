// Categories in a row, so that neighbours are alike in the other inputs: differences between neighbours then are asked of rows that could be either.
import { symmetricEigen } from "../linear/eigen.ts";
import type { Rest } from "../linear/rest.ts";
import { type Input, type Inputs, isMissing } from "../method/samples.ts";

/** Places at which distributions of a number are compared. */
const places = 32;

/**
 * Categories by the first coordinate of multidimensional scaling of how differently the other inputs are distributed in them (Kolmogorov and
 * Smirnov's distance of numbers, half the sum of differences of shares of categories; Apley and Zhu 2020, appendix E).
 *
 * @param found numbers of the categories that occur, ascending
 */
export async function similarOrder(
  { columns, rowCount }: Inputs,
  column: number,
  found: Float64Array,
  weights: Float64Array,
  rest: Rest,
): Promise<Float64Array> {
  const count = found.length;
  if (count < 3 || columns.length < 2) return found;
  const levels = new Map(Array.from(found, (category, level) => [category, level]));
  const own = Int32Array.from(columns[column]!.values, (category) => levels.get(category) ?? -1);
  const distances = new Float64Array(count * count);
  for (const [c, other] of columns.entries()) {
    if (c === column) continue;
    await rest();
    const shares = sharesOf(other, own, count, weights, rowCount);
    const isNumber = other.type === "number";
    for (let a = 0; a < count; a++) {
      for (let b = 0; b < count; b++) {
        let distance = 0;
        for (const share of shares) {
          const difference = Math.abs(share[a]! - share[b]!);
          distance = isNumber ? Math.max(distance, difference) : distance + difference / 2;
        }
        distances[a * count + b]! += distance;
      }
    }
  }
  const coordinates = await firstCoordinate(distances, count, rest);
  const order = Array.from(found.keys()).sort((a, b) => coordinates[a]! - coordinates[b]! || a - b);
  return Float64Array.from(order, (level) => found[level]!);
}

/** For each place (of numbers) or category: the share of each level's weight that is not above it, or that it has. */
function sharesOf(
  other: Input,
  own: Int32Array,
  count: number,
  weights: Float64Array,
  rowCount: number,
): Float64Array[] {
  const isNumber = other.type === "number";
  const known = Array.from({ length: rowCount }, (_, row) => row).filter(
    (row) => own[row]! >= 0 && !isMissing(other, row),
  );
  const totals = new Float64Array(count);
  for (const row of known) totals[own[row]!]! += weights[row]!;
  const sorted = Float64Array.from(known, (row) => other.values[row]!).sort();
  const cuts = isNumber
    ? [...new Set(Array.from({ length: places }, (_, i) => sorted[Math.floor(((i + 0.5) / places) * sorted.length)]!))]
    : Array.from(other.categories.keys());
  return cuts.map((cut) => {
    const shares = new Float64Array(count);
    for (const row of known) {
      const value = other.values[row]!;
      if (isNumber ? value <= cut : value === cut) shares[own[row]!]! += weights[row]!;
    }
    return shares.map((share, level) => (totals[level]! > 0 ? share / totals[level]! : 0));
  });
}

/** Classical scaling: the leading vector of the doubly centred squares, the first category that is not in the middle to the left. */
async function firstCoordinate(distances: Float64Array, count: number, rest: Rest): Promise<Float64Array> {
  const squares = distances.map((distance) => distance * distance);
  const means = Float64Array.from({ length: count }, (_, a) => {
    let sum = 0;
    for (let b = 0; b < count; b++) sum += squares[a * count + b]!;
    return sum / count;
  });
  const mean = means.reduce((sum, value) => sum + value, 0) / count;
  const centred = squares.map(
    (square, i) => -0.5 * (square - means[Math.floor(i / count)]! - means[i % count]! + mean),
  );
  const { values, vectors } = await symmetricEigen(centred, count, rest);
  if (!(values[0]! > 0)) return new Float64Array(count);
  const first = vectors.slice(0, count);
  const sign = Math.sign(first.find((value) => Math.abs(value) > 1e-9) ?? 1);
  return first.map((value) => -sign * value);
}
