// The network of the surrogate, and the curves of its activation.
import { type ActivationName, activate, dense, type Layer, sequential } from "@hooke/core";
import { array, type Backend, grad, run, sum, type Tensor } from "@hooke/runtime";
import type { Points } from "../../shell/plot.ts";
import type { Settings } from "./settings.ts";

export function network({ width, depth, activation }: Pick<Settings, "width" | "depth" | "activation">): Layer {
  const hidden = Array.from({ length: depth }, () => dense({ units: width, activation }));
  return sequential([...hidden, dense({ units: 1 })]);
}

/** x, value, first and second derivative on [-4, 4]: element i depends on x_i alone, so a sum's gradient holds all. */
export async function activationCurves(backend: Backend, activation: ActivationName): Promise<Points> {
  const x = Array.from({ length: 161 }, (_, i) => (i - 80) / 20);
  const first = grad((at: Tensor) => sum(activate(activation, at)));
  const second = grad((at: Tensor) => sum(first(at)));
  const curves = (at: Tensor) => [activate(activation, at), first(at), second(at)];
  const results = await run(backend, curves, array(x, { dtype: "f64" }));
  return [x, ...results.map(({ data }) => Array.from(data, Number))];
}
