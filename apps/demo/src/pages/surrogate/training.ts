// One training: what it computes, what is shown of it after every event, and kept after every epoch.
import { adam, mse, predict, train, type WorkSpec } from "@hooke/core";
import type { Backend } from "@hooke/runtime";
import type { Run } from "../../jobs/serve.ts";
import { digestOf } from "../../shell/digest.ts";
import type { Points } from "../../shell/plot.ts";
import { network, placeholder, surrogateData, trainingRows } from "./samples.ts";
import type { Settings } from "./settings.ts";

/** What the page shows of a training. */
export interface Training {
  /** Losses per epoch, oldest first. */
  readonly curves: { readonly train: readonly number[]; readonly validation: readonly number[] };
  /** Targets and predictions of the validation rows. */
  readonly parity: Points;
  /** That of the smallest validation loss, counted from 1; absent before the first. */
  readonly best?: { readonly epoch: number; readonly loss: number };
  /** SHA-256 of the last checkpoint, in hexadecimal: equal for equal bits. */
  readonly digest: string;
}

/** One that has done nothing yet. */
export const beginning: Training = { curves: { train: [], validation: [] }, parity: [[], []], digest: "" };

/** Rows of an update. */
const batchSize = 64;

const recipe = (settings: Settings) => ({
  model: network(settings),
  loss: mse(),
  optimizer: adam({ weightDecay: settings.weightDecay }),
  batchSize,
});

/** What one update computes. */
export const workload = (settings: Settings): WorkSpec => ({ ...recipe(settings), data: placeholder });

/** Updates of a whole training. */
export const stepsOf = ({ epochs }: Settings): number => epochs * Math.ceil(trainingRows / batchSize);

/** Trains to the end, or until the run is to pause. @throws what `train` throws */
export async function training(
  settings: Settings,
  backend: Backend,
  { from, signal, report, keep }: Run<Training, Blob>,
) {
  let step = from?.done ?? 0;
  let shown = from?.shown ?? beginning;
  let loss = 0;
  const data = await surrogateData(backend, settings.seed);
  const { inputs, targets } = data.validation;
  const events = train({
    ...recipe(settings),
    backend,
    data,
    learningRate: settings.learningRate,
    epochs: settings.epochs,
    seed: settings.seed,
    signal,
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
      const { train: losses, validation } = shown.curves;
      const model = { layer: network(settings), inputShape: inputs.shape.slice(1), variables: await event.variables() };
      shown = {
        ...shown,
        curves: { train: [...losses, loss], validation: [...validation, event.loss] },
        ...(event.best && { best: { epoch: event.best.epoch + 1, loss: event.best.value } }),
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
