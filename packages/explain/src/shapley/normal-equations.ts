// Weighted least squares with one matrix and many right-hand sides, by its normal equations.
import { positiveSolver } from "@hooke/minimize";

/**
 * What finds the `x` with the least `sum W (A x - b)^2` for a `b`; undefined where no one `x` has it.
 *
 * @param design `A`, `[rows, width]`
 */
export function leastSquares(
  design: Float64Array,
  weights: Float64Array,
  width: number,
): ((b: Float64Array) => Float64Array) | undefined {
  const matrix = new Float64Array(width * width);
  for (const [row, weight] of weights.entries()) {
    for (let i = 0; i < width; i++) {
      const scaled = weight * design[row * width + i]!;
      if (scaled === 0) continue;
      for (let j = 0; j <= i; j++) matrix[i * width + j]! += scaled * design[row * width + j]!;
    }
  }
  const diagonal = (): number[] => Array.from({ length: width }, (_, i) => matrix[i * width + i]!);
  const least = 1e-12 * Math.max(...diagonal());
  const solve = positiveSolver(matrix, width);
  // The matrix now holds its factor, whose diagonal are the roots of the pivots.
  if (solve === undefined || !diagonal().every((root) => root ** 2 > least)) return undefined;
  return (b) => {
    const right = new Float64Array(width);
    for (const [row, weight] of weights.entries()) {
      for (let i = 0; i < width; i++) right[i]! += weight * design[row * width + i]! * b[row]!;
    }
    return solve(right);
  };
}
