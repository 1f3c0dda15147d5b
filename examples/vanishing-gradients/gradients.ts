// How far back in time a gradient reaches: the last output's derivative in the input of every earlier step.
import { apply, type Layer, type Variables } from "@hooke/core";
import {
  array,
  type Backend,
  grad,
  type HostArray,
  run,
  sqrt,
  square,
  sum,
  type Tensor,
  type Tree,
  treeMap,
} from "@hooke/runtime";

/**
 * The norm of d(output) / d(input at step `T - 1 - k`) for every lag `k`, of one sample after the other.
 *
 * Computed in f64: after a hundred steps a recurrent network's gradient may be below what f32 holds.
 *
 * @param model `[batch, T, features]` to `[batch, 1]`
 * @param inputs `[batch, T, features]`
 * @returns `batch` lists of `T` norms; element `k` belongs to lag `k`
 */
export async function gradientNorms(
  backend: Backend,
  model: Layer,
  variables: Variables<HostArray>,
  inputs: HostArray,
): Promise<readonly (readonly number[])[]> {
  // A sample's output depends on its own input alone, so that the gradient of the sum holds the gradient of each.
  const norms = (given: Variables, x: Tensor): Tensor => {
    const slope = grad((at: Tensor) => sum(apply(model, given, at).output))(x);
    return sqrt(sum(square(slope), { axes: 2 }));
  };
  const double = (values: HostArray) => array(values.data, { shape: values.shape, dtype: "f64" });
  const precise = treeMap(variables as unknown as Tree<HostArray>, double) as unknown as Variables<HostArray>;
  const { data, shape } = (await run(
    backend,
    norms as (...args: unknown[]) => unknown,
    precise,
    double(inputs),
  )) as HostArray;
  const [batch, length] = shape as [number, number];
  return Array.from({ length: batch }, (_, row) =>
    Array.from(data.subarray(row * length, (row + 1) * length)).reverse(),
  );
}

/** Geometric mean over samples, lag by lag: the mean of the logarithms that are plotted. */
export function typical(norms: readonly (readonly number[])[]): readonly number[] {
  return norms[0]!.map((_, lag) =>
    Math.exp(norms.reduce((total, sample) => total + Math.log(sample[lag]!), 0) / norms.length),
  );
}

/** The factor per step of the exponential closest to the norms at lags 1 and beyond: least squares on logarithms. */
export function factorPerStep(norms: readonly number[]): number {
  const logs = norms.slice(1).map(Math.log);
  const middle = (logs.length - 1) / 2;
  const slope =
    logs.reduce((total, value, i) => total + (i - middle) * value, 0) /
    logs.reduce((total, _, i) => total + (i - middle) ** 2, 0);
  return Math.exp(slope);
}
