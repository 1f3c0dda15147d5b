// Eigenvalues and eigenvectors of a symmetric matrix on the host: Householder's tridiagonal form, then implicit QL (Golub and Van Loan,
// "Matrix Computations", 8.3). Everything runs along rows.
import { fail } from "@hooke/runtime";
import type { Rest } from "./rest.ts";

/** Eigenvalues, largest first, and their vectors. */
export interface Eigen {
  readonly values: Float64Array;
  /** Unit vectors `[n, n]`: row `k` belongs to value `k`. */
  readonly vectors: Float64Array;
}

/**
 * @param matrix symmetric, `[n, n]`, row by row; it is overwritten
 * @throws what `rest` throws; on numbers that are not finite
 */
export async function symmetricEigen(matrix: Float64Array, n: number, rest: Rest): Promise<Eigen> {
  const { diagonal, beside, vectors } = await tridiagonal(matrix, n, rest);
  await implicitQl(diagonal, beside, vectors, n, rest);
  const order = Array.from(diagonal.keys()).sort((a, b) => diagonal[b]! - diagonal[a]!);
  const sorted = new Float64Array(n * n);
  for (const [k, from] of order.entries()) sorted.set(vectors.subarray(from * n, from * n + n), k * n);
  return { values: Float64Array.from(order, (k) => diagonal[k]!), vectors: sorted };
}

/** `Q^T A Q` with one diagonal on either side; the rows of `vectors` are the columns of `Q`. */
async function tridiagonal(a: Float64Array, n: number, rest: Rest) {
  const factors = new Float64Array(n);
  const beside = new Float64Array(n);
  const p = new Float64Array(n);
  for (let k = 0; k < n - 2; k++) {
    await rest();
    // The reflection that leaves of row k one number beside the diagonal; its vector replaces the row.
    const row = k * n;
    let square = 0;
    for (let j = k + 1; j < n; j++) square += a[row + j]! ** 2;
    const first = a[row + k + 1]!;
    const length = Math.sqrt(square);
    const reflected = first > 0 ? -length : length;
    beside[k] = reflected;
    a[row + k + 1] = first - reflected;
    const half = square - first * reflected;
    if (half === 0) continue;
    factors[k] = 1 / half;
    let overlap = 0;
    for (let i = k + 1; i < n; i++) {
      let sum = 0;
      for (let j = k + 1, at = i * n + k + 1; j < n; j++, at++) sum += a[at]! * a[row + j]!;
      p[i] = sum / half;
      overlap += p[i]! * a[row + i]!;
    }
    const shift = overlap / (2 * half);
    for (let i = k + 1; i < n; i++) p[i]! -= shift * a[row + i]!;
    for (let i = k + 1; i < n; i++) {
      const [vi, pi] = [a[row + i]!, p[i]!];
      for (let j = k + 1, at = i * n + k + 1; j < n; j++, at++) a[at]! -= vi * p[j]! + pi * a[row + j]!;
    }
  }
  if (n > 1) beside[n - 2] = a[(n - 2) * n + n - 1]!;
  const diagonal = Float64Array.from({ length: n }, (_, i) => a[i * n + i]!);
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1;
  for (let k = n - 3; k >= 0; k--) {
    await rest();
    const row = k * n;
    for (let i = k + 1; i < n; i++) {
      let sum = 0;
      for (let j = k + 1, at = i * n + k + 1; j < n; j++, at++) sum += vectors[at]! * a[row + j]!;
      sum *= factors[k]!;
      for (let j = k + 1, at = i * n + k + 1; j < n; j++, at++) vectors[at]! -= sum * a[row + j]!;
    }
  }
  return { diagonal, beside, vectors };
}

/** Makes `diagonal` the eigenvalues and turns the rows of `vectors` into their vectors. */
async function implicitQl(
  diagonal: Float64Array,
  beside: Float64Array,
  vectors: Float64Array,
  n: number,
  rest: Rest,
): Promise<void> {
  // Of dependent columns the eigenvalues that ought to be 0 are rests of rounding: what is beside them is judged by the whole matrix.
  const negligible = Number.EPSILON * diagonal.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  for (let low = 0; low < n; low++) {
    for (let round = 0; ; round++) {
      await rest();
      let high = low;
      while (high < n - 1) {
        const size = Math.abs(diagonal[high]!) + Math.abs(diagonal[high + 1]!);
        if (Math.abs(beside[high]!) <= Math.max(negligible, Number.EPSILON * size)) break;
        high++;
      }
      if (high === low) break;
      if (round === 60 || !Number.isFinite(diagonal[low]!)) {
        fail("symmetricEigen", "the matrix has numbers that are not finite, or too large to square.", "non-finite");
      }
      let g = (diagonal[low + 1]! - diagonal[low]!) / (2 * beside[low]!);
      const r = Math.hypot(g, 1);
      g = diagonal[high]! - diagonal[low]! + beside[low]! / (g + (g >= 0 ? r : -r));
      let [s, c, p] = [1, 1, 0];
      let split = false;
      for (let i = high - 1; i >= low; i--) {
        const f = s * beside[i]!;
        const b = c * beside[i]!;
        const length = Math.hypot(f, g);
        beside[i + 1] = length;
        if (length === 0) {
          diagonal[i + 1]! -= p;
          beside[high] = 0;
          split = true;
          break;
        }
        s = f / length;
        c = g / length;
        g = diagonal[i + 1]! - p;
        const t = (diagonal[i]! - g) * s + 2 * c * b;
        p = s * t;
        diagonal[i + 1] = g + p;
        g = c * t - b;
        for (let j = 0, [x, y] = [i * n, (i + 1) * n]; j < n; j++, x++, y++) {
          const [vx, vy] = [vectors[x]!, vectors[y]!];
          vectors[y] = s * vx + c * vy;
          vectors[x] = c * vx - s * vy;
        }
      }
      if (split) continue;
      diagonal[low]! -= p;
      beside[low] = g;
      beside[high] = 0;
    }
  }
}
