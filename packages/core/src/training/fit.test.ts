// Fit: callbacks, the best epoch, reasons to stop.

import { dataset, fitPreprocessing, type Metric, metrics, standardize } from "@hooke/data";
import { array } from "@hooke/runtime";
import { expect, test } from "vitest";
import type { Callback } from "./callback.ts";
import { fit } from "./fit.ts";
import { train } from "./train.ts";
import { bentLine, bits, collect, only, options } from "./training.fixture.ts";

const { rmse } = metrics;

test("returns what the events said", async () => {
  const result = await fit(options());
  const events = await collect(train(options()));
  expect(result.history).toEqual(only(events, "end")[0]!.history);
  expect(result.stopReason).toBe("finished");
  expect(result.model.inputShape).toEqual([2]);
});

test("calls callbacks with events, in order, and waits for them", async () => {
  const calls: string[] = [];
  const late: Callback = {
    onEpoch: async ({ epoch }) => {
      await new Promise((resolve) => setTimeout(resolve, 2));
      calls.push(`epoch ${epoch}`);
    },
    onValidation: ({ epoch }) => void calls.push(`validation ${epoch}`),
    onEnd: ({ reason }) => void calls.push(reason),
  };
  const second: Callback = { onEpoch: () => void calls.push("second") };
  await fit({ ...options({ epochs: 2 }), callbacks: [late, second] });
  expect(calls).toEqual(["epoch 0", "second", "validation 0", "epoch 1", "second", "validation 1", "finished"]);
});

test("a callback stops the training with its reason", async () => {
  const callback: Callback = { onStep: ({ step }, { stop }) => void (step === 4 && stop("enough")) };
  const { stopReason, history } = await fit({ ...options(), callbacks: [callback] });
  expect(stopReason).toBe("enough");
  expect(history).toHaveLength(1);
});

test("a signal gives the reason aborted", async () => {
  expect((await fit(options({ signal: AbortSignal.abort() }))).stopReason).toBe("aborted");
});

test("best is the epoch with the lowest validation loss", async () => {
  const { best, history } = await fit(options({ epochs: 6, learningRate: 0.4 }));
  const losses = history.map(({ validation }) => validation!.loss);
  expect(best).toMatchObject({
    monitor: "loss",
    value: Math.min(...losses),
    epoch: losses.indexOf(Math.min(...losses)),
  });
});

test("best follows a metric in its declared direction, and keeps that epoch's variables", async () => {
  let calls = 0;
  const values = [1, 3, Number.NaN, 3, 2];
  const rising: Metric = { name: "rising", direction: "maximize", compute: () => values[calls++]! };
  const kept: unknown[] = [];
  const { best, model } = await fit({
    ...options({ epochs: 5, metrics: [rising, rmse], monitor: "rising" }),
    callbacks: [{ onValidation: async ({ variables }) => void kept.push(bits(await variables())) }],
  });
  expect(best).toMatchObject({ monitor: "rising", epoch: 1, value: 3 });
  expect(bits(best!.model.variables)).toEqual(kept[1]);
  expect(bits(model.variables)).toEqual(kept[4]);
});

test("without a validation part there is no best epoch", async () => {
  expect((await fit(options({ data: { train: bentLine(6) } }))).best).toBeUndefined();
});

test("an error of a callback ends the training", async () => {
  const callback: Callback = {
    onEpoch: () => {
      throw new Error("disk full");
    },
  };
  await expect(fit({ ...options(), callbacks: [callback] })).rejects.toThrow("disk full");
});

test("metrics are in the units of the data", async () => {
  const inputs = array([[0], [1], [2], [3]]);
  const targets = array([[1000], [2000], [3000], [4000]]);
  const data = dataset({ inputs, targets });
  const preprocessing = fitPreprocessing(data, { inputs: standardize(), targets: standardize() });
  const { history } = await fit(
    options({ data: { train: data, validation: data }, metrics: [rmse], preprocessing, epochs: 1 }),
  );
  const { loss, metrics } = history[0]!.validation!;
  const deviation = Math.sqrt(1.25) * 1000;
  expect(metrics.rmse! / deviation).toBeCloseTo(Math.sqrt(loss), 4);
});
