// What layers read of a batch as a whole: made of the batch's rows in training, validation, evaluation and prediction, of any shape.
import { type Dataset, dataset, take } from "@hooke/data";
import { array, type HostArray, mul, referenceBackend, sum } from "@hooke/runtime";
import { expect, it, vi } from "vitest";
import { mse } from "../losses/regression.ts";
import { defineLayer, type NoOptions } from "../model/define-layer.ts";
import { sgd } from "../optimizers/sgd.ts";
import { evaluate } from "./evaluate.ts";
import { fit } from "./fit.ts";
import { predict } from "./predict.ts";

const backend = referenceBackend();
/** `x weight` times the row's `scale`, and times the sum of the batch's `parts` where somebody makes them. */
const scaled = defineLayer({
  type: "test/scaled",
  params: (_config: NoOptions) => ({ weight: { shape: [1, 1], initializer: "ones" } }),
  apply: ({ params, extras: { parts, scale } }, x) =>
    mul(mul(mul(x, params.weight), scale!), parts === undefined ? 1 : sum(parts)),
});
const rows = dataset({
  inputs: array([[1], [2], [3], [4]]),
  targets: array([[2], [4], [6], [8]]),
  extras: { scale: array([[1], [1], [1], [1]]) },
});
/** Twos, as many halves of them as the batch has rows: their sum is 2. */
const batchExtras = ({ scale }: Readonly<Record<string, HostArray>>): Record<string, HostArray> => {
  const count = scale!.shape[0]!;
  return { parts: array(Array.from({ length: count }, () => 2 / count)) };
};
const data: Dataset = { ...rows, batchExtras };
const model = scaled();

it("predictions and evaluations see them, rows alone do not need them", async () => {
  const trained = {
    layer: model,
    inputShape: { shape: [1], extras: { scale: { shape: [1] } } },
    variables: { params: { weight: array([[1]]) }, state: {} },
  };
  expect([...(await predict(trained, data, { backend, batchSize: 3 })).data]).toEqual([2, 4, 6, 8]);
  expect([...(await predict(trained, rows, { backend })).data]).toEqual([1, 2, 3, 4]);
  expect((await evaluate(trained, data, { backend, loss: mse() })).loss).toBeCloseTo(0, 12);
  expect((await evaluate(trained, take(data, [1, 3]), { backend, loss: mse() })).loss).toBeCloseTo(0, 12);
});

it("trainings and their validation see them, with a program for each combination of shapes", async () => {
  const preparing = vi.spyOn(backend, "prepare");
  const { history } = await fit({
    backend,
    model,
    data: { train: data, validation: take(data, [0]) },
    loss: mse(),
    optimizer: sgd(),
    learningRate: 0.01,
    epochs: 3,
    batchSize: 3,
    seed: 0,
  });
  for (const { loss, validation } of history) {
    expect(loss).toBeCloseTo(0, 12);
    expect(validation!.loss).toBeCloseTo(0, 12);
  }
  // Initialisation, updates of three rows and of one, and a prediction with its loss.
  expect(preparing.mock.calls.length).toBe(5);
});
