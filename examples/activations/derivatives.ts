// Every activation with its first and second derivatives on [-4, 4], by differentiating the functions that networks use.
import { type Activation, type ActivationName, activate } from "@hooke/core";
import { array, type Backend, fullLike, grad, run, sliceAxis, squeeze, stack, sum, type Tensor } from "@hooke/runtime";

// A name for each: an activation that core has and this lacks would not compile.
const variants: { readonly [N in ActivationName]: readonly Activation[] } = {
  sigmoid: ["sigmoid"],
  tanh: ["tanh"],
  relu: ["relu"],
  leakyRelu: ["leakyRelu"],
  elu: ["elu"],
  selu: ["selu"],
  gelu: ["gelu", { name: "gelu", approximate: "tanh" }],
  silu: ["silu"],
  mish: ["mish"],
  hardSigmoid: ["hardSigmoid"],
  hardSwish: ["hardSwish"],
  softplus: ["softplus"],
  sin: ["sin"],
  exp: ["exp"],
  softmax: ["softmax"],
  logSoftmax: ["logSoftmax"],
};

const labelOf = (activation: Activation): string => {
  if (typeof activation === "string") return /softmax/i.test(activation) ? `${activation} of (x, 0)` : activation;
  const { name, ...options } = activation;
  return `${name} (${Object.values(options).join()})`;
};

/** 0.02 apart, 0 and both ends among them. */
export const points: readonly number[] = Array.from({ length: 401 }, (_, i) => (i - 200) / 50);

/** An activation at {@link points}. */
export interface Curves {
  readonly label: string;
  readonly value: readonly number[];
  readonly first: readonly number[];
  readonly second: readonly number[];
}

/** All activations, in f64, as one program. */
export async function differentiateAll(backend: Backend): Promise<readonly Curves[]> {
  const activations = Object.values(variants).flat();
  const all = (x: Tensor) => activations.map((activation) => derivatives((at) => elementwise(activation, at), x));
  const results = await run(backend, all, array(points, { dtype: "f64" }));
  return results.map(({ value, first, second }, i) => ({
    label: labelOf(activations[i]!),
    value: Array.from(value.data),
    first: Array.from(first.data),
    second: Array.from(second.data),
  }));
}

/** Element `i` of `f(x)` depends on element `i` of `x` alone, so the gradient of the sum holds every derivative. */
function derivatives(f: (x: Tensor) => Tensor, x: Tensor) {
  const first = grad((at: Tensor) => sum(f(at)));
  const second = grad((at: Tensor) => sum(first(at)));
  return { value: f(x), first: first(x), second: second(x) };
}

/** Softmax takes a vector: here (x, 0), of which the first element is shown. */
function elementwise(activation: Activation, x: Tensor): Tensor {
  if (activation !== "softmax" && activation !== "logSoftmax") return activate(activation, x);
  const pair = activate(activation, stack([x, fullLike(x, 0)], 1));
  return squeeze(sliceAxis(pair, 1, 0, 1), 1);
}

/** Where a function is largest in size. */
export function largest(values: readonly number[]): { readonly x: number; readonly size: number } {
  const index = values.reduce((best, value, i) => (Math.abs(value) > Math.abs(values[best]!) ? i : best), 0);
  return { x: points[index]!, size: Math.abs(values[index]!) };
}
