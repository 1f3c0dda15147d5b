// Least squares with penalties on magnitudes and squares, by one weight at a time (Friedman, Hastie and Tibshirani, J. Stat. Softw. 33, 2010).
import type { Rest } from "./rest.ts";
import type { Rows } from "./rows.ts";

/** A descent: its weights move towards the least of `sum(share * residual^2) / 2 + magnitudes * sum|w| + squares / 2 * sum w^2`. */
export interface Descent {
  readonly weights: Float64Array;
  /** `sum(share * column * residual)` by column, at the weights. */
  readonly slopes: Float64Array;
  /**
   * Sweeps until no weight changes what is fitted by more than `tolerance` (root mean square), so many times at most.
   *
   * @returns whether it got there
   */
  settle(
    penalties: { readonly magnitudes: number; readonly squares: number },
    stop: { readonly tolerance: number; readonly sweeps: number },
    rest: Rest,
  ): Promise<boolean>;
}

/**
 * Products of columns are computed for those columns alone whose weight ever moves, so that many inputs of few rows are no burden.
 *
 * @param rows with the mean 0 in each column, by shares
 * @param shares of each row; they sum to 1
 * @param residual what is left of the targets at the start, by row
 * @param start weights; they are not changed
 */
export function descentFrom(
  { count, width, data }: Rows,
  shares: Float64Array,
  residual: Float64Array,
  start: Float64Array,
): Descent {
  const weights = start.slice();
  const slopes = new Float64Array(width);
  const sizes = new Float64Array(width);
  for (let i = 0; i < count; i++) {
    const pull = shares[i]! * residual[i]!;
    for (let j = 0, at = i * width; j < width; j++, at++) {
      slopes[j]! += pull * data[at]!;
      sizes[j]! += shares[i]! * data[at]! ** 2;
    }
  }
  const products: (Float64Array | undefined)[] = [];
  const productsWith = (column: number): Float64Array => {
    const sums = new Float64Array(width);
    for (let i = 0; i < count; i++) {
      const value = shares[i]! * data[i * width + column]!;
      if (value === 0) continue;
      for (let j = 0, at = i * width; j < width; j++, at++) sums[j]! += value * data[at]!;
    }
    return sums;
  };
  /** Moves one weight to where it is best. By how much that changes what is fitted. */
  const move = (j: number, magnitudes: number, squares: number): number => {
    const before = weights[j]!;
    const pull = slopes[j]! + sizes[j]! * before;
    const after = (Math.sign(pull) * Math.max(0, Math.abs(pull) - magnitudes)) / (sizes[j]! + squares);
    const change = after - before;
    if (change === 0) return 0;
    weights[j] = after;
    products[j] ??= productsWith(j);
    const own = products[j]!;
    for (let k = 0; k < width; k++) slopes[k]! -= change * own[k]!;
    return Math.abs(change) * Math.sqrt(sizes[j]!);
  };
  const movable = Array.from(sizes.keys()).filter((j) => sizes[j]! > 0);
  return {
    weights,
    slopes,
    async settle({ magnitudes, squares }, { tolerance, sweeps }, rest) {
      for (let sweep = 0; sweep < sweeps; ) {
        let most = 0;
        for (const j of movable) most = Math.max(most, move(j, magnitudes, squares));
        sweep++;
        if (most <= tolerance) return true;
        const active = movable.filter((j) => weights[j] !== 0);
        for (most = Number.POSITIVE_INFINITY; most > tolerance && sweep < sweeps; sweep++) {
          const pausing = rest();
          if (pausing !== undefined) await pausing;
          most = 0;
          for (const j of active) most = Math.max(most, move(j, magnitudes, squares));
        }
      }
      return false;
    },
  };
}
