// An activation and its first two derivatives on [-4, 4], by differentiating the function that networks use.
import { wasmBackend } from "@hooke/backend-wasm";
import { type ActivationName, activate } from "@hooke/core";
import { array, fullLike, jvp, run, type Tensor } from "@hooke/runtime";

/** 0.02 apart, 0 and both ends among them. */
export const points: readonly number[] = Array.from({ length: 401 }, (_, i) => (i - 200) / 50);

/** Activations of one number. */
export type Elementwise = Exclude<ActivationName, "softmax" | "logSoftmax">;

export interface Curves {
  readonly value: readonly number[];
  readonly first: readonly number[];
  readonly second: readonly number[];
}

/** How `f` moves with every element of its argument. */
const derivative = (f: (z: Tensor) => Tensor) => (z: Tensor) => jvp(f, [z], [fullLike(z, 1)])[1];

export async function compute({ activation }: { readonly activation: Elementwise }): Promise<Curves> {
  const f = (z: Tensor) => activate(activation, z);
  const curves = (z: Tensor) => [f(z), derivative(f)(z), derivative(derivative(f))(z)];
  const results = await run(wasmBackend(), curves, array(points, { dtype: "f64" }));
  const [value, first, second] = results.map(({ data }) => Array.from(data));
  return { value: value!, first: first!, second: second! };
}
