// Types of training: wrong options do not compile, events and results are known.

import { metrics } from "@hooke/data";
import { type Backend, type HostArray, referenceBackend } from "@hooke/runtime";
import { dense } from "../layers/dense.ts";
import { mse } from "../losses/regression.ts";
import { adam } from "../optimizers/adam.ts";
import type { Callback } from "./callback.ts";
import { evaluate } from "./evaluate.ts";
import { fit } from "./fit.ts";
import type { TrainOptions } from "./options.ts";
import { predict } from "./predict.ts";
import { constant, type Schedule } from "./schedule.ts";
import { train } from "./train.ts";
import { bentLine } from "./training.fixture.ts";

const { rmse } = metrics;

const backend: Backend = referenceBackend();
const options: TrainOptions = {
  backend,
  model: dense({ units: 1 }),
  data: { train: bentLine(4) },
  loss: mse(),
  optimizer: adam(),
  epochs: 1,
  batchSize: 2,
  seed: 0,
  learningRate: constant(1e-3),
};

// @ts-expect-error: the spelling is batchSize.
train({ ...options, batchsize: 2 });
// @ts-expect-error: an unknown way with the last batch.
train({ ...options, lastBatch: "pad" });
// @ts-expect-error: a loss is a function; mse is its factory.
train({ ...options, loss: mse });
// @ts-expect-error: a name is no optimizer.
train({ ...options, optimizer: "adam" });
// @ts-expect-error: checkpoints are taken every so many updates or every epoch.
train({ ...options, checkpoint: { every: "step", save: () => {} } });
// @ts-expect-error: a checkpoint needs a place to go.
train({ ...options, checkpoint: { every: 1 } });
// @ts-expect-error: train has no callbacks; fit has.
train({ ...options, callbacks: [] });
// @ts-expect-error: the seed is needed.
train({ ...options, seed: undefined });
// @ts-expect-error: a schedule has a type and a config, so that it can be stored.
train({ ...options, learningRate: { at: () => 1 } });

export async function events(): Promise<void> {
  for await (const event of train(options)) {
    // @ts-expect-error: only some events have a loss.
    event.loss;
    if (event.type === "step") event.loss.toFixed();
    if (event.type === "validation") event.metrics.rmse satisfies number | undefined;
    if (event.type === "end") event.reason satisfies "finished" | "aborted";
    // @ts-expect-error: there is no such event.
    if (event.type === "batch") break;
  }
  const { model, best, stopReason } = await fit({ ...options, metrics: [rmse] });
  stopReason satisfies string;
  // @ts-expect-error: there is no best epoch without a validation part.
  best.model;
  (await predict(model, bentLine(2).inputs, { backend })) satisfies HostArray;
  // @ts-expect-error: predictions need a backend.
  await predict(model, bentLine(2).inputs, {});
  // @ts-expect-error: evaluate takes a dataset.
  await evaluate(model, bentLine(2).inputs, { backend });
}

export const callback: Callback = { onStep: ({ loss }, { stop }) => void (loss < 0.1 && stop("low")) };
// @ts-expect-error: there is no such moment.
export const wrongCallback: Callback = { onBatch: () => {} };
// @ts-expect-error: a schedule is asked for a number.
export const wrongSchedule: Schedule = { type: "acme/text", config: {}, at: () => "fast" };
