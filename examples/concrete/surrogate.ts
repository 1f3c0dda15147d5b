// The surrogate: what it predicts from what, how it is trained, and how its settings are chosen on training rows alone.
import { readFile } from "node:fs/promises";
import { adamw, dense, evaluate, type FitOptions, type FitResult, fit, mse, sequential } from "@hooke/core";
import { type Dataset, fitPreprocessing, metrics, split, standardize, tableDataset, take } from "@hooke/data";
import { readCsv } from "@hooke/data/node";
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

export const seed = 0;

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
    seed,
    ...(data.validation && { metrics: [metrics.rmse] }),
    ...options,
  });
}

/** A candidate that was tried. */
export interface Trial {
  readonly settings: Settings;
  /** RMSE on the validation rows, in MPa. */
  readonly error: number;
}

/**
 * Trains each candidate on four fifths of the training rows and measures its error on the others. The test rows play no part.
 *
 * @param optionsOf of the training of one candidate, such as callbacks; `trial` counts from 0
 * @returns what was tried, the best first
 * @throws the signal's reason if it is aborted
 */
export async function tryCandidates(
  backend: Backend,
  train: Dataset,
  optionsOf: (trial: number) => Partial<FitOptions> = () => ({}),
): Promise<readonly Trial[]> {
  const parts = split(train, { train: "rest", validation: 0.2 }, 0);
  const trials: Trial[] = [];
  for (const [trial, settings] of candidates.entries()) {
    const options = optionsOf(trial);
    const { model } = await trainConcrete(backend, { train: parts.train }, settings, options);
    options.signal?.throwIfAborted();
    trials.push({ settings, error: await testError(backend, model, parts.validation) });
  }
  return trials.sort((a, b) => a.error - b.error);
}

/** The candidate with the lowest error. */
export async function chooseSettings(backend: Backend, train: Dataset, signal: AbortSignal): Promise<Settings> {
  const [best] = await tryCandidates(backend, train, () => ({ signal }));
  return best!.settings;
}

/** Root mean squared error in MPa. */
export async function testError(backend: Backend, model: FitResult["model"], test: Dataset): Promise<number> {
  const found = await evaluate(model, test, { backend, metrics: [metrics.rmse] });
  return found.metrics.rmse!;
}

/** What is reported of rows the model was not trained on, beside those it was. */
export const heldOutMetrics = [metrics.rmse, metrics.mae, metrics.r2];
