// Weights of classes and the ignored label: the loss is that of the whole part, in training, validation and metrics, whatever the batches are.

import {
  balancedWeights,
  classesOf,
  type Dataset,
  type DatasetOptions,
  dataset,
  metrics,
  parseCsv,
  tableDataset,
} from "@hooke/data";
import { array, type HostArray, type Tree, treeLeaves } from "@hooke/runtime";
import { describe, expect, it, test } from "vitest";
import { decodeModel, encodeModel } from "../checkpoint/model.ts";
import { dense } from "../layers/dense.ts";
import { crossEntropy } from "../losses/cross-entropy.ts";
import { adam } from "../optimizers/adam.ts";
import { sgd } from "../optimizers/sgd.ts";
import { core } from "../plugin.ts";
import { evaluate } from "./evaluate.ts";
import { fit } from "./fit.ts";
import type { TrainOptions } from "./options.ts";
import { predict } from "./predict.ts";
import { train } from "./train.ts";
import { bits, collect, only, options } from "./training.fixture.ts";
import { lossWeights } from "./weights.ts";
import { trainingWork } from "./work.ts";

const { accuracy, auroc, confusionMatrix, f1 } = metrics;

const labels = (values: readonly number[], shape = [values.length]): HostArray =>
  array(Int32Array.from(values), { shape });
const labelled = (values: readonly number[], differing: Partial<DatasetOptions> = {}): Dataset =>
  dataset({ inputs: array(values.map(() => [1])), targets: labels(values), ...differing });
/** Logits that start at 0. */
const even = dense({ units: 3, bias: false, kernelInitializer: "zeros" });
const still = (differing: Partial<TrainOptions>): TrainOptions =>
  options({ model: even, optimizer: sgd(), shuffle: false, epochs: 1, learningRate: 1e-12, ...differing });
const kernelOf = (tree: Tree<HostArray>): number[] => [...treeLeaves<HostArray>(tree)[0]!.value.data];

const classWeights = [1, 4, 0.5];
const given = [0, 2, -1, 1, 0, -1];
const loss = crossEntropy({ ignoreLabel: -1, classWeights });

describe("updates", () => {
  // Probabilities are 1/3: the gradient of sum(c l) / sum(c) is c / 3 for every class, less c for one's own.
  const total = 1 + 0.5 + 4 + 1;
  const gradient = [0, 1, 2].map((k) => {
    const own = [2, 1, 1][k]! * classWeights[k]!;
    return (total / 3 - own) / total;
  });

  it.each([1, 2, 3, 6])("of batches of %i are on average the gradient of the loss of the part", async (batchSize) => {
    const rate = 1e-6;
    const { model } = await fit(still({ data: { train: labelled(given) }, loss, batchSize, learningRate: rate }));
    const mean = kernelOf(model.variables.params).map((value) => (-value / rate) * (batchSize / given.length));
    for (const [k, value] of mean.entries()) expect(value).toBeCloseTo(gradient[k]!, 4);
  });

  it("are not made of batches that are ignored as a whole, and the training goes on", async () => {
    const data = { train: labelled([0, 1, -1, -1, 2, -1]) };
    const events = await collect(train(still({ data, loss, batchSize: 2, optimizer: adam(), learningRate: 0.1 })));
    expect(only(events, "step").map(({ batch, step }) => [batch, step])).toEqual([
      [0, 1],
      [2, 2],
    ]);
  });

  it("are those of balanced sample weights, and of weights by name", async () => {
    const classes = ["ok", "crack", "pore"];
    const data = labelled([0, 0, 0, 1, 2, 0], { classes });
    const run = async (differing: Partial<TrainOptions>) =>
      (await fit(still({ batchSize: 2, learningRate: 0.5, epochs: 3, data: { train: data }, ...differing }))).model;
    const list = await run({ loss: crossEntropy({ classWeights: [0.5, 2, 2] }) });
    const named = await run({ loss: crossEntropy({ classWeights: { pore: 4, crack: 4 } }) });
    const balanced = await run({
      loss: crossEntropy(),
      data: { train: data, sampleWeights: balancedWeights(data) },
    });
    expect(bits(named.variables)).toEqual(bits(list.variables));
    const found = kernelOf(balanced.variables.params);
    for (const [k, value] of kernelOf(list.variables.params).entries()) expect(value).toBeCloseTo(found[k]!, 5);
    expect(list.preprocessing!.classes).toEqual(classes);
  });
});

