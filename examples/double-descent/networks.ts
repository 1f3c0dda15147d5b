// The same rows for a network of one hidden layer all of whose weights are trained, for as long as it takes to fit them.
import { adam, dense, evaluate, fit, mse, sequential } from "@hooke/core";
import { type Dataset, dataset, metrics } from "@hooke/data";
import { cosineAnnealing } from "@hooke/regularization";
import { add, type Backend, fold, type Key, mul, normal, randomKey, run } from "@hooke/runtime";
import { type FeatureSettings, inputSize, truth } from "./features.ts";

/** How long a network is trained. */
export interface TrainingSettings extends Omit<FeatureSettings, "penalty"> {
  /** Updates, each with all rows. */
  readonly updates: number;
  readonly learningRate: number;
}

async function rowsOf(
  backend: Backend,
  { trainRows, testRows, noise }: TrainingSettings,
  seed: number,
): Promise<{ readonly train: Dataset; readonly test: Dataset }> {
  const draw = (key: Key) => {
    const [known, unseen] = [
      normal(fold(key, "rows"), [trainRows, inputSize]),
      normal(fold(key, "unseen"), [testRows, inputSize]),
    ];
    const targets = add(truth(known), mul(normal(fold(key, "noise"), [trainRows, 1]), noise));
    return { train: { inputs: known, targets }, test: { inputs: unseen, targets: truth(unseen) } };
  };
  const { train, test } = await run(backend, draw, randomKey(seed));
  return { train: dataset(train), test: dataset(test) };
}

/** Root mean squares of errors after training: on the rows known, with their noise, and on new ones, without. */
export async function networkErrors(
  backend: Backend,
  settings: TrainingSettings,
  width: number,
  seed: number,
  signal?: AbortSignal,
): Promise<{ readonly train: number; readonly test: number }> {
  const { train, test } = await rowsOf(backend, settings, seed);
  const { model } = await fit({
    backend,
    model: sequential([dense({ units: width, activation: "relu" }), dense({ units: 1 })]),
    data: { train },
    loss: mse(),
    optimizer: adam(),
    learningRate: cosineAnnealing({ learningRate: settings.learningRate, length: settings.updates }),
    epochs: settings.updates,
    batchSize: settings.trainRows,
    seed,
    ...(signal && { signal }),
  });
  const rmse = async (part: Dataset): Promise<number> =>
    (await evaluate(model, part, { backend, metrics: [metrics.rmse] })).metrics.rmse!;
  return { train: await rmse(train), test: await rmse(test) };
}
