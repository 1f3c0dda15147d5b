// The study: gradients of every network before and after training, and the error it ends with, over several seeds.
import {
  adam,
  type Callback,
  chain,
  clipByGlobalNorm,
  type EpochRecord,
  evaluate,
  fit,
  initialize,
  mse,
  type Variables,
} from "@hooke/core";
import { metrics } from "@hooke/data";
import type { Backend, HostArray } from "@hooke/runtime";
import { type RunTrial, runDirectly } from "@hooke/sweep";
import { gradientNorms, typical } from "./gradients.ts";
import { histories, type Name, names, networks } from "./recall.ts";

/** What a study costs. */
export interface Settings {
  /** Steps of the histories, ascending; gradients are of the longest. */
  readonly lengths: readonly number[];
  readonly hiddenSize: number;
  /** How many trainings of each network and length; they differ in weights and data. */
  readonly repetitions: number;
  readonly seed: number;
  readonly trainRows: number;
  readonly testRows: number;
  readonly batchSize: number;
  readonly epochs: number;
  readonly learningRate: number;
  /** Histories that gradients are averaged over. */
  readonly gradientRows: number;
}

export const full: Settings = {
  lengths: [10, 30, 100],
  hiddenSize: 32,
  repetitions: 5,
  seed: 0,
  trainRows: 4096,
  testRows: 1024,
  batchSize: 32,
  epochs: 20,
  learningRate: 3e-3,
  gradientRows: 64,
};

export const small: Settings = {
  ...full,
  repetitions: 3,
  lengths: [10, 40],
  hiddenSize: 16,
  trainRows: 1024,
  testRows: 256,
  epochs: 4,
  gradientRows: 16,
};

/** What is found of one network; norms are geometric means over histories and repetitions, by lag. */
export interface Found {
  readonly name: Name;
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** Norms before training by lag, of each repetition. */
  readonly repetitions: readonly (readonly number[])[];
  /** RMSE on test histories by length, of each repetition. The loads are in [-1, 1]. */
  readonly errors: readonly (readonly number[])[];
}

/** Called after every epoch of every training; `completed` of `total` epochs. */
export type Watch = (completed: number, total: number, name: Name, loss: number) => void;

/**
 * All networks, one training after the other.
 *
 * @param run keeps what is finished. Default: nothing is kept
 */
export async function study(
  backend: Backend,
  settings: Settings,
  run: RunTrial = runDirectly,
  watch: Watch = () => {},
): Promise<readonly Found[]> {
  const { lengths, repetitions, epochs } = settings;
  const total = names.length * lengths.length * repetitions * epochs;
  let completed = 0;
  const results: Found[] = [];
  for (const name of names) {
    const before: (readonly number[])[] = [];
    const after: (readonly number[])[] = [];
    const errors: number[][] = lengths.map(() => []);
    for (let repetition = 0; repetition < repetitions; repetition++) {
      for (const [i, length] of lengths.entries()) {
        const start = completed;
        const onEpoch = ({ epoch, loss }: EpochRecord): void => watch(start + epoch + 1, total, name, loss);
        const found = await run(`${name}, ${length} steps, repetition ${repetition}`, (signal) =>
          once(backend, settings, name, length, repetition, { signal, callbacks: [{ onEpoch }] }),
        );
        completed = start + epochs;
        errors[i]!.push(found.error);
        if (i < lengths.length - 1) continue;
        before.push(found.before);
        after.push(found.after);
      }
    }
    results.push({ name, before: typical(before), after: typical(after), repetitions: before, errors });
  }
  return results;
}

/** One training, with the gradients before and after it. */
async function once(
  backend: Backend,
  settings: Settings,
  name: Name,
  length: number,
  repetition: number,
  following: { readonly signal: AbortSignal; readonly callbacks: readonly Callback[] },
) {
  // Different data for training, test and gradients, all of it decided by the one seed.
  const base = 1000 * (settings.seed + 1) + 10 * repetition;
  const layer = networks(settings.hiddenSize, length)[name];
  const train = await histories(backend, settings.trainRows, length, base);
  const test = await histories(backend, settings.testRows, length, base + 1);
  const { inputs } = await histories(backend, settings.gradientRows, length, base + 2);
  const variables = await initialize(backend, layer, [length, 2], base);
  const { model } = await fit({
    backend,
    model: layer,
    variables,
    data: { train },
    loss: mse(),
    optimizer: chain(clipByGlobalNorm(1), adam()),
    learningRate: settings.learningRate,
    batchSize: settings.batchSize,
    epochs: settings.epochs,
    seed: base,
    ...following,
  });
  following.signal.throwIfAborted();
  const norms = async (at: Variables<HostArray>) => typical(await gradientNorms(backend, layer, at, inputs));
  return {
    before: await norms(variables),
    after: await norms(model.variables),
    error: (await evaluate(model, test, { backend, metrics: [metrics.rmse] })).metrics.rmse!,
  };
}
