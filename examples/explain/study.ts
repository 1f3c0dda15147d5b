// The study: networks learn tasks with planted causes, and every method is asked where the cause is; so is each of networks that learned nothing.
import { adam, evaluate, fit, initialize, mse } from "@hooke/core";
import { fitPreprocessing, metrics, standardize } from "@hooke/data";
import type { Backend, HostArray } from "@hooke/runtime";
import type { RunTrial } from "@hooke/sweep";
import { methodsOf } from "./methods.ts";
import { type Network, networks } from "./networks.ts";
import { placeOfLargest } from "./task.ts";

export interface Settings {
  readonly trainRows: number;
  readonly epochs: number;
  /** Cases that each method is asked of, of each network. */
  readonly cases: number;
  /** Networks of each kind; they differ in weights and data. */
  readonly repetitions: number;
  readonly seed: number;
}

export const full: Settings = { trainRows: 1000, epochs: 30, cases: 100, repetitions: 3, seed: 0 };
export const small: Settings = { ...full, trainRows: 400, epochs: 12, cases: 6, repetitions: 1 };

/** How often a method finds the cause. */
export interface Finding {
  readonly network: string;
  readonly method: string;
  readonly cases: number;
  /** Cases whose largest value is at the cause. */
  readonly found: number;
  /** The same of networks with the weights that training began with. */
  readonly untrained: number;
  /** The map of the first case. */
  readonly map: { readonly shape: readonly number[]; readonly values: readonly number[] };
}

export interface Trial {
  readonly network: string;
  /** On rows that it has not seen. */
  readonly r2: number;
  /** The input of the first case. */
  readonly input: readonly number[];
  readonly findings: readonly Finding[];
}

/** Called before each method. */
export type Watch = (completed: number, total: number, what: string) => void;

export async function study(
  backend: Backend,
  settings: Settings,
  run: RunTrial,
  watch: Watch = () => undefined,
): Promise<Trial[]> {
  const trials: Trial[] = [];
  const total = networks.length * settings.repetitions;
  for (const network of networks) {
    for (let repetition = 0; repetition < settings.repetitions; repetition++) {
      watch(trials.length, total, `${network.name} ${repetition + 1}`);
      const seed = 1000 * settings.seed + 10 * repetition;
      trials.push(
        await run(`${network.name}, repetition ${repetition}`, (signal) =>
          trialOf(backend, network, settings, seed, signal),
        ),
      );
    }
  }
  watch(total, total, "");
  return trials;
}

async function trialOf(
  backend: Backend,
  network: Network,
  settings: Settings,
  seed: number,
  signal: AbortSignal,
): Promise<Trial> {
  const { task, layer } = network;
  const train = task.draw(settings.trainRows, seed);
  const test = task.draw(settings.cases, seed + 1);
  const preprocessing = fitPreprocessing(train.data, { inputs: standardize(), targets: standardize() });
  const { model } = await fit({
    backend,
    model: layer,
    data: { train: train.data },
    preprocessing,
    loss: mse(),
    optimizer: adam(),
    learningRate: network.learningRate,
    epochs: settings.epochs,
    batchSize: 32,
    seed,
    signal,
  });
  const untrained = { ...model, variables: await initialize(backend, layer, task.shape, seed) };
  const { metrics: scores } = await evaluate(model, task.draw(200, seed + 2).data, { backend, metrics: [metrics.r2] });
  const countFound = (map: HostArray): number => {
    const rows = Array.from({ length: settings.cases }, (_, row) => row);
    return rows.filter((row) => test.isCause(row, placeOfLargest(map, row, task.shape))).length;
  };
  const asked = { backend, network, data: test.data, signal };
  const findings: Finding[] = [];
  for (const method of methodsOf(network)) {
    const map = await method.map({ ...asked, model });
    const blank = await method.map({ ...asked, model: untrained });
    findings.push({
      network: network.name,
      method: method.name,
      cases: settings.cases,
      found: countFound(map),
      untrained: countFound(blank),
      map: firstOf(map),
    });
  }
  return { network: network.name, r2: scores.r2!, input: firstOf(test.data.inputs).values, findings };
}

function firstOf({ shape, data }: HostArray): Finding["map"] {
  return { shape: shape.slice(1), values: Array.from(data.subarray(0, data.length / shape[0]!), Number) };
}