describe("losses and metrics", () => {
  // torch.nn.functional.cross_entropy(z, t, weight=[1, 4, 0.5], ignore_index=-1) of logits 0.
  const expected = Math.log(3);

  it.each([1, 4, 6])("of an epoch in batches of %i are those of the labels that are known", async (batchSize) => {
    const data = { train: labelled(given), validation: labelled([0, -1, 1, -1]) };
    const { history, model } = await fit(still({ data, loss, batchSize, metrics: [accuracy], monitor: "accuracy" }));
    expect(history[0]!.loss).toBeCloseTo(expected, 6);
    const { loss: judged, metrics } = history[0]!.validation!;
    expect([judged, metrics.accuracy]).toEqual([expect.closeTo(expected, 6), 0.5]);
    const { backend } = options();
    const later = await evaluate(model, data.validation, { backend, metrics: [accuracy], loss });
    expect([later.loss, later.metrics]).toEqual([judged, metrics]);
    // Without a loss the data say it.
    await expect(evaluate(model, data.validation, { backend, metrics: [accuracy] })).rejects.toThrow(
      "accuracy: targets hold -1 in row 1; labels are whole numbers from 0, or say that it stands for no class: ignoreLabel: -1.",
    );
    const known = labelled([0, -1, 1, -1], { ignoreLabel: -1, classes: ["a", "b", "c"] });
    expect((await evaluate(model, known, { backend, metrics: [accuracy] })).metrics).toEqual(metrics);
  });

  it("of pixels and of steps are those of each", async () => {
    const inputs = array(
      Array.from({ length: 8 }, (_, at) => [at % 2]),
      { shape: [2, 2, 2, 1] },
    );
    const targets = labels([0, 1, 255, 1, 0, 2, 255, 255], [2, 2, 2]);
    const pixels = dataset({ inputs, targets, ignoreLabel: 255 });
    const ignoring = crossEntropy({ ignoreLabel: 255 });
    const data = { train: pixels, validation: pixels, validationWeights: array([1, 3]) };
    const metrics = [accuracy, auroc];
    // What is 1 has a class of its own after the first update: 3 of 3 and 1 of 2 are right.
    const { history } = await fit(still({ data, loss: ignoring, batchSize: 1, metrics, monitor: "auroc" }));
    expect(history[0]!.loss).toBeCloseTo(expected, 6);
    expect(history[0]!.validation!.metrics.accuracy).toBeCloseTo((3 + 3 * 1) / (3 + 3 * 2), 6);
    const steps = dataset({
      inputs: array(inputs.data, { shape: [2, 4, 1] }),
      targets: labels([0, 1, 255, 9, 0, 2, 2, 1], [2, 4]),
      extras: { lengths: labels([3, 4]) },
    });
    const weights = lossWeights(steps, crossEntropy({ ignoreLabel: 255, classWeights: [1, 2, 0] }), array([1, 2]))!;
    // What counts: 1, 2, 0 and 2, 0, 0, 4.
    expect([...weights.counted.data].map((weight) => (weight * 9) / 8)).toEqual(
      [1, 2, 0, 0, 2, 0, 0, 4].map((weight) => expect.closeTo(weight, 6)),
    );
    expect([...weights.given.data].map((weight) => (weight * 9) / 8)).toEqual(
      [1, 1, 1, 0, 2, 2, 2, 2].map((weight) => expect.closeTo(weight, 6)),
    );
  });

  test("that are called take the label, too", () => {
    const [p, t] = [
      array([
        [2, 1],
        [1, 2],
        [2, 1],
        [0, 1],
      ]),
      labels([0, 1, 1, -100]),
    ];
    const ignoring = { ignoreLabel: -100, weights: [1, 1, 2, 50] };
    expect(accuracy.compute(p, t, ignoring)).toBe(0.5);
    expect(f1.compute(p, t, { ignoreLabel: -100 })).toBeCloseTo(2 / 3, 12);
    expect(auroc.compute(p, t, { ignoreLabel: -100 })).toBe(0.75);
    expect([...confusionMatrix(p, t, { ignoreLabel: -100 }).data]).toEqual([1, 0, 1, 1]);
    expect(() => accuracy.compute(p, labels([0, 1, 255, 1]))).toThrow(
      "accuracy: targets hold the label 255 in row 2; labels run from 0 to 1 here.",
    );
  });

  test("balanced weights leave the label out", () => {
    const { data } = balancedWeights(labelled([0, 0, -1, 0, 1], { ignoreLabel: -1 }));
    expect([...data]).toEqual([2 / 3, 2 / 3, 0, 2 / 3, 2].map(Math.fround));
  });
});

