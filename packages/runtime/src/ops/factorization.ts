// Linear algebra of positive definite and triangular matrices.
import { describe } from "../array.ts";
import { fail } from "../error.ts";
import { checkOptions, nothingMore, type OptionTable } from "../options/check-options.ts";
import { flag } from "../options/checks.ts";
import { factorization } from "../primitives/factorization.ts";
import { emit, tensorFor } from "../record.ts";
import type { Tensor } from "../tensor.ts";
import { broadcastShapes } from "./align.ts";
import { add, convert, equal, log, mul, notEqual, select } from "./elementwise.ts";
import { argMax } from "./ordering.ts";
import { max, sum } from "./reduction.ts";
import { type ArrayOperand, broadcastTo, expandDims, iota, squeeze } from "./structure.ts";

/**
 * The Cholesky factor of positive definite matrices `[..., n, n]` (f32 or f64): the lower triangular `L` with `L Lᵀ = a`, zeros above its
 * diagonal. What is factored is the symmetric part, `(a + aᵀ) / 2`, as in JAX; so it is a function of all elements, and gradients are symmetric.
 *
 * A program cannot throw: where a leading minor is not positive and finite, its row of `L` and all rows below are NaN, and so is whatever
 * depends on them. {@link failedMinor} says which one it was.
 *
 * Derivatives of any order: Murray 2016, arXiv:1602.07527, as in JAX.
 *
 * @throws if the matrices are not square, or not floats
 * @example
 * ```ts
 * import { array, cholesky, referenceBackend, run } from "@hooke/runtime";
 *
 * const a = array([[4, 2], [2, 10]]);
 * console.log((await run(referenceBackend(), cholesky, a)).data); // Float32Array(4) [ 2, 0, 1, 3 ]
 * ```
 */
export function cholesky(a: ArrayOperand, ...more: []): Tensor {
  return emit(factorization, "cholesky", [tensorFor("cholesky", a, more)], {})[0]!;
}

/**
 * The order of the first leading minor that is not positive (`i32`, one for each matrix), which LAPACK calls `info` and PyTorch's error names; 0
 * where the matrix is positive definite.
 *
 * @param factor what {@link cholesky} returned
 * @example
 * ```ts
 * import { array, cholesky, failedMinor, referenceBackend, run, type Tensor } from "@hooke/runtime";
 *
 * const indefinite = array([[1, 2], [2, 1]]);
 * const info = await run(referenceBackend(), (a: Tensor) => failedMinor(cholesky(a)), indefinite);
 * console.log(info.data); // Int32Array(1) [ 2 ]
 * ```
 */
export function failedMinor(factor: ArrayOperand, ...more: []): Tensor {
  nothingMore("failedMinor", more);
  const pivots = diagonal("failedMinor", factor);
  if (pivots.shape.at(-1) === 0) return convert(sum(pivots, { axes: -1 }), "i32");
  const failed = convert(notEqual(pivots, pivots), "i32");
  return select(equal(max(failed, { axes: -1 }), 1), add(argMax(failed, -1), 1), 0);
}

/** The diagonals of matrices `[..., n, n]`. */
function diagonal(who: string, x: ArrayOperand): Tensor {
  const value = tensorFor(who, x);
  const matrix = value.shape.slice(-2);
  if (value.rank < 2 || matrix[0] !== matrix[1])
    fail(who, `received ${describe(value)}; it takes square matrices, or stacks of them.`, "mismatch");
  return sum(select(equal(iota(matrix, 0), iota(matrix, 1)), value, 0), { axes: -1 });
}

/** Options of {@link triangularSolve}. */
export interface TriangularSolveOptions {
  /** Reads the lower triangle; otherwise the upper one. Default true. */
  readonly lower?: boolean;
  /** Solves `aᵀ x = b`, whose triangle is the one that is read, turned. Default false. */
  readonly transposeA?: boolean;
}

const table: OptionTable<TriangularSolveOptions> = { optional: { lower: flag, transposeA: flag } };

/**
 * The solution `x` of `a x = b` for triangular matrices `a[..., n, n]`, by substitution. One triangle is read, its diagonal included; the other
 * may hold anything. A zero on the diagonal gives infinities or NaN.
 *
 * @param b `[..., n, k]`, or a vector `[n]`; leading axes broadcast. `x` is like it
 * @throws naming both shapes if they do not fit
 */
