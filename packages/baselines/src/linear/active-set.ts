// Where weights that are not 0 lead by themselves: one solution of their equations, in place of the thousands of sweeps that inputs which are nearly
// sums of others need (feature-sign search: Lee, Battle, Raina and Ng, NIPS 2006).

/** Weights that are not 0, with what pulls at them. */
export interface ActiveSet {
  readonly weights: Float64Array;
  /** `sum(share * column * residual)` by column. */
  readonly slopes: Float64Array;
  /** `sum(share * column * other column)`, rows one after the other, with what a penalty on squares adds; the lower triangle counts. They are changed. */
  readonly products: Float64Array;
  readonly magnitudes: number;
  readonly squares: number;
}

/** A pivot that is as small a share of its own product is rounding: the column is a sum of those before. */
const leastPivot = 1e-14;

/**
 * The weights after a step to where nothing pulls at them any more, or, where some change signs on the way, to the least on that line, where one of them is 0. Columns that are sums of others
 * change weights with these, which changes nothing that is fitted, until one of them is 0 and the magnitudes are less.
 */
export function stepOf({ weights, slopes, products, magnitudes, squares }: ActiveSet): Float64Array {
  const count = weights.length;
  const signs = weights.map(Math.sign);
  const dependent = factorize(products, count);
  if (dependent < count) {
    const along = new Float64Array(count);
    along.set(products.subarray(dependent * count, dependent * count + dependent));
    solveTransposed(products, count, dependent, along);
    for (let i = 0; i < dependent; i++) along[i] = -along[i]!;
    along[dependent] = 1;
    const rise = along.reduce((sum, change, i) => sum + signs[i]! * change, 0);
    // Of directions that are as good, the one in which this column goes.
    const isBackwards = rise > 0 || (rise === 0 && weights[dependent]! > 0);
    const direction = isBackwards ? along.map((change) => -change) : along;
    return moved(weights, direction, { slope: 0, curvature: 0, magnitudes });
  }
  const pulls = slopes.map((slope, i) => slope - magnitudes * signs[i]! - squares * weights[i]!);
  const direction = pulls.slice();
  solve(products, count, direction);
  solveTransposed(products, count, count, direction);
  const curvature = direction.reduce((sum, change, i) => sum + change * pulls[i]!, 0);
  return moved(weights, direction, { slope: -curvature, curvature, magnitudes });
}

/**
 * Weights moved along a direction: by all of it, or to where the sum of squares, which is smooth, and the magnitudes, which bend where a weight changes its sign, are least.
 *
 * @param line the slope at the start, by how much it grows along the whole direction, and by what it bends
 */
function moved(
  weights: Float64Array,
  direction: Float64Array,
  { slope, curvature, magnitudes }: { readonly slope: number; readonly curvature: number; readonly magnitudes: number },
): Float64Array {
  const crossings = Array.from(weights, (weight, i) => ({ i, at: -weight / direction[i]! }))
    .filter(({ at }) => at > 0 && (curvature === 0 ? at < Number.POSITIVE_INFINITY : at < 1))
    .sort((a, b) => a.at - b.at);
  let bent = slope;
  for (const { i, at } of crossings) {
    if (curvature > 0 && bent + curvature * at >= 0) break;
    bent += 2 * magnitudes * Math.abs(direction[i]!);
    if (bent + curvature * at < 0) continue;
    const there = weights.map((weight, j) => weight + at * direction[j]!);
    there[i] = 0;
    return there;
  }
  const length = curvature > 0 ? -bent / curvature : 0;
  return weights.map((weight, j) => weight + length * direction[j]!);
}

/** The lower Cholesky factor in place, by rows, as far as columns are independent: how many are. */
function factorize(products: Float64Array, count: number): number {
  for (let i = 0; i < count; i++) {
    const own = products[i * count + i]!;
    let pivot = own;
    for (let j = 0; j < i; j++) {
      let sum = products[i * count + j]!;
      for (let k = 0; k < j; k++) sum -= products[i * count + k]! * products[j * count + k]!;
      const value = sum / products[j * count + j]!;
      products[i * count + j] = value;
      pivot -= value * value;
    }
    if (!(pivot > leastPivot * own)) return i;
    products[i * count + i] = Math.sqrt(pivot);
  }
  return count;
}

function solve(factor: Float64Array, count: number, values: Float64Array): void {
  for (let i = 0; i < count; i++) {
    let sum = values[i]!;
    for (let k = 0; k < i; k++) sum -= factor[i * count + k]! * values[k]!;
    values[i] = sum / factor[i * count + i]!;
  }
}

/** By the transpose of the first columns of a factor. */
function solveTransposed(factor: Float64Array, count: number, columns: number, values: Float64Array): void {
  for (let i = columns - 1; i >= 0; i--) {
    let sum = values[i]!;
    for (let k = i + 1; k < columns; k++) sum -= factor[k * count + i]! * values[k]!;
    values[i] = sum / factor[i * count + i]!;
  }
}
