// The little numerical mathematics that the baselines need.
import { meanOf } from "@hooke/example-study-frame/statistics.ts";

export const sumOfSquares = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value * value, 0);

/** Over `n - 1`. */
export function variance(values: readonly number[]): number {
  const centre = meanOf(values);
  return sumOfSquares(values.map((value) => value - centre)) / (values.length - 1);
}

/** Where a function of one minimum is smallest, to 1e-6, by golden sections. */
export function minimise(f: (x: number) => number, low: number, high: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [a, b] = [low, high];
  let [c, d] = [b - ratio * (b - a), a + ratio * (b - a)];
  let [fc, fd] = [f(c), f(d)];
  while (b - a > 1e-6) {
    if (fc < fd) {
      [b, d, fd] = [d, c, fc];
      c = b - ratio * (b - a);
      fc = f(c);
    } else {
      [a, c, fc] = [c, d, fd];
      d = a + ratio * (b - a);
      fd = f(d);
    }
  }
  return (a + b) / 2;
}

/**
 * Coefficients of least squares, an intercept first, from the normal equations of centred columns.
 *
 * @param rows regressors, one row a sample
 */
export function leastSquares(rows: readonly (readonly number[])[], targets: readonly number[]): number[] {
  const centres = rows[0]!.map((_, j) => meanOf(rows.map((row) => row[j]!)));
  const level = meanOf(targets);
  const centred = rows.map((row) => row.map((value, j) => value - centres[j]!));
  const matrix = centres.map((_, i) => [
    ...centres.map((_, j) => centred.reduce((sum, row) => sum + row[i]! * row[j]!, 0)),
    centred.reduce((sum, row, k) => sum + row[i]! * (targets[k]! - level), 0),
  ]);
  const slopes = solve(matrix);
  return [level - slopes.reduce((sum, slope, j) => sum + slope * centres[j]!, 0), ...slopes];
}

/** Of a column's own sum of squares: with less left over by the columns before it, it says nothing that they do not. */
const leastPivot = 1e-12;

/** Solves `[A | b]` of a positive semidefinite matrix, in place; what depends on earlier unknowns is 0. */
function solve(matrix: number[][]): number[] {
  const n = matrix.length;
  const own = matrix.map((row, i) => row[i]!);
  const isFree = (i: number): boolean => matrix[i]![i]! > leastPivot * own[i]!;
  for (let i = 0; i < n; i++) {
    if (!isFree(i)) continue;
    for (let k = i + 1; k < n; k++) {
      const factor = matrix[k]![i]! / matrix[i]![i]!;
      for (let j = i; j <= n; j++) matrix[k]![j]! -= factor * matrix[i]![j]!;
    }
  }
  const solution = new Array<number>(n).fill(0);
  for (let i = n - 1; i >= 0; i--) {
    if (!isFree(i)) continue;
    const rest = solution.reduce((sum, value, j) => (j > i ? sum - matrix[i]![j]! * value : sum), matrix[i]![n]!);
    solution[i] = rest / matrix[i]![i]!;
  }
  return solution;
}
