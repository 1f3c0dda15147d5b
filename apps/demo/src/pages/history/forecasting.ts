// One comparison: baselines first, then the networks of all folds, an epoch of each in turn; what is forecast, as it is found.
import { baselines } from "@hooke/example-crack-growth/baselines.ts";
import { type Comparison, compare, type Fold, type Result } from "@hooke/example-crack-growth/compare.ts";
import { type Score, scoreOf } from "@hooke/example-crack-growth/scores.ts";
import type { Specimen } from "@hooke/example-crack-growth/specimens.ts";
import type { Backend } from "@hooke/runtime";
import type { Run } from "../../jobs/serve.ts";
import { layers, type Training, trainingOf } from "./networks.ts";
import type { Settings } from "./settings.ts";

/** How a network stands. */
export interface Learning {
  readonly network: string;
  /** Of its validation specimens, as a share of what its outputs are multiples of; by epoch, the mean of the folds. */
  readonly errors: readonly number[];
  /** By fold, counted from 1; 0 before the first. */
  readonly bestEpochs: readonly number[];
}

/** What the page shows of a comparison. */
export interface Forecasting {
  /** Specimens held out together, by index. */
  readonly folds: Comparison["folds"];
  /** Of every method that has forecast all specimens. */
  readonly results: readonly Result[];
  readonly scores: readonly Score[];
  readonly learning: readonly Learning[];
}

/** What it goes on from: a checkpoint each, fold by fold. */
export type Remembered = readonly Blob[];

export const totalOf = ({ epochs, folds }: Settings): number => epochs * folds * layers.length;

/** It is kept so often, in ms. */
const keepEvery = 3000;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function learningOf(network: string, trainings: readonly Training[]): Learning {
  const own = trainings.filter((training) => training.network === network);
  const epochs = Math.min(...own.map(({ history }) => history.length));
  const errorAt = (epoch: number) => mean(own.map(({ history }) => history[epoch]!.validation!.metrics.rmse!));
  return {
    network,
    errors: Array.from({ length: epochs }, (_, epoch) => errorAt(epoch)),
    bestEpochs: own.map(({ best }) => (best === undefined ? 0 : best.epoch + 1)),
  };
}

/** What a network forecasts of every specimen; undefined until it can in every fold. */
async function resultOf(network: string, trainings: readonly Training[]): Promise<Result | undefined> {
  const forecasts: (readonly number[])[] = [];
  for (const training of trainings.filter((each) => each.network === network)) {
    const rows = await training.forecast();
    if (rows === undefined) return undefined;
    for (const [row, index] of training.fold.heldOut.entries()) forecasts[index] = rows[row]!;
  }
  return { method: network, forecasts };
}

/** Compares to the end, or until the run is to pause. */
export async function forecasting(
  specimens: readonly Specimen[],
  folds: readonly Fold[],
  settings: Settings,
  backend: Backend,
  { from, signal, report, keep }: Run<Forecasting, Remembered>,
) {
  const held = folds.map(({ heldOut }) => heldOut);
  const compared = (results: readonly Result[]): Pick<Forecasting, "results" | "scores"> => ({
    results,
    scores: results.map((result) => scoreOf({ specimens, folds: held, results }, result)),
  });
  let shown: Forecasting = from?.shown ?? { folds: held, learning: [], ...compared([]) };
  for (const method of baselines) {
    if (signal.aborted || shown.results.some((result) => result.method === method.name)) continue;
    const { results } = await compare([method], specimens, folds);
    shown = { ...shown, ...compared([...shown.results, ...results]) };
    const now = shown;
    await report(from?.done ?? 0, () => now);
  }
  const easy = shown.results.filter(({ method }) => layers.every(([name]) => name !== method));

  const trainings: Training[] = [];
  for (const [i, fold] of folds.entries()) {
    for (const [j, layer] of layers.entries()) {
      const kept = await from?.checkpoint[i * layers.length + j]?.arrayBuffer();
      const given = { backend, signal, ...(kept && { from: new Uint8Array(kept) }) };
      trainings.push(trainingOf(layer, fold, settings, given));
    }
  }
  // After a pause, a network's history is known once it has gone on.
  const done = (): number =>
    Math.max(
      from?.done ?? 0,
      trainings.reduce((sum, { history }) => sum + history.length, 0),
    );

  /** The networks as they are now; before the first epoch after a pause, as they were. */
  async function look(): Promise<Forecasting> {
    const found: Result[] = [];
    for (const [name] of layers) {
      const result = (await resultOf(name, trainings)) ?? shown.results.find(({ method }) => method === name);
      if (result !== undefined) found.push(result);
    }
    const learning = layers.map(([name]) => learningOf(name, trainings));
    const isBehind = learning.some(({ errors }, i) => errors.length < (shown.learning[i]?.errors.length ?? 0));
    return { ...shown, ...compared([...easy, ...found]), learning: isBehind ? shown.learning : learning };
  }

  async function remember(): Promise<void> {
    const checkpoints = trainings.flatMap(({ checkpoint }) => checkpoint ?? []);
    if (checkpoints.length === trainings.length) await keep(checkpoints, done(), await look());
  }

  let kept = performance.now();
  try {
    for (;;) {
      const left = trainings.filter(({ isOver }) => !isOver);
      if (left.length === 0) break;
      const next = left.reduce((a, b) => (b.history.length < a.history.length ? b : a));
      await next.advance();
      await report(done(), look);
      if (performance.now() - kept < keepEvery || signal.aborted) continue;
      await remember();
      kept = performance.now();
    }
    await remember();
    return { done: done(), shown: await look() };
  } finally {
    await Promise.all(trainings.map((training) => training.close()));
  }
}
