// The chapter's surrogate: its samples, its network, and the curves of its activation.
import { type ActivationName, activate, dense, type Layer, sequential } from "@hooke/core";
import { dataset, split } from "@hooke/data";
import {
  add,
  array,
  type Backend,
  fold,
  grad,
  type Key,
  mul,
  normal,
  randomKey,
  run,
  sliceAxis,
  square,
  sub,
  sum,
  type Tensor,
  zeros,
} from "@hooke/runtime";
import type { Points } from "../../shell/plot.ts";
import { noise } from "./noise.ts";
import type { Settings } from "./settings.ts";

/** Rows that the network is trained on. */
export const trainingRows = 1600;

export const inputCount = 10;

/** The function that is learned, without noise. */
export const target = ([a = 0, b = 0, c = 0, d = 0]: readonly number[]): number => a * a + b * c - d;

/** Data of the shapes of the samples. */
export const placeholder = dataset({ inputs: zeros([trainingRows, 10]), targets: zeros([trainingRows, 1]) });

/** y = x0^2 + x1 x2 - x3 + 0.3 noise: 2,000 samples of ten standard normal inputs, a fifth of them for validation. */
export async function surrogateData(backend: Backend, seed: number) {
  const draw = (key: Key) => {
    const x = normal(fold(key, "inputs"), [2000, 10]);
    const column = (i: number) => sliceAxis(x, 1, i, i + 1);
    const signal = sub(add(square(column(0)), mul(column(1), column(2))), column(3));
    return { inputs: x, targets: add(signal, mul(noise, normal(fold(key, "noise"), [2000, 1]))) };
  };
  return split(dataset(await run(backend, draw, randomKey(seed))), { train: "rest", validation: 0.2 }, seed);
}

export function network({ width, depth, activation }: Settings): Layer {
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
