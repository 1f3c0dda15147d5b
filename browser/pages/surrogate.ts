// The training that pages and Node run alike: an MLP on numbers that need nothing but arithmetic.
import { adamw, batchNorm, dense, dropout, mse, sequential, type TrainingData, type TrainOptions } from "@hooke/core";
import { type Dataset, dataset } from "@hooke/data";
import { array } from "@hooke/runtime";

const features = 6;

/** Rows of a smooth function of six variables. */
function rows(count: number, offset: number): Dataset {
  // The golden ratio's multiples spread evenly over [0, 1).
  const value = (i: number): number => ((i + offset) * 0.618_033_988_749_894_9) % 1;
  const inputs = Float32Array.from({ length: count * features }, (_, i) => 2 * value(i) - 1);
  const targets = Float32Array.from({ length: count }, (_, i) => {
    const [a, b, c, d] = inputs.subarray(features * i) as unknown as [number, number, number, number];
    return a * a + b * c - d;
  });
  return dataset({
    inputs: array(inputs, { shape: [count, features] }),
    targets: array(targets, { shape: [count, 1] }),
  });
}

/** Updates in an epoch: 500 rows in batches of 64. */
export const stepsPerEpoch = 8;

/** Everything a training takes but its backend: dropout, batch statistics and a last batch that is smaller. */
export function surrogate(epochs: number): Omit<TrainOptions, "backend"> {
  const data: TrainingData = { train: rows(500, 0), validation: rows(100, 10_000) };
  return {
    model: sequential([
      dense({ units: 64, activation: "gelu" }),
      batchNorm(),
      dropout({ rate: 0.1 }),
      dense({ units: 64, activation: "tanh" }),
      dense({ units: 1 }),
    ]),
    data,
    loss: mse(),
    optimizer: adamw(),
    learningRate: 3e-3,
    batchSize: 64,
    epochs,
    seed: 11,
  };
}
