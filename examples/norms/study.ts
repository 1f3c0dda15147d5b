// The study: every task with every norm over several seeds, and what batch norm does in inference after small batches.

import { adam, type Callback, type EpochRecord, fit, predict, type TrainedModel } from "@hooke/core";
import { takeRows } from "@hooke/data";
import { medianOf } from "@hooke/example-study-frame/statistics.ts";
import type { Backend } from "@hooke/runtime";
import { type RunTrial, runDirectly } from "@hooke/sweep";
import { type Beams, loadCases } from "./beam.ts";
import { type NormName, network, normNames, outputOf } from "./network.ts";
import { spreadAfter } from "./spread.ts";
import { lossOf, medianByDecade, relativeErrors, rowsOf, type TaskName, taskNames, taskOf } from "./tasks.ts";

/** What a study costs. */
export interface Settings {
  readonly trainRows: number;
  readonly testRows: number;
  readonly batchSize: number;
  /** The batch sizes compared with batch norm. */
  readonly batchSizes: readonly number[];
  readonly epochs: number;
  readonly learningRate: number;
  /** How many trainings of each kind; they differ in weights and data. */
  readonly repetitions: number;
  readonly seed: number;
}

export const full: Settings = {
  trainRows: 2048,
  testRows: 2048,
  batchSize: 32,
  batchSizes: [4, 32],
  epochs: 100,
  learningRate: 1e-3,
  repetitions: 5,
  seed: 0,
};

export const small: Settings = { ...full, trainRows: 512, testRows: 512, epochs: 40, repetitions: 3 };

/** Test errors of a task with a norm: medians of relative errors by decade of the load, for each repetition. */
export interface Trained {
  readonly task: TaskName;
  readonly norm: NormName;
  readonly errors: readonly (readonly number[])[];
}

/** Median test error of one network in both modes, for each repetition. */
export interface Modes {
  readonly norm: NormName;
  readonly batchSize: number;
  /** With the statistics of each batch, as in training. */
  readonly training: readonly number[];
  /** With running statistics. */
  readonly inference: readonly number[];
}

/** How far apart the loads of a decade are after the first norm, before training, by decade. */
export interface Spread {
  readonly norm: NormName;
  readonly spread: readonly number[];
}

export interface Found {
  readonly spreads: readonly Spread[];
  readonly trained: readonly Trained[];
  readonly modes: readonly Modes[];
}

/** Called after every epoch of every training; `completed` of `total` epochs. */
export type Watch = (completed: number, total: number, what: string, loss: number) => void;

/** Load cases for training and test of a repetition. */
async function cases(backend: Backend, settings: Settings, repetition: number) {
  // The one seed decides all of them, and no two share load cases.
  const seed = 1000 * (settings.seed + 1) + 10 * repetition;
  const [train, test] = [
    await loadCases(backend, settings.trainRows, seed),
    await loadCases(backend, settings.testRows, seed + 1),
  ];
  return { train, test, seed };
}

/** @param run keeps what is finished. Default: nothing is kept */
export async function study(
  backend: Backend,
  settings: Settings,
  run: RunTrial = runDirectly,
  watch: Watch = () => {},
): Promise<Found> {
  const { repetitions, epochs, batchSize, batchSizes } = settings;
  // Batch and layer norm are trained at each of the batch sizes once more.
  const compared: readonly NormName[] = ["batch", "layer"];
  const trainings = taskNames.length * normNames.length + compared.length * batchSizes.length;
  const total = trainings * repetitions * epochs;
  let completed = 0;
  const overRepetitions = async <T>(
    name: string,
    training: Training,
    measure: (model: TrainedModel, test: Beams) => Promise<T>,
  ): Promise<T[]> => {
    const results: T[] = [];
    for (let i = 0; i < repetitions; i++) {
      const before = completed;
      const trial = async (signal: AbortSignal): Promise<T> => {
        const { train, test, seed } = await cases(backend, settings, i);
        const onEpoch = ({ epoch, loss }: EpochRecord): void =>
          watch(before + epoch + 1, total, `${training.task}, ${training.norm}`, loss);
        const model = await trainOne(backend, settings, training, train, seed, { signal, callbacks: [{ onEpoch }] });
        return measure(model, test);
      };
      results.push(await run(`${name}, repetition ${i}`, trial));
      completed = before + epochs;
    }
    return results;
  };

  const trained: Trained[] = [];
  for (const task of taskNames) {
    for (const norm of normNames) {
      const errors = await overRepetitions(`${task}, ${norm}`, { task, norm, batchSize }, (model, test) =>
        testErrors(backend, model, task, test),
      );
      trained.push({ task, norm, errors });
    }
  }
  const modes: Modes[] = [];
  for (const norm of compared) {
    for (const size of batchSizes) {
      const training = { task: "moment per load", norm, batchSize: size } as const;
      const both = await overRepetitions(`modes of ${norm}, batches of ${size}`, training, (model, test) =>
        bothModes(backend, model, test, size),
      );
      modes.push({ norm, batchSize: size, training: both.map(([a]) => a), inference: both.map(([, b]) => b) });
    }
  }
  const spreads: Spread[] = [];
  const { test, seed } = await cases(backend, settings, 0);
  for (const norm of normNames) spreads.push({ norm, spread: await spreadAfter(backend, norm, test, seed) });
  return { spreads, trained, modes };
}

interface Training {
  readonly task: TaskName;
  readonly norm: NormName;
  readonly batchSize: number;
}

/** @throws the signal's reason if it is aborted */
async function trainOne(
  backend: Backend,
  { epochs, learningRate }: Settings,
  { task: name, norm, batchSize }: Training,
  beams: Beams,
  seed: number,
  { signal, callbacks }: { readonly signal: AbortSignal; readonly callbacks: readonly Callback[] },
): Promise<TrainedModel> {
  const task = taskOf(name);
  const train = rowsOf(task, beams);
  const { model } = await fit({
    backend,
    model: network(norm, train.targets.shape[1]!),
    data: { train },
    loss: lossOf(task),
    optimizer: adam(),
    learningRate,
    batchSize,
    epochs,
    seed,
    signal,
    callbacks,
  });
  signal.throwIfAborted();
  return model;
}

async function testErrors(
  backend: Backend,
  model: TrainedModel,
  name: TaskName,
  test: Beams,
): Promise<readonly number[]> {
  const task = taskOf(name);
  const { inputs, targets } = rowsOf(task, test);
  const predictions = await predict(model, inputs, { backend });
  return medianByDecade(relativeErrors(task, predictions, targets), test.magnitude);
}

/** Median relative errors on test batches of a size: with their own statistics, and with the running ones. */
async function bothModes(
  backend: Backend,
  { layer, variables }: TrainedModel,
  test: Beams,
  batchSize: number,
): Promise<readonly [training: number, inference: number]> {
  const task = taskOf("moment per load");
  const { inputs, targets, count } = rowsOf(task, test);
  const outputs = [true, false].map((training) => outputOf(backend, layer, training));
  const found: [number[], number[]] = [[], []];
  for (let from = 0; from + batchSize <= count; from += batchSize) {
    const rows = Array.from({ length: batchSize }, (_, i) => from + i);
    const [batch, wanted] = [takeRows(inputs, rows), takeRows(targets, rows)];
    for (const [i, output] of outputs.entries()) {
      found[i]!.push(...relativeErrors(task, await output(variables, batch), wanted));
    }
  }
  return [medianOf(found[0]), medianOf(found[1])];
}
