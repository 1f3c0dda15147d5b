// The comparison: every specimen is held out once, whole, and forecast by every method from the same observed part.
import { kFold } from "@hooke/data";
import type { Backend } from "@hooke/runtime";
import type { RunTrial } from "@hooke/sweep";
import type { Forecasts, Method } from "./method.ts";
import { lstmLayer, type NetworkSettings, type NetworkWatch, networkMethod, transformerLayer } from "./networks.ts";
import { parisForForecasts, parisPopulation, parisRefitted } from "./paris.ts";
import { linearRegression, meanGrowth } from "./regression.ts";
import { observedPart, type Specimen } from "./specimens.ts";

/** What decides an experiment. */
export interface Settings extends NetworkSettings {
  readonly folds: number;
  readonly seed: number;
}

export const full: Settings = {
  folds: 10,
  seed: 0,
  candidates: [
    { target: "growth", windows: "first", learningRate: 1e-3 },
    { target: "growth", windows: "first", learningRate: 4e-3 },
    { target: "growth", windows: "every", learningRate: 2e-3 },
    { target: "paris", windows: "first", learningRate: 2e-3 },
  ],
  members: 4,
  epochs: 600,
  patience: 150,
  batchSize: 16,
};

/** For tests: seconds instead of minutes. */
export const small: Settings = {
  ...full,
  folds: 2,
  candidates: [
    { target: "growth", windows: "first", learningRate: 4e-3 },
    { target: "paris", windows: "every", learningRate: 4e-3 },
  ],
  members: 2,
  epochs: 40,
  patience: 20,
};

export const baselines: readonly Method[] = [
  meanGrowth,
  linearRegression,
  parisPopulation,
  parisRefitted,
  parisForForecasts,
];

/** The strongest law of Paris; networks are compared with it. */
export const toBeat = parisForForecasts.name;

export const lstmName = "LSTM";
export const transformerName = "Transformer";

/** Baselines and networks; what `run` and `watch` are, says `networkMethod`. */
export const allMethods = (
  backend: Backend,
  settings: NetworkSettings,
  run?: RunTrial,
  watch?: NetworkWatch,
): readonly Method[] => [
  ...baselines,
  networkMethod(lstmName, lstmLayer, backend, settings, run, watch),
  networkMethod(transformerName, transformerLayer, backend, settings, run, watch),
];

/** Trainings of networks in an experiment. */
export const trainingCount = ({ folds, candidates, members }: Settings): number =>
  2 * folds * candidates.length * members;

/** Forecasts of all specimens, each by a method that had not seen it. */
export interface Result {
  readonly method: string;
  /** In mm, a row a specimen. */
  readonly forecasts: Forecasts;
}

export interface Comparison {
  readonly specimens: readonly Specimen[];
  /** Specimens held out together, by index. */
  readonly folds: readonly (readonly number[])[];
  readonly results: readonly Result[];
}

/** Cross-validation by specimen: the seed decides the folds, and fold `i` trains with a seed of its own. */
export async function compare(
  methods: readonly Method[],
  specimens: readonly Specimen[],
  { folds: count, seed }: Pick<Settings, "folds" | "seed">,
): Promise<Comparison> {
  const folds = kFold(specimens.length, count, seed);
  const results: Result[] = [];
  for (const method of methods) {
    const forecasts: (readonly number[])[] = new Array(specimens.length);
    for (const [i, { train, test }] of folds.entries()) {
      const training = [...train].map((index) => specimens[index]!);
      const observed = [...test].map((index) => observedPart(specimens[index]!));
      // Members of a fold take the seeds that follow; a thousand keeps those of folds apart.
      const rows = await method.forecast(training, observed, seed + 1000 * (i + 1));
      for (const [row, index] of test.entries()) forecasts[index] = rows[row]!;
    }
    results.push({ method: method.name, forecasts });
  }
  return { specimens, folds: folds.map(({ test }) => [...test]), results };
}
