// The surrogate: what it predicts from what, how it is trained, and how its settings are chosen on training rows alone.
import { readFile } from "node:fs/promises";
import {
  adamw,
  type Dataset,
  dense,
  evaluate,
  type FitOptions,
  type FitResult,
  fit,
  fitPreprocessing,
  metrics,
  mse,
  sequential,
  split,
  standardize,
  tableDataset,
  take,
} from "@hooke/core";
import { readCsv } from "@hooke/core/node";
import type { Backend } from "@hooke/runtime";

const file = (name: string): URL => new URL(`data/${name}`, import.meta.url);

/** 1,030 concretes: seven amounts and the age, and the compressive strength they reach. */
export async function loadConcrete(): Promise<Dataset> {
  return tableDataset(await readCsv(file("concrete.csv")), { target: "compressive_strength_MPa" });
}

/** The test rows of the 20 standard splits. */
export async function loadSplits(): Promise<readonly (readonly number[])[]> {
  return JSON.parse(await readFile(file("concrete.splits.json"), "utf8")).test;
}

/** A dataset without and with the rows held out. */
export function holdOut(data: Dataset, testRows: readonly number[]): { train: Dataset; test: Dataset } {
  const held = new Set(testRows);
  const rest = Array.from({ length: data.count }, (_, row) => row).filter((row) => !held.has(row));
  return { train: take(data, rest), test: take(data, testRows) };
}

/** What is chosen by validation. */
export interface Settings {
  readonly hidden: readonly number[];
  readonly weightDecay: number;
}

/** The candidates. */
export const candidates: readonly Settings[] = [
  { hidden: [64], weightDecay: 1e-2 },
  { hidden: [64, 64], weightDecay: 1e-2 },
  { hidden: [64, 64], weightDecay: 1e-1 },
];

export const epochs = 400;

/** Trains on standardised inputs and targets; both transforms are fitted on the training rows. */
export function trainConcrete(
  backend: Backend,
  data: { readonly train: Dataset; readonly validation?: Dataset },
  { hidden, weightDecay }: Settings,
  options: Partial<FitOptions> = {},
): Promise<FitResult> {
  return fit({
    backend,
    data,
    preprocessing: fitPreprocessing(data.train, { inputs: standardize(), targets: standardize() }),
    model: sequential([...hidden.map((units) => dense({ units, activation: "relu" })), dense({ units: 1 })]),
    loss: mse(),
    optimizer: adamw({ weightDecay }),
    learningRate: 1e-3,
    batchSize: 32,
    epochs,
    seed: 0,
    metrics: [metrics.rmse],
    ...options,
  });
}

/** The candidate with the lowest error on a fifth of the training rows, trained on the others. The test rows play no part. */
export async function chooseSettings(backend: Backend, train: Dataset): Promise<Settings> {
  const parts = split(train, { train: "rest", validation: 0.2 }, 0);
  let best = { error: Number.POSITIVE_INFINITY, settings: candidates[0]! };
  for (const settings of candidates) {
    const { model } = await trainConcrete(backend, { train: parts.train }, settings);
    const error = await testError(backend, model, parts.validation);
    if (error < best.error) best = { error, settings };
  }
  return best.settings;
}

/** Root mean squared error in MPa. */
export async function testError(backend: Backend, model: FitResult["model"], test: Dataset): Promise<number> {
  const found = await evaluate(model, test, { backend, metrics: [metrics.rmse] });
  return found.metrics.rmse!;
}

/** What is reported of held-out rows. */
export const heldOutMetrics = [metrics.rmse, metrics.mae, metrics.r2];
