// Labels out of range, and targets that are no probabilities, end a training before its first update, with their row.

import { dataset, padSequences } from "@hooke/data";
import { array, referenceBackend } from "@hooke/runtime";
import { expect, it } from "vitest";
import { dense } from "../layers/dense.ts";
import { binaryCrossEntropy } from "../losses/binary-cross-entropy.ts";
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

const numbered = (targets: number[][]) =>
  dataset({ inputs: array(targets.map((_, row) => [row])), targets: array(targets) });
const binary = { ...options, loss: binaryCrossEntropy(), model: dense({ units: 1 }) };
const probable = { ...options, model: dense({ units: 2 }) };

it.each([
  [
    "labels 1 and 2",
    binary,
    [[1], [2]],
    "row 1 holds the target 2; the loss takes 0 to 1. Targets are probabilities, or labels 0 and 1: number two classes so",
  ],
  ["labels -1 and 1", binary, [[1], [-1]], "row 1 holds the target -1; "],
  [
    "scores",
    probable,
    [
      [0, 1],
      [-3, 10],
    ],
    "row 1 holds the target -3; the loss takes 0 to 1.",
  ],
] as const)("refuses %s as probabilities, in every part", async (_, kind, targets, message) => {
  const wrong = numbered(targets.map((row) => [...row]));
  const train = numbered(targets.map(() => [...targets[0]]));
  await expect(fit({ ...kind, data: { train: wrong } })).rejects.toThrow(`dataset: ${message}`);
  await expect(fit({ ...kind, data: { train, validation: wrong } })).rejects.toThrow(message);
  const { model } = await fit({ ...kind, data: { train } });
  await expect(evaluate(model, wrong, { backend, loss: kind.loss })).rejects.toThrow(message);
});

it("takes rounded probabilities, and anything behind the end of a sequence", async () => {
  const thirds = { ...options, data: { train: numbered([[0.33, 0.33, 0.33]]) } };
  expect((await fit(thirds)).history[0]!.loss).toBeGreaterThan(0);
  const { inputs, targets, extras } = padSequences([[[1], [2]], [[3]]], [[[1], [0]], [[1]]]);
  targets.data[3] = 7;
  const train = dataset({ inputs, targets, extras });
  expect((await fit({ ...binary, data: { train } })).history).toHaveLength(1);
});
