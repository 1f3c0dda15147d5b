// Early stopping: when it ends a training, and the best model whatever ended it.
import { type Callback, type FitOptions, fit } from "@hooke/core";
import { encodeModel } from "@hooke/core/checkpoint";
import type { Metric } from "@hooke/data";
import type { HostArray } from "@hooke/runtime";
import { expect, it } from "vitest";
import { earlyStopping } from "./early-stopping.ts";
import { options } from "./training.fixture.ts";

/** A metric with given values, one an epoch. */
function scripted(values: readonly number[], direction: Metric["direction"] = "minimize"): Partial<FitOptions> {
  let at = 0;
  return {
    metrics: [{ name: "scripted", direction, compute: () => values[at++]! }],
    monitor: "scripted",
    epochs: values.length,
  };
}

let steps = 0;
const spoiled = (_key: HostArray): boolean => ++steps === 13;

it("stops after patience epochs, and returns the best epoch's model", async () => {
  const stopping = earlyStopping({ patience: 2 });
  const values = [3, 2, 4, 2, 5, 0];
  const { history, stopReason, model, best } = await fit({ ...options(scripted(values)), callbacks: [stopping] });
  expect(history).toHaveLength(4);
  expect(stopReason).toBe("early stopping: no better scripted for 2 epochs");
  expect(best!.epoch).toBe(1);
  expect(encodeModel(model)).toEqual(encodeModel(best!.model));
  expect(stopping.best!.value).toBe(2);
});

it("takes the direction from the metric, and NaN for no improvement", async () => {
  const values = [1, 3, Number.NaN, 2, 9];
  const { best, stopReason } = await fit({
    ...options(scripted(values, "maximize")),
    callbacks: [earlyStopping({ patience: 2 })],
  });
  expect([best!.epoch, stopReason]).toEqual([1, "early stopping: no better scripted for 2 epochs"]);
});

it("counts improvements of more than minDelta only", async () => {
  const run = (minDelta: number) =>
    fit({ ...options(scripted([3, 2.9, 2.8, 2.7])), callbacks: [earlyStopping({ patience: 2, minDelta })] });
  expect((await run(0)).history).toHaveLength(4);
  expect((await run(0.5)).history).toHaveLength(3);
});

it.each<[string, Partial<FitOptions>, Callback]>([
  ["the last epoch", {}, {}],
  ["a callback that stops", {}, { onStep: ({ epoch }, { stop }) => void (epoch === 4 && stop("enough")) }],
])("returns the best model when ended by %s", async (_, differing, other) => {
  const { model, best } = await fit({
    ...options({ ...scripted([3, 1, 2, 2, 2, 2]), ...differing }),
    callbacks: [other, earlyStopping()],
  });
  expect(best!.epoch).toBe(1);
  expect(encodeModel(model)).toEqual(encodeModel(best!.model));
});

it("returns the best model when ended by a signal", async () => {
  const controller = new AbortController();
  const abort: Callback = { onStep: ({ epoch }) => void (epoch === 3 && controller.abort()) };
  const { model, best, stopReason } = await fit({
    ...options({ ...scripted([3, 1, 2, 2, 2, 2]), signal: controller.signal }),
    callbacks: [abort, earlyStopping()],
  });
  expect([stopReason, best!.epoch]).toEqual(["aborted", 1]);
  expect(encodeModel(model)).toEqual(encodeModel(best!.model));
});

it.each<[string, Partial<FitOptions>, Callback, RegExp]>([
  [
    "a loss that is not finite",
    {
      augment: (batch, key) =>
        spoiled(key) ? { ...batch, inputs: { ...batch.inputs, data: batch.inputs.data.map(() => Number.NaN) } } : batch,
    },
    {},
    /the loss of step 13 .* is NaN/,
  ],
  [
    "a callback that throws",
    {},
    {
      onStep: ({ step }) => {
        if (step === 13) throw new Error("disk full");
      },
    },
    /disk full/,
  ],
])("keeps the best model when ended by %s", async (_, differing, other, message) => {
  steps = 0;
  const stopping = earlyStopping();
  const kept: Uint8Array[] = [];
  const keep: Callback = {
    async onValidation({ variables }, { modelWith }) {
      kept.push(encodeModel(modelWith(await variables())));
    },
  };
  const training = fit({
    ...options({ ...scripted([3, 1, 2, 2, 2, 2]), ...differing }),
    callbacks: [stopping, keep, other],
  });
  await expect(training).rejects.toThrow(message);
  expect(stopping.best!.epoch).toBe(1);
  expect(encodeModel(stopping.best!.model)).toEqual(kept[1]);
});

it("says that it needs a validation part", async () => {
  const { data, ...rest } = options();
  await expect(fit({ ...rest, data: { train: data.train }, callbacks: [earlyStopping()] })).rejects.toThrow(
    "earlyStopping: the training has no validation part to stop by; give fit data.validation.",
  );
});

it("says why there never was a better value", async () => {
  const spread: Metric = {
    name: "spread",
    direction: "minimize",
    compute: () => Number.NaN,
    whyUndefined: () => "all is one",
  };
  const run = (metric: Metric) =>
    fit({
      ...options({ epochs: 9 }),
      metrics: [metric],
      monitor: "spread",
      callbacks: [earlyStopping({ patience: 2 })],
    });
  const seenLater: Metric = { ...spread, whyUndefined: (_, predictions) => predictions && "all is one" };
  expect((await run(seenLater)).stopReason).toBe(
    "early stopping: no better spread for 2 epochs; it has always been NaN: all is one",
  );
  const { whyUndefined: _, ...silent } = spread;
  const { stopReason, best } = await run(silent);
  expect([stopReason, best]).toEqual([
    "early stopping: no better spread for 2 epochs; it has always been NaN",
    undefined,
  ]);
  // Known from the targets alone: before the first update.
  await expect(run(spread)).rejects.toThrow(
    'train: the monitor "spread" would be NaN in every epoch: in the validation part all is one. Give other rows',
  );
});

it("starts anew with another training", async () => {
  const stopping = earlyStopping({ patience: 2 });
  await fit({ ...options(scripted([3, 1, 2])), callbacks: [stopping] });
  expect(stopping.best!.value).toBe(1);
  // The second training fails before its first validation: there is no best epoch of it.
  const broken: Callback = { onEpoch: () => Promise.reject(new Error("disk full")) };
  await expect(fit({ ...options(scripted([5])), callbacks: [stopping, broken] })).rejects.toThrow("disk full");
  expect(stopping.best).toBeUndefined();
  // That it ended in the middle of an epoch does not concern the third.
  const { best } = await fit({ ...options(scripted([7, 6])), callbacks: [stopping] });
  expect([stopping.best!.value, best!.value]).toEqual([6, 6]);
});
