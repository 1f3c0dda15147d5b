// Sample weights: the loss is that of the whole part, in training, validation and metrics, whatever the batches are.

import { type Dataset, dataset, type Metric, metrics, take } from "@hooke/data";
import { add, array, type HostArray, mean, mul, square, sub, type Tree, treeLeaves } from "@hooke/runtime";
import { describe, expect, it, test } from "vitest";
import { dense } from "../layers/dense.ts";
import { type Loss, reduceLoss } from "../losses/loss.ts";
import { mse } from "../losses/regression.ts";
import { adam } from "../optimizers/adam.ts";
import { sgd } from "../optimizers/sgd.ts";
import { evaluate } from "./evaluate.ts";
import { fit } from "./fit.ts";
import type { TrainOptions } from "./options.ts";
import { train } from "./train.ts";
import { bits, collect, only, options } from "./training.fixture.ts";
import { lossWeights } from "./weights.ts";

const { mae, r2, rmse } = metrics;

const line = (targets: readonly number[]): Dataset =>
  dataset({ inputs: array(targets.map(() => [1])), targets: array(targets.map((value) => [value])) });
/** A constant: its gradient for a row is twice its error. */
const constant = dense({ units: 1, bias: false, kernelInitializer: "zeros" });
const still = (differing: Partial<TrainOptions>): TrainOptions =>
  options({ model: constant, optimizer: sgd(), shuffle: false, epochs: 1, learningRate: 1e-12, ...differing });
const kernelOf = (tree: Tree<HostArray>): number => treeLeaves<HostArray>(tree)[0]!.value.data[0]!;

describe("updates", () => {
  it.each([1, 2, 3, 5])(
    "of batches of %i add up to the gradient of the weighted loss of the part",
    async (batchSize) => {
      const weights = [1, 0.001, 3, 0, 6];
      const targets = [1, -2, 3, 4, -5];
      // At so small a rate an epoch's updates all see the kernel 0: they sum, batch by batch by the rows, to the part's gradient.
      const rate = 1e-6;
      const given = still({
        data: { train: line(targets), sampleWeights: array(weights) },
        batchSize,
        learningRate: rate,
      });
      let sum = 0;
      let before = 0;
      const events = train({ ...given, checkpoint: { every: 1, save: () => {} } });
      for await (const event of events) if (event.type === "end") before = kernelOf((await event.variables()).params);
      const total = weights.reduce((a, b) => a + b);
      const gradient = targets.reduce((a, target, i) => a - (2 * weights[i]! * target) / total, 0);
      // Each update is rate times the mean over its batch; weighting by rows restores the mean over the part.
      for (let from = 0; from < targets.length; from += batchSize) {
        const rows = Math.min(batchSize, targets.length - from);
        for (let i = from; i < from + rows; i++)
          sum += ((2 * weights[i]! * targets[i]!) / total) * (targets.length / rows);
      }
      expect(before / rate).toBeCloseTo(sum, 3);
      if (batchSize === 5) expect(before / rate).toBeCloseTo(-gradient, 3);
    },
  );

  it("with tiny weights vanish at batches of one row", async () => {
    const given = { data: { train: line([0, 1]), sampleWeights: array([1e-6, 1]) }, learningRate: 0.01, epochs: 500 };
    const { model } = await fit(still({ ...given, batchSize: 1 }));
    expect(kernelOf(model.variables.params)).toBeCloseTo(1, 3);
  });

  it("are not made of rows that weigh nothing: no parameter, slot or average changes, and the training goes on", async () => {
    const weighted = { train: line([1, 2, 3, 4, 5, 6]), sampleWeights: array([1, 2, 0, 0, 0, 3]) };
    const events = await collect(train(still({ data: weighted, batchSize: 2, optimizer: adam(), learningRate: 0.1 })));
    expect(only(events, "step").map(({ batch, step }) => [batch, step])).toEqual([
      [0, 1],
      [2, 2],
    ]);
    const without = { train: take(line([1, 2, 3, 4, 5, 6]), [0, 1, 4, 5]), sampleWeights: array([1, 2, 0, 3]) };
    // The mean weight of the four rows is 6 / 4, that of the six 1: Adam does not see the scale of a gradient but for epsilon.
    const kernels = [weighted, without].map(async (data) => {
      const { model } = await fit(still({ data, batchSize: 2, optimizer: adam(), learningRate: 0.1 }));
      return kernelOf(model.variables.params);
    });
    expect(await kernels[0]).toBeCloseTo((await kernels[1])!, 5);
  });

  it("do not depend on the unit of the weights", async () => {
    const run = async (unit: number) => {
      const sampleWeights = array([1, 2, 3, 4].map((weight) => weight * unit));
      const { model } = await fit(still({ data: { train: line([1, 2, 3, 4]), sampleWeights }, learningRate: 0.1 }));
      return bits(model.variables);
    };
    expect(await run(1024)).toEqual(await run(1));
  });
});

