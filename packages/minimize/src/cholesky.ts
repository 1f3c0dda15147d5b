// Positive definite systems of a few hundred unknowns, on the host.

/**
 * Factors a matrix once (Cholesky) for any number of right sides.
 *
 * @param matrix `[size, size]`, symmetric, row by row; its lower triangle is overwritten by the factor
 * @returns what solves `matrix x = right`, into new memory; undefined if the matrix is not positive definite
 */
export function positiveSolver(
  matrix: Float64Array,
  size: number,
): ((right: Float64Array) => Float64Array) | undefined {
  for (let i = 0; i < size; i++) {
    const row = i * size;
    for (let j = 0; j <= i; j++) {
      const other = j * size;
      let rest = matrix[row + j]!;
      for (let k = 0; k < j; k++) rest -= matrix[row + k]! * matrix[other + k]!;
      if (j < i) matrix[row + j] = rest / matrix[other + j]!;
      else if (rest > 0) matrix[row + i] = Math.sqrt(rest);
      else return undefined;
    }
  }
  return (right) => {
    const x = right.slice();
    for (let i = 0; i < size; i++) {
      for (let k = 0; k < i; k++) x[i]! -= matrix[i * size + k]! * x[k]!;
      x[i]! /= matrix[i * size + i]!;
    }
    for (let i = size - 1; i >= 0; i--) {
      for (let k = i + 1; k < size; k++) x[i]! -= matrix[k * size + i]! * x[k]!;
      x[i]! /= matrix[i * size + i]!;
    }
    return x;
  };
}
