// Labels out of range end a training before its first update, with their row.

import { dataset } from "@hooke/data";
import { array, referenceBackend } from "@hooke/runtime";
import { expect, it } from "vitest";
import { dense } from "../layers/dense.ts";
import { crossEntropy } from "../losses/cross-entropy.ts";
import { sgd } from "../optimizers/sgd.ts";
import { evaluate } from "./evaluate.ts";
import { fit } from "./fit.ts";

const backend = referenceBackend();
const labelled = (labels: number[], source = "dataset") =>
  dataset({ inputs: array(labels.map((x) => [x])), targets: array(labels, { dtype: "i32" }), source });
const options = {
  backend,
  model: dense({ units: 3 }),
  loss: crossEntropy(),
  optimizer: sgd(),
  learningRate: 0.1,
  epochs: 1,
  batchSize: 1,
  seed: 0,
  shuffle: false,
};

it.each([
  ["one too high", [0, 1, 3, 2], "dataset: row 2 holds the label 3; 3 classes are numbered from 0 to 2."],
  ["one below 0", [0, -1], "dataset: row 1 holds the label -1; 3 classes are numbered from 0 to 2."],
])("refuses %s in the training part", async (_, labels, message) => {
  let updates = 0;
  const callbacks = [{ onStep: () => void updates++ }];
  await expect(fit({ ...options, data: { train: labelled(labels) }, callbacks })).rejects.toThrow(message);
  expect(updates).toBe(0);
});

it("refuses it in the validation part, and where a model is evaluated", async () => {
  const train = labelled([0, 1, 2]);
  const data = { train, validation: labelled([1, 5], "later.csv") };
  await expect(fit({ ...options, data })).rejects.toThrow("later.csv: row 1 holds the label 5");
  const { model } = await fit({ ...options, data: { train } });
  const { loss } = options;
  await expect(evaluate(model, data.validation, { backend, loss })).rejects.toThrow(
    "later.csv: row 1 holds the label 5",
  );
});