describe("an epoch's loss", () => {
  const y = [1, -0.4161, -0.6536, 0.9602, -0.1455];
  const w = [1, 0, 0, 2, 5];
  const expected = y.reduce((sum, t, i) => sum + w[i]! * t * t, 0) / 8;

  it.each([1, 2, 3, 5])("is the weighted one in batches of %i", async (batchSize) => {
    const { history } = await fit(still({ data: { train: line(y), sampleWeights: array(w) }, batchSize }));
    expect(history[0]!.loss).toBeCloseTo(expected, 6);
  });

  it("is that of the rows it has seen, where others are dropped", async () => {
    const given = { data: { train: line(y), sampleWeights: array(w) }, batchSize: 4, lastBatch: "drop" } as const;
    const { history } = await fit(still(given));
    expect(history[0]!.loss).toBeCloseTo((1 + 2 * 0.9602 ** 2) / 3, 6);
  });
});

test("validation and evaluate weigh loss and metrics", async () => {
  const data = line([1, 2, 4]);
  const weights = array([3, 1, 0]);
  const metrics = [mae, rmse];
  const { history, model } = await fit(
    still({ data: { train: data, validation: data, validationWeights: weights }, metrics }),
  );
  // Predictions are 0.
  const { loss, metrics: found } = history[0]!.validation!;
  expect(loss).toBeCloseTo((3 + 4) / 4, 6);
  expect(found.mae).toBeCloseTo((3 + 2) / 4, 6);
  expect(found.rmse).toBeCloseTo(Math.sqrt(7 / 4), 6);
  const { backend } = options();
  const weighted = await evaluate(model, data, { backend, loss: mse(), metrics, sampleWeights: weights });
  expect(weighted.loss).toBe(loss);
  expect(weighted.metrics).toEqual(found);
  const alone = await evaluate(model, data, { backend, metrics, sampleWeights: weights });
  expect(alone.metrics).toEqual(found);
});

describe("weights are refused", () => {
  const data = line([1, 2, 3]);
  const sampleWeights = array([1, 2, 3]);
  const ignoring: Loss = (p, t) => mse()(p, t);
  const taking: Loss = (p, t, w) => {
    // What is made of them reaches nothing.
    if (w !== undefined) add(w, 1);
    return mse()(p, t);
  };
  const plain: Metric = { name: "plain", direction: "minimize", compute: () => 0 };

  it.each<[string, Partial<TrainOptions>, string]>([
    [
      "by a loss without them",
      { loss: ignoring, data: { train: data, sampleWeights } },
      "loss: does not use the weights",
    ],
    [
      "by a loss that makes nothing of them",
      { loss: taking, data: { train: data, sampleWeights } },
      "loss: does not use the weights",
    ],
    [
      "by such a loss in validation",
      { loss: ignoring, data: { train: data, validation: data, validationWeights: sampleWeights } },
      "loss: does not use the weights it is given, which come from sampleWeights or from the lengths of sequences.",
    ],
    [
      "by a metric without them",
      { metrics: [plain], data: { train: data, validation: data, validationWeights: sampleWeights } },
      'received weights and metrics that take none, "plain"',
    ],
    [
      "without a part to validate on",
      { data: { train: data, validationWeights: sampleWeights } },
      "train: received validationWeights and no validation part",
    ],
    ["all 0", { data: { train: data, sampleWeights: array([0, 0, 0]) } }, "the sampleWeights add up to 0"],
    [
      "NaN, by row",
      { data: { train: data, sampleWeights: array([1, Number.NaN, 1]) } },
      "sampleWeights holds NaN for row 1",
    ],
    [
      "step by step where rows have one target",
      { data: { train: data, sampleWeights: array([[1], [2], [3]]) } },
      "dense: predicts f32[3, 1] for targets f32[3, 1] that are weighted step by step",
    ],
  ])("%s", async (_, differing, message) => {
    await expect(collect(train(still({ loss: mse(), ...differing })))).rejects.toThrow(message);
  });

  it("unless a loss of one's own uses them", async () => {
    const own: Loss = (p, t, w) => mean(mul(w ?? 1, mean(square(sub(p, t)), { axes: [1] })));
    const reduced: Loss = (p, t, w) => reduceLoss("own", square(sub(p, t)), w);
    const lossOf = async (loss: Loss) =>
      (await fit(still({ loss, data: { train: data, sampleWeights } }))).history[0]!.loss;
    expect(await lossOf(own)).toBeCloseTo(await lossOf(mse()), 6);
    expect(await lossOf(reduced)).toBe(await lossOf(mse()));
  });
});

test("weights of a whole part have the mean 1", () => {
  const { given } = lossWeights(line([0, 0, 0, 0]), undefined, array([1, 2, 3, 2]))!;
  expect([...given.data]).toEqual([0.5, 1, 1.5, 1]);
  expect(lossWeights(line([0]))).toBeUndefined();
});

test("metrics without a model weigh rows", () => {
  const [p, t] = [array([[0], [0], [0]]), array([[1], [3], [5]])];
  const weights = [1, 1, 2];
  expect(mae.compute(p, t, { weights })).toBe(3.5);
  // scikit-learn 1.7: r2_score([1, 3, 5], [0, 0, 0], sample_weight=[1, 1, 2]) = 1 - 15 / 2.75
  expect(r2.compute(p, t, { weights })).toBeCloseTo(1 - 60 / 11, 12);
  expect(() => mae.compute(p, t, { weights: [1] })).toThrow("mae: received 1 weights for 3 rows; give one for each.");
});
