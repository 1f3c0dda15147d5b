// The study: five random folds, on each of which networks and a forest of descriptors predict what they have not seen.
import { randomForest } from "@hooke/baselines";
import { kFold, numbersOf, take, takeTableRows } from "@hooke/data";
import type { Backend } from "@hooke/runtime";
import type { RunTrial } from "@hooke/sweep";
import type { Molecules } from "./molecules.ts";
import { type NetworkSettings, predictions, type Readout } from "./networks.ts";

export interface Settings {
  readonly folds: number;
  readonly trees: number;
  readonly seed: number;
  readonly network: NetworkSettings;
}

// The network's settings were not searched: they are the first that trained steadily.
export const full: Settings = {
  folds: 5,
  trees: 500,
  seed: 0,
  network: { width: 64, steps: 3, dropout: 0, epochs: 60, batchSize: 50, learningRate: 3e-3, weightDecay: 1e-2 },
};

export const small: Settings = {
  ...full,
  folds: 2,
  trees: 50,
  network: { ...full.network, width: 16, epochs: 40, batchSize: 16 },
};

const networks: Readonly<Record<string, Readout>> = {
  "D-MPNN, sum": "sum",
  "D-MPNN, mean": "mean",
  "D-MPNN, attentive readout": "attentive",
};

/** Predictions of one method for all rows, each by a fold that has not seen it. */
export interface Found {
  readonly method: string;
  readonly predicted: readonly number[];
  /** Of each fold. */
  readonly errors: readonly number[];
}

/** Root of the mean squared error. */
export const rmse = (predicted: readonly number[], actual: ArrayLike<number>): number =>
  Math.sqrt(predicted.reduce((sum, value, i) => sum + (value - actual[i]!) ** 2, 0) / predicted.length);

/** A method: predictions for the rows `test` by what it learned of the rows `train`. */
type Method = (train: Int32Array, test: Int32Array, signal: AbortSignal) => Promise<readonly number[]>;

function methodsOf(
  backend: Backend,
  { graphs, table }: Molecules,
  { trees, seed, network }: Settings,
): Record<string, Method> {
  const forest: Method = async (train, test, signal) => {
    const fitted = await randomForest({ trees }).fit(takeTableRows(table, train), "target", { seed, signal });
    return Array.from(fitted.predict(takeTableRows(table, test)).values as Float64Array);
  };
  const ofNetwork = ([name, readout]: [string, Readout]): [string, Method] => [
    name,
    (train, test, signal) =>
      predictions(
        backend,
        readout,
        network,
        { train: take(graphs, train), test: take(graphs, test) },
        { seed, signal },
      ),
  ];
  return { "random forest of descriptors": forest, ...Object.fromEntries(Object.entries(networks).map(ofNetwork)) };
}

/** @param watch called after each training with how many are done, of how many */
export async function study(
  backend: Backend,
  molecules: Molecules,
  settings: Settings,
  run: RunTrial,
  watch: (completed: number, total: number, method: string) => void = () => undefined,
): Promise<Found[]> {
  const folds = kFold(molecules.graphs.count, settings.folds, settings.seed);
  const actual = numbersOf(molecules.table, "target");
  const methods = Object.entries(methodsOf(backend, molecules, settings));
  const found: Found[] = [];
  for (const [method, predict] of methods) {
    const predicted = new Array<number>(actual.length);
    const errors: number[] = [];
    for (const [fold, { train, test }] of folds.entries()) {
      const values = await run(`${method}, fold ${fold}`, (signal) => predict(train, test, signal));
      for (const [i, row] of test.entries()) predicted[row] = values[i]!;
      errors.push(
        rmse(
          values,
          Array.from(test, (row) => actual[row]!),
        ),
      );
      watch(found.length * folds.length + fold + 1, methods.length * folds.length, method);
    }
    found.push({ method, predicted, errors });
  }
  return found;
}
