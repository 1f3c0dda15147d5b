// One training: what it computes, what is shown of it after every event, and kept after every epoch.
import { adamw, mse, predict, train, type WorkSpec } from "@hooke/core";
import type { StandardizeTransform } from "@hooke/data";
import type { Backend } from "@hooke/runtime";
import type { Run } from "../../jobs/serve.ts";
import { digestOf } from "../../shell/digest.ts";
import type { Points } from "../../shell/plot.ts";
import { network } from "./network.ts";
import type { Samples } from "./samples.ts";
import type { Settings } from "./settings.ts";

/** What the page shows of a training. Errors are root mean squares in the unit of the target. */
export interface Training {
  /** Errors per epoch, oldest first: on the training rows while it learned from them, and on those held back after it. */
  readonly curves: { readonly train: readonly number[]; readonly validation: readonly number[] };
  /** Targets and predictions of the rows held back. */
  readonly parity: Points;
  /** That of the smallest error on the rows held back, counted from 1; absent before the first. */
  readonly best?: { readonly epoch: number; readonly error: number };
  /** SHA-256 of the last checkpoint, in hexadecimal: equal for equal bits. */
  readonly digest: string;
  /** What it was taught on; absent before the first epoch. */
  readonly taught?: Taught;
}

/** What a training was taught on. */
export interface Taught {
  readonly train: number;
  readonly validation: number;
  /** Rows with a missing cell. */
  readonly left: number;
  /** Error on the rows held back of guessing the mean of the training rows. */
  readonly guessing: number;
}

/** One that has done nothing yet. */
export const beginning: Training = { curves: { train: [], validation: [] }, parity: [[], []], digest: "" };

const rowsPerUpdate = 64;

const recipe = (settings: Settings, { data }: Samples) => ({
  model: network(settings),
  loss: mse(),
  optimizer: adamw({ weightDecay: settings.weightDecay }),
  batchSize: Math.min(rowsPerUpdate, data.train.count),
});

/** What one update computes. */
export const workload = (settings: Settings, samples: Samples): WorkSpec => ({
  ...recipe(settings, samples),
  data: samples.data.train,
});

/** Updates of a whole training. */
export function stepsOf(settings: Settings, samples: Samples): number {
  return settings.epochs * Math.ceil(samples.data.train.count / recipe(settings, samples).batchSize);
}

/** The deviation of the training targets: losses are in squares of it. */
const scaleOf = ({ preprocessing }: Samples): number => (preprocessing.targets[0] as StandardizeTransform).std[0]!;

function taughtOn({ data, left }: Samples): Taught {
  const [known, held] = [data.train, data.validation].map(({ targets }) => Array.from(targets.data, Number));
  const mean = known!.reduce((sum, value) => sum + value, 0) / known!.length;
  const guessing = Math.sqrt(held!.reduce((sum, value) => sum + (value - mean) ** 2, 0) / held!.length);
  return { train: known!.length, validation: held!.length, left, guessing };
}

/** Trains to the end, or until the run is to pause. @throws what `train` throws */
export async function training(
  settings: Settings,
  samples: Samples,
  backend: Backend,
  { from, signal, report, keep }: Run<Training, Blob>,
) {
  let step = from?.done ?? 0;
  let shown: Training = from?.shown ?? { ...beginning, taught: taughtOn(samples) };
  let loss = 0;
  const { data, preprocessing } = samples;
  const scale = scaleOf(samples);
  const errorOf = (value: number): number => scale * Math.sqrt(value);
  const { inputs, targets } = data.validation;
  const events = train({
    ...recipe(settings, samples),
    ...{ backend, data, preprocessing, signal },
    learningRate: settings.learningRate,
    epochs: settings.epochs,
    seed: settings.seed,
    checkpoint: {
      every: "epoch",
      async save(bytes, state) {
        const copy = new Uint8Array(bytes);
        step = state.step;
        shown = { ...shown, digest: await digestOf(copy) };
        // As a blob it is read only when it is needed.
        await keep(new Blob([copy]), step, shown);
      },
    },
    ...(from && { resume: new Uint8Array(await from.checkpoint.arrayBuffer()) }),
  });
  for await (const event of events) {
    if (event.type === "step") step = event.step;
    if (event.type === "epoch") loss = event.loss;
    if (event.type === "validation") {
      const { train: errors, validation } = shown.curves;
      const variables = await event.variables();
      const model = { layer: network(settings), inputShape: inputs.shape.slice(1), variables, preprocessing };
      shown = {
        ...shown,
        curves: { train: [...errors, errorOf(loss)], validation: [...validation, errorOf(event.loss)] },
        ...(event.best && { best: { epoch: event.best.epoch + 1, error: errorOf(event.best.value) } }),
        parity: sorted(targets.data, (await predict(model, inputs, { backend })).data),
      };
    }
    const now = shown;
    await report(step, () => now);
  }
  return { done: step, shown };
}

/** By true value, as the chart wants them. */
function sorted(truth: ArrayLike<number>, predictions: ArrayLike<number>): Points {
  const order = Array.from(truth, (_, i) => i).sort((a, b) => truth[a]! - truth[b]!);
  return [order.map((i) => truth[i]!), order.map((i) => predictions[i]!)];
}
