// The posterior of a Gaussian process: what it expects at other rows, and how sure it is.
import {
  type Backend,
  cholesky,
  compile,
  fail,
  failedMinor,
  type HostArray,
  solvePositive,
  type Tensor,
} from "@hooke/runtime";
import { jitter } from "./evidence.ts";
import { type KernelName, kernels } from "./kernels.ts";

/** What a process has learned of rows in scaled columns: distances between them are those of its kernel. */
export type Posterior = {
  readonly kernel: KernelName;
  /** `[rows, width]`, divided by the length scales. */
  readonly rows: Float64Array;
  readonly width: number;
  /** Variances of the function and of the targets about it. */
  readonly signal: number;
  readonly noise: number;
  /** `K^-1 y`. */
  readonly coefficients: Float64Array;
  /** The lower triangle of the Cholesky factor of `K`, row by row. */
  readonly factor: Float64Array;
  /** Natural logarithm of the probability density of the targets it was conditioned on, in their standard deviations. */
  readonly logEvidence: number;
};

/** A process before it has seen targets. */
export type Prior = Omit<Posterior, "coefficients" | "factor" | "logEvidence">;

/** Conditions a process on targets. @throws if its covariance is not positive definite */
export async function posteriorOf(
  backend: Backend,
  prior: Prior,
  targets: Float64Array,
  weights: Float64Array,
): Promise<Posterior> {
  const { rows, noise, signal } = prior;
  const count = targets.length;
  const matrix = covariances(prior, rows, count);
  for (let i = 0; i < count; i++) matrix[i * count + i]! += noise / weights[i]! + jitter * signal;
  const solve = compile(backend, (k: Tensor, y: Tensor) => {
    const factor = cholesky(k);
    return { factor, failed: failedMinor(factor), coefficients: solvePositive(k, y) };
  });
  const covariance: HostArray = { shape: [count, count], dtype: "f64", data: matrix };
  const { factor, failed, coefficients } = await solve(covariance, { shape: [count], dtype: "f64", data: targets });
  if (failed.data[0] !== 0) {
    fail("gaussianProcess", `its covariance is not positive definite at row ${failed.data[0]}.`, "non-finite");
  }
  const packed = new Float64Array((count * (count + 1)) / 2);
  for (let i = 0, at = 0; i < count; at += ++i) packed.set(factor.data.subarray(i * count, i * count + i + 1), at);
  let logEvidence = -0.5 * count * Math.log(2 * Math.PI);
  for (let i = 0; i < count; i++) {
    logEvidence -= 0.5 * targets[i]! * coefficients.data[i]! + Math.log(factor.data[i * count + i]!);
  }
  return { ...prior, coefficients: Float64Array.from(coefficients.data), factor: packed, logEvidence };
}

/** `[count]`: what is expected at scaled rows. */
export function meansAt(posterior: Posterior, rows: Float64Array): Float64Array {
  const { coefficients } = posterior;
  const known = coefficients.length;
  const between = covariances(posterior, rows, known);
  return Float64Array.from({ length: rows.length / posterior.width }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < known; j++) sum += between[i * known + j]! * coefficients[j]!;
    return sum;
  });
}

/** `[count]`: the variance of a new target at scaled rows, noise included. */
export function variancesAt(posterior: Posterior, rows: Float64Array): Float64Array {
  const { factor, signal, noise, coefficients } = posterior;
  const known = coefficients.length;
  const between = covariances(posterior, rows, known);
  return Float64Array.from({ length: rows.length / posterior.width }, (_, row) => {
    const x = between.subarray(row * known, (row + 1) * known);
    let explained = 0;
    for (let i = 0, at = 0; i < known; at += ++i) {
      let rest = x[i]!;
      for (let j = 0; j < i; j++) rest -= factor[at + j]! * x[j]!;
      x[i] = rest / factor[at + i]!;
      explained += x[i]! ** 2;
    }
    return Math.max(0, signal - explained) + noise;
  });
}

/** `[rows, known]`: covariances of the function at scaled rows with those it was conditioned on. */
function covariances({ kernel, rows: known, width, signal }: Prior, rows: Float64Array, count: number): Float64Array {
  const { number } = kernels[kernel];
  const total = rows.length / width;
  const between = new Float64Array(total * count);
  for (let i = 0; i < total; i++) {
    for (let j = 0; j < count; j++) {
      let square = 0;
      for (let k = 0; k < width; k++) square += (rows[i * width + k]! - known[j * width + k]!) ** 2;
      between[i * count + j] = signal * number(square);
    }
  }
  return between;
}
