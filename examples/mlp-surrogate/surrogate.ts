// A surrogate of a function of ten variables, four of which matter: y = x0^2 + x1 x2 - x3 + 0.3 noise.
import { adam, dense, type FitOptions, type FitResult, fit, mse, sequential } from "@hooke/core";
import { type Dataset, dataset, split } from "@hooke/data";
import { add, type Backend, fold, type Key, mul, normal, randomKey, run, sliceAxis, square, sub } from "@hooke/runtime";

export const model = sequential([
  dense({ units: 64, activation: "relu" }),
  dense({ units: 64, activation: "relu" }),
  dense({ units: 1 }),
]);

/** 2,000 samples of standard normal inputs; the noise has standard deviation 0.3, so no model gets below an MSE of 0.09. */
export async function sample(backend: Backend, seed: number): Promise<Dataset> {
  const draw = (key: Key) => {
    const x = normal(fold(key, "inputs"), [2000, 10]);
    const column = (i: number) => sliceAxis(x, 1, i, i + 1);
    const signal = sub(add(square(column(0)), mul(column(1), column(2))), column(3));
    return { inputs: x, targets: add(signal, mul(0.3, normal(fold(key, "noise"), [2000, 1]))) };
  };
  return dataset(await run(backend, draw, randomKey(seed)));
}

/** Trains for 200 epochs on four fifths of the samples and validates on the rest. */
export async function trainSurrogate(
  backend: Backend,
  seed: number,
  options: Partial<FitOptions> = {},
): Promise<FitResult> {
  const parts = split(await sample(backend, seed), { train: "rest", validation: 0.2 }, seed);
  return fit({
    backend,
    model,
    data: parts,
    loss: mse(),
    optimizer: adam({ weightDecay: 1e-4 }),
    learningRate: 1e-3,
    batchSize: 64,
    epochs: 200,
    seed,
    ...options,
  });
}
