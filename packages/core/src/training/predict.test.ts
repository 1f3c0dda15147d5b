// Predictions and evaluation of trained models.

import { dataset, fitPreprocessing, metrics, standardize } from "@hooke/data";
import { array, referenceBackend, zeros } from "@hooke/runtime";
import { describe, expect, test } from "vitest";
import { dense } from "../layers/dense.ts";
import { dropout } from "../layers/dropout.ts";
import { sequential } from "../layers/sequential.ts";
import { mse } from "../losses/regression.ts";
import type { TrainedModel } from "../model/trained-model.ts";
import { evaluate } from "./evaluate.ts";
import { predict } from "./predict.ts";

const { mae, rmse } = metrics;

const backend = referenceBackend();
const model: TrainedModel = {
  layer: sequential([dropout({ rate: 0.5 }), dense({ units: 1 })]),
  inputShape: [2],
  variables: { params: { 1: { kernel: array([[1], [10]]), bias: array([100]) } }, state: {} },
};
const inputs = array([
  [1, 2],
  [3, 4],
  [5, 6],
]);

describe("predict", () => {
  test("applies the model in inference mode", async () => {
    expect(await predict(model, inputs, { backend })).toEqual(array([[121], [143], [165]]));
  });

  test.each([1, 2, 3, 100])("gives the same with batches of %i rows", async (batchSize) => {
    expect(await predict(model, inputs, { backend, batchSize })).toEqual(array([[121], [143], [165]]));
  });

  test("transforms inputs and restores targets", async () => {
    const data = dataset({ inputs, targets: array([[1000], [2000], [3000]]) });
    const preprocessing = fitPreprocessing(data, { inputs: standardize(), targets: standardize() });
    const middle = await predict({ ...model, preprocessing }, array([[3, 4]]), { backend });
    // Standardized inputs are 0, so the model says its bias, in standard deviations from 2000.
    expect(middle.data[0]! / (2000 + 100 * Math.sqrt(2 / 3) * 1000)).toBeCloseTo(1, 5);
  });

  test("says which width it expects", async () => {
    await expect(predict(model, zeros([5, 3]), { backend })).rejects.toThrow(
      "predict: the model (sequential) expects inputs [rows, 2], received f32[5, 3].",
    );
    await expect(predict(model, zeros([2]), { backend })).rejects.toThrow("expects inputs [rows, 2], received f32[2].");
    await expect(predict(model, zeros([0, 2]), { backend })).rejects.toThrow("received f32[0, 2], no rows");
  });

  test("refuses a batch size that is none", async () => {
    await expect(predict(model, inputs, { backend, batchSize: 0 })).rejects.toThrow(
      'predict: option "batchSize" is 0; expected a whole number above 0.',
    );
  });
});

describe("evaluate", () => {
  const data = dataset({ inputs, targets: array([[120], [143], [168]]) });

  test("computes the loss and metrics", async () => {
    const { loss, metrics } = await evaluate(model, data, { backend, loss: mse(), metrics: [mae, rmse], batchSize: 2 });
    expect(loss).toBeCloseTo(10 / 3, 5);
    expect(metrics).toEqual({ mae: 4 / 3, rmse: Math.sqrt(10 / 3) });
  });

  test("needs no loss", async () => {
    expect(await evaluate(model, data, { backend, metrics: [mae] })).toEqual({ metrics: { mae: 4 / 3 } });
  });

  test("says where shapes differ", async () => {
    const flat = dataset({ inputs, targets: array([1, 2, 3]) });
    await expect(evaluate(model, flat, { backend, loss: mse() })).rejects.toThrow(
      "sequential: predicts f32[3, 1], expected the shape of the targets, f32[3].",
    );
  });
});
