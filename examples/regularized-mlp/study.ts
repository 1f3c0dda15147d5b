// The study: no part, each part alone, all parts, and all but each, over several seeds.
import { evaluate, type History } from "@hooke/core";
import { metrics } from "@hooke/data";
import type { Backend } from "@hooke/runtime";
import { type RunTrial, runDirectly } from "@hooke/sweep";
import { noise, samples } from "./data.ts";
import { type Part, partNames, type Settings, trainWith } from "./regularized.ts";

/** A choice of parts. */
export interface Variant {
  readonly name: string;
  readonly parts: ReadonlySet<Part>;
}

export const variants: readonly Variant[] = [
  { name: "none", parts: new Set() },
  ...partNames.map((part) => ({ name: `${part} alone`, parts: new Set([part]) })),
  { name: "all", parts: new Set(partNames) },
  ...partNames.map((part) => ({ name: `all but ${part}`, parts: new Set(partNames.filter((one) => one !== part)) })),
];

/** What the trainings of a variant end with, by repetition. */
export interface Found extends Variant {
  /** Test RMSE of the model that `fit` returns. */
  readonly errors: readonly number[];
  readonly histories: readonly History[];
}

/** Called after every training; `completed` of `total`. */
export type Watch = (completed: number, total: number, name: string, loss: number) => void;

/** Data of a repetition: noisy rows to train on and to watch, and a test without noise. */
export async function dataOf(backend: Backend, settings: Settings, repetition: number) {
  // The one seed decides all of them, and no two share rows.
  const seed = 1000 * (settings.seed + 1) + 10 * repetition;
  return {
    seed,
    train: await samples(backend, settings.trainRows, seed, noise),
    validation: await samples(backend, settings.validationRows, seed + 1, noise),
    test: await samples(backend, settings.testRows, seed + 2, 0),
  };
}

/** @param run keeps what is finished. Default: nothing is kept */
export async function study(
  backend: Backend,
  settings: Settings,
  run: RunTrial = runDirectly,
  watch: Watch = () => {},
): Promise<readonly Found[]> {
  const total = variants.length * settings.repetitions;
  let completed = 0;
  const found: Found[] = [];
  for (const variant of variants) {
    const errors: number[] = [];
    const histories: History[] = [];
    for (let repetition = 0; repetition < settings.repetitions; repetition++) {
      const { error, history } = await run(`${variant.name}, repetition ${repetition}`, (signal) =>
        trained(backend, settings, variant, repetition, signal),
      );
      errors.push(error);
      histories.push(history);
      watch(++completed, total, variant.name, history.at(-1)!.loss);
    }
    found.push({ ...variant, errors, histories });
  }
  return found;
}

/** One training and its test RMSE. */
async function trained(
  backend: Backend,
  settings: Settings,
  { parts }: Variant,
  repetition: number,
  signal: AbortSignal,
): Promise<{ readonly error: number; readonly history: History }> {
  const { test, seed, ...data } = await dataOf(backend, settings, repetition);
  const { model, history } = await trainWith(backend, settings, parts, data, seed, signal);
  const { metrics: measured } = await evaluate(model, test, { backend, metrics: [metrics.rmse], signal });
  return { error: measured.rmse!, history };
}

/** By repetition, how the error differs from that of another variant on the same data. */
export const differences = (one: Found, other: Found): number[] =>
  one.errors.map((error, repetition) => error - other.errors[repetition]!);