test("names go from a table through the weights and the model's file to what is predicted, and unused text is warned of", async () => {
  const table = parseCsv("x,by,state\n0,Al,ok\n1,Bo,broken\n0,Cy,ok\n1,Di,broken", { source: "tests.csv" });
  const train = tableDataset(table, { target: "state" });
  const named = crossEntropy({ classWeights: { broken: 2 } });
  const model = dense({ units: 2 });
  const result = await fit(options({ data: { train }, model, loss: named, learningRate: 0.5, epochs: 20 }));
  expect(result.warnings).toEqual(['tests.csv: the text in "by" is not used; oneHot makes inputs of it.']);
  const stored = decodeModel(encodeModel(result.model), { plugins: [core] });
  expect(stored.preprocessing!.classes).toEqual(["broken", "ok"]);
  const predictions = await predict(stored, array([[1], [0]]), { backend: options().backend });
  expect(classesOf(stored, predictions)).toEqual(["broken", "ok"]);
  const chosen = tableDataset(table, { target: "state", inputs: ["x"] });
  expect((await fit(options({ data: { train: chosen }, model, loss: named, epochs: 1 }))).warnings).toEqual([]);
});

describe("refused before training:", () => {
  const named = crossEntropy({ classWeights: { ok: 1, crak: 5 } });
  const classes = ["ok", "crack", "pore"];

  it.each<[string, Partial<TrainOptions>, string]>([
    [
      "a part that is ignored as a whole",
      { data: { train: labelled([-1, -1]) }, loss },
      "train: the weights of the targets' classes, 0 where ignored, add up to 0; give at least one row or step a weight above 0.",
    ],
    [
      "a validation part that is",
      { data: { train: labelled(given), validation: labelled([-1]) }, loss },
      "the weights of the targets' classes, 0 where ignored, add up to 0",
    ],
    [
      "weights for other classes",
      { data: { train: labelled([0, 1]) }, loss: crossEntropy({ classWeights: [1, 2] }) },
      "crossEntropy: received 2 class weights for logits f32[2, 3] of 3 classes; give one for each.",
    ],
    [
      "weights by names that the data do not have",
      { data: { train: labelled([0, 1]) }, loss: named },
      'crossEntropy: received weights of the classes "ok", "crak", and the data name no classes; give dataset({ classes: [...] })',
    ],
    [
      "a name that is no class",
      { data: { train: labelled([0, 1], { classes }) }, loss: named },
      'crossEntropy: received a weight of the class "crak"; the classes are "ok", "crack", "pore". Did you mean "crack"?',
    ],
    [
      "a label that the data alone ignore",
      { data: { train: labelled([0, -1], { ignoreLabel: -1 }) }, loss: crossEntropy() },
      "dataset: has the label -1 where the class is not known, and the loss ignores none; make it with ignoreLabel: -1.",
    ],
    [
      "a label that is not known",
      { data: { train: labelled([0, -2]) }, loss },
      "dataset: row 1 holds the label -2; 3 classes are numbered from 0 to 2.",
    ],
  ])("%s", async (_, differing, message) => {
    await expect(collect(train(still(differing)))).rejects.toThrow(message);
  });

  test("a work spec takes weights by name, too", () => {
    const spec = { model: even, loss: crossEntropy({ classWeights: { ok: 2 } }), optimizer: sgd(), batchSize: 2 };
    expect(trainingWork({ ...spec, data: labelled([0, 1], { classes }) }).operations).toBeGreaterThan(0);
  });
});
