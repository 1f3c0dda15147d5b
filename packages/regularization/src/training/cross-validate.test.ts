// Cross-validation: every row judged once by a model that has not seen it, preprocessing without a look at the test rows.
import { dataset, dense, metrics, mse, sgd, standardize } from "@hooke/core";
import { array, referenceBackend } from "@hooke/runtime";
import { expect, it } from "vitest";
import { crossValidate } from "./cross-validate.ts";

const x = Array.from({ length: 10 }, (_, i) => [i]);
const options = {
  backend: referenceBackend(),
  model: dense({ units: 1 }),
  data: dataset({ inputs: array(x), targets: array(x.map(([at]) => [3 * at! - 1])) }),
  loss: mse(),
  optimizer: sgd(),
  learningRate: 0.1,
  preprocessing: { inputs: standardize(), targets: standardize() },
  metrics: [metrics.rmse, metrics.mae],
  epochs: 60,
  batchSize: 4,
  seed: 3,
};

it("judges every row once, on models that differ, with mean and standard deviation", async () => {
  const epochs = new Map<number, number>();
  const callbacks = (fold: number) => [{ onEpoch: () => void epochs.set(fold, (epochs.get(fold) ?? 0) + 1) }];
  const { folds, metrics: found } = await crossValidate({ ...options, folds: 4, callbacks });
  expect(folds.flatMap(({ testRows }) => [...testRows]).sort((a, b) => a - b)).toEqual(x.map(([i]) => i));
  expect([...epochs]).toEqual([0, 1, 2, 3].map((fold) => [fold, 60]));
  const values = folds.map((fold) => fold.metrics.rmse!);
  const mean = values.reduce((sum, value) => sum + value, 0) / 4;
  expect(found.rmse!.mean).toBeCloseTo(mean, 12);
  expect(found.rmse!.standardDeviation).toBeCloseTo(
    Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 3),
    12,
  );
  expect(mean).toBeLessThan(0.1);
  // Fitted on each fold's own training rows.
  const centres = folds.map(({ model }) => JSON.stringify(model.preprocessing));
  expect(new Set(centres).size).toBe(4);
});

it("gives the same numbers for the same seed", async () => {
  const [first, second] = [await crossValidate(options), await crossValidate(options)];
  expect(second.metrics).toEqual(first.metrics);
  expect(first.folds).toHaveLength(5);
});

it("refuses more folds than rows, and no metrics", async () => {
  await expect(crossValidate({ ...options, folds: 11 })).rejects.toThrow("received k = 11 for 10 rows");
  await expect(crossValidate({ ...options, metrics: [] })).rejects.toThrow("crossValidate: received no metrics");
});
