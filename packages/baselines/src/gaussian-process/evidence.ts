// The evidence: how probable the targets are under a Gaussian process, as an objective of its hyperparameters.
import { type Objective, objective } from "@hooke/minimize";
import {
  add,
  type Backend,
  convert,
  equal,
  exp,
  gather,
  type HostArray,
  inversePositive,
  iota,
  logDeterminantPositive,
  mul,
  reshape,
  solvePositive,
  sqrt,
  square,
  stopGradient,
  sub,
  sum,
  type Tensor,
} from "@hooke/runtime";
import type { Hyperparameters } from "./hyperparameters.ts";
import { type KernelName, kernels } from "./kernels.ts";
import { logPrior } from "./priors.ts";

/** What is known beside them. */
export interface Evidence {
  readonly backend: Backend;
  readonly kernel: KernelName;
  /** `[rows, width]`. */
  readonly rows: Float64Array;
  readonly width: number;
  /** Of each column: the number of the length scale it is divided by. */
  readonly groups: Int32Array;
  readonly targets: Float64Array;
  /** How much each row counts: its noise has `1 / weight` of the variance. */
  readonly weights: Float64Array;
  /** Whether priors are added. */
  readonly priors: boolean;
}

/** What the logarithm of the evidence is exact to where the noise is little and covariances are nearly singular: 1e-6 to 1e-3, measured. */
const evidenceNoise = 1e-3;

/** Of the variance of the function, added to that of the noise: rows that repeat each other can be told apart, whatever its size. */
export const jitter = 1e-10;

/**
 * The negative logarithm of the evidence, less that of the priors, of hyperparameters that begin at `start`.
 *
 * Its gradient is that of `sum(W K)` with `W = (K^-1 - a a^T) / 2`, `a = K^-1 y` held fixed (Rasmussen and Williams, 5.9): one inverse instead
 * of the derivative of a factorization.
 */
export function negativeLogEvidence(
  { backend, kernel, rows, width, groups, targets, weights, priors }: Evidence,
  start: Hyperparameters<HostArray>,
): Promise<Objective<Hyperparameters<HostArray>>> {
  const count = targets.length;
  return objective({
    backend,
    parameters: start,
    noise: evidenceNoise,
    data: {
      rows: { shape: [count, width], dtype: "f64", data: rows } as HostArray,
      groups: { shape: [width], dtype: "i32", data: groups } as HostArray,
      targets: { shape: [count], dtype: "f64", data: targets } as HostArray,
      spread: { shape: [count], dtype: "f64", data: weights.map((weight) => 1 / weight) } as HostArray,
    },
    value: (at, data) => {
      const scaled = mul(data.rows, gather(exp(mul(at.lengthScales, -1)), data.groups));
      const deviations = sub(reshape(scaled, [count, 1, width]), reshape(scaled, [1, count, width]));
      const squared = sum(square(deviations), { axes: -1 });
      // The slope of a root is infinite at 0; with this it is finite, and rows that are the same count nothing.
      const distance = sqrt(add(squared, 1e-60));
      const diagonal = convert(equal(iota([count, count], 0), iota([count, count], 1)), "f64");
      const signal = exp(mul(at.amplitude, 2));
      const noise = add(mul(exp(mul(at.noise, 2)), data.spread), mul(signal, jitter));
      const covariance = add(mul(signal, kernels[kernel].recorded(distance, squared)), mul(diagonal, noise));
      const value = likelihood(covariance, data.targets);
      return priors ? sub(value, logPrior(at, width)) : value;
    },
  }) as Promise<Objective<Hyperparameters<HostArray>>>;
}

function likelihood(covariance: Tensor, targets: Tensor): Tensor {
  const fixed = stopGradient(covariance);
  const count = targets.shape[0]!;
  const weights = solvePositive(fixed, targets);
  const value = mul(
    add(add(sum(mul(weights, targets)), logDeterminantPositive(fixed)), count * Math.log(2 * Math.PI)),
    0.5,
  );
  const outer = mul(reshape(weights, [count, 1]), reshape(weights, [1, count]));
  const slope = sum(mul(stopGradient(mul(sub(inversePositive(fixed), outer), 0.5)), covariance));
  return add(stopGradient(sub(value, slope)), slope);
}
