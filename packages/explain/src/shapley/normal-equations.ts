// Weighted least squares with one matrix and many right-hand sides, by Cholesky's factor of the normal equations.

/** The factor `L` of `A^T W A = L L^T`, `[width, width]`; undefined where that is not positive definite. @param design `A`, `[rows, width]` */
export function factorOf(design: Float64Array, weights: Float64Array, width: number): Float64Array | undefined {
  const factor = new Float64Array(width * width);
  for (const [row, weight] of weights.entries()) {
    for (let i = 0; i < width; i++) {
      const scaled = weight * design[row * width + i]!;
      if (scaled === 0) continue;
      for (let j = 0; j <= i; j++) factor[i * width + j]! += scaled * design[row * width + j]!;
    }
  }
  const least = 1e-12 * Math.max(...Array.from({ length: width }, (_, i) => factor[i * width + i]!));
  for (let i = 0; i < width; i++) {
    for (let j = 0; j <= i; j++) {
      let value = factor[i * width + j]!;
      for (let k = 0; k < j; k++) value -= factor[i * width + k]! * factor[j * width + k]!;
      if (i === j && !(value > least)) return undefined;
      factor[i * width + j] = i === j ? Math.sqrt(value) : value / factor[j * width + j]!;
    }
  }
  return factor;
}

/** `x` with the least `sum W (A x - b)^2`. */
export function solved(
  factor: Float64Array,
  design: Float64Array,
  weights: Float64Array,
  b: Float64Array,
): Float64Array {
  const width = Math.sqrt(factor.length);
  const x = new Float64Array(width);
  for (const [row, weight] of weights.entries()) {
    for (let i = 0; i < width; i++) x[i]! += weight * design[row * width + i]! * b[row]!;
  }
  for (let i = 0; i < width; i++) {
    for (let k = 0; k < i; k++) x[i]! -= factor[i * width + k]! * x[k]!;
    x[i]! /= factor[i * width + i]!;
  }
  for (let i = width - 1; i >= 0; i--) {
    for (let k = i + 1; k < width; k++) x[i]! -= factor[k * width + i]! * x[k]!;
    x[i]! /= factor[i * width + i]!;
  }
  return x;
}
