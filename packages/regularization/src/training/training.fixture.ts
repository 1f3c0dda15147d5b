// What the tests of training share: a small problem, and a model with running statistics.
import { adam, batchNorm, dense, type FitOptions, mse, sequential } from "@hooke/core";
import { dataset } from "@hooke/data";
import { array, referenceBackend } from "@hooke/runtime";

export const backend = referenceBackend();
/** Two inputs and a target with a kink, from row `from` on. */
export const rows = (from: number, count: number) => {
  const x = Array.from({ length: count }, (_, i) => [Math.sin(1.7 * (from + i)), Math.cos(from + i)]);
  return dataset({ inputs: array(x), targets: array(x.map(([a, b]) => [Math.abs(a!) - b!])) });
};

/** A short training, with whatever differs. */
export function options(differing: Partial<FitOptions> = {}): FitOptions {
  return {
    backend,
    loss: mse(),
    optimizer: adam(),
    learningRate: 0.02,
    epochs: 8,
    batchSize: 4,
    seed: 1,
    model: sequential([dense({ units: 4, activation: "tanh" }), batchNorm(), dense({ units: 1 })]),
    data: { train: rows(0, 10), validation: rows(50, 4) },
    ...differing,
  };
}
