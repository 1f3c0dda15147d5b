// One training: what it computes, and how it stands after every event, kept after every epoch.
import { adam, mse, predict, train, type WorkSpec } from "@hooke/core";
import { type Backend, HookeError } from "@hooke/runtime";
import type { Points } from "./messages.ts";
import { network, placeholder, surrogateData, trainingRows } from "./model.ts";
import { type Settings, toHash } from "./settings.ts";
import { type Saved, save } from "./storage.ts";

export type Training = Omit<Saved, "time">;

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

/** A training of these settings that has done nothing yet. */
export const beginning = (settings: Settings): Training => ({
  hash: toHash(settings),
  checkpoint: new Blob(),
  step: 0,
  outcome: "paused",
  digest: "",
  curves: { train: [], validation: [] },
  parity: [[], []],
});

/**
 * Goes on with a training to its end, or until the signal. Yields it after every event.
 *
 * @throws what `train` throws; {@link isDivergence} tells whether it is the numbers that went bad
 */
export async function* continued(
  settings: Settings,
  from: Training,
  backend: Backend,
  signal: AbortSignal,
): AsyncGenerator<Training, void, void> {
  let now = from;
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
      async save(bytes, { step, epoch }) {
        const copy = new Uint8Array(bytes);
        const outcome = epoch >= settings.epochs ? "finished" : "paused";
        now = { ...now, checkpoint: new Blob([copy]), step, digest: await digestOf(copy), outcome };
        await save(now);
      },
    },
    ...(from.checkpoint.size > 0 && { resume: new Uint8Array(await from.checkpoint.arrayBuffer()) }),
  });
  for await (const event of events) {
    if (event.type === "step") now = { ...now, step: event.step };
    if (event.type === "epoch") loss = event.loss;
    if (event.type === "validation") {
      const curves = { train: [...now.curves.train, loss], validation: [...now.curves.validation, event.loss] };
      const model = { layer: network(settings), inputShape: inputs.shape.slice(1), variables: await event.variables() };
      now = { ...now, curves, parity: sorted(targets.data, (await predict(model, inputs, { backend })).data) };
    }
    yield now;
  }
}

/** Whether a training ended because a loss or a gradient was not finite. */
export const isDivergence = (error: unknown): boolean => error instanceof HookeError && error.code === "non-finite";

async function digestOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** By true value, as the chart wants them. */
function sorted(truth: ArrayLike<number>, predictions: ArrayLike<number>): Points {
  const order = Array.from(truth, (_, i) => i).sort((a, b) => truth[a]! - truth[b]!);
  return [order.map((i) => truth[i]!), order.map((i) => predictions[i]!)];
}