export function triangularSolve(a: ArrayOperand, b: ArrayOperand, options: TriangularSolveOptions = {}): Tensor {
  checkOptions<TriangularSolveOptions>("triangularSolve", options, table);
  const { lower = true, transposeA = false } = options;
  return solved(
    "triangularSolve",
    a,
    b,
    (matrix, right) => emit(factorization, "triangularSolve", [matrix, right], { lower, transposeA })[0]!,
  );
}

/** Applies `solve` to operands of the same leading axes; a vector becomes a column and back. */
function solved(
  who: string,
  a: ArrayOperand,
  b: ArrayOperand,
  solve: (matrix: Tensor, right: Tensor) => Tensor,
): Tensor {
  const matrix = tensorFor("triangularSolve", a);
  const given = tensorFor("triangularSolve", b);
  if (matrix.rank < 2 || given.rank === 0) {
    const what = `received ${describe(matrix)} and ${describe(given)}; it takes matrices, and a vector or matrices.`;
    fail(who, what, "mismatch");
  }
  const right = given.rank === 1 ? expandDims(given, 1) : given;
  if (right.shape.at(-2) !== matrix.shape.at(-1) || right.dtype !== matrix.dtype) {
    fail(who, `received ${describe(matrix)} and ${describe(given)}; rows and dtypes must agree.`, "mismatch");
  }
  const batch = broadcastShapes(who, matrix.shape.slice(0, -2), right.shape.slice(0, -2));
  const x = solve(
    broadcastTo(matrix, [...batch, ...matrix.shape.slice(-2)]),
    broadcastTo(right, [...batch, ...right.shape.slice(-2)]),
  );
  return given.rank === 1 ? squeeze(x, [-1]) : x;
}

/**
 * The solution `x` of `a x = b` for positive definite matrices `a[..., n, n]`, by their {@link cholesky} factor; NaN where they are not positive
 * definite. A program that asks for a solution, the {@link logDeterminantPositive} and the {@link inversePositive} of one matrix factors it once.
 *
 * There is no solution for matrices of any kind: make such a system positive definite, or solve it elsewhere.
 *
 * @param b `[..., n, k]`, or a vector `[n]`; leading axes broadcast. `x` is like it
 * @throws naming both shapes if they do not fit
 * @example
 * ```ts
 * import { array, referenceBackend, run, solvePositive } from "@hooke/runtime";
 *
 * const stiffness = array([[4, 2], [2, 10]]);
 * console.log((await run(referenceBackend(), solvePositive, stiffness, array([8, 22]))).data); // Float32Array(2) [ 1, 2 ]
 * ```
 */
export function solvePositive(a: ArrayOperand, b: ArrayOperand, ...more: []): Tensor {
  nothingMore("solvePositive", more);
  const factor = cholesky(a);
  return solved("solvePositive", factor, b, (matrix, right) => byFactor(matrix, right));
}

/** `(L Lᵀ)⁻¹ b`. */
const byFactor = (factor: Tensor, b: Tensor): Tensor => {
  const half = emit(factorization, "triangularSolve", [factor, b], { lower: true, transposeA: false });
  return emit(factorization, "triangularSolve", [factor, half[0]!], { lower: true, transposeA: true })[0]!;
};

/**
 * The logarithm of the determinant of positive definite matrices `[..., n, n]`, one number for each: it neither over- nor underflows as the
 * determinant does. NaN where they are not positive definite.
 */
export function logDeterminantPositive(a: ArrayOperand, ...more: []): Tensor {
  nothingMore("logDeterminantPositive", more);
  return mul(sum(log(diagonal("logDeterminantPositive", cholesky(a))), { axes: -1 }), 2);
}

/**
 * The inverse of positive definite matrices `[..., n, n]`, symmetric but for rounding; NaN where they are not positive definite. To
 * solve a system use {@link solvePositive}, which is quicker and more accurate.
 */
export function inversePositive(a: ArrayOperand, ...more: []): Tensor {
  nothingMore("inversePositive", more);
  const factor = cholesky(a);
  const matrix = factor.shape.slice(-2);
  const identity = convert(equal(iota(matrix, 0), iota(matrix, 1)), factor.dtype);
  return byFactor(factor, broadcastTo(identity, factor.shape));
}
