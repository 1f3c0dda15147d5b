// Training on sequences of different lengths: padding counts in no loss, no metric and no derivative, whatever stands in it.
import {
  adam,
  crossEntropy,
  dense,
  evaluate,
  type FitOptions,
  fit,
  type Layer,
  type Loss,
  mse,
  predict,
  sequential,
  sgd,
} from "@hooke/core";
import { encodeModel } from "@hooke/core/checkpoint";
import { dataset, fitPreprocessing, metrics, padSequences, standardize } from "@hooke/data";
import { array, type HostArray, referenceBackend } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { causalConv1d, gru, lstm, rnn, tcnBlock } from "./index.ts";

const backend = referenceBackend();
const i32 = (values: number[]): HostArray => array(values, { dtype: "i32" });
const lengths = i32([2, 4, 1]);

const data = (filling: number, ends: HostArray = lengths) =>
  dataset({
    inputs: array([
      [[1], [2], [filling], [filling]],
      [[1], [2], [3], [4]],
      [[5], [filling], [filling], [filling]],
    ]),
    targets: array([
      [[1], [2], [filling], [filling]],
      [[1], [2], [3], [4]],
      [[-1], [filling], [filling], [filling]],
    ]),
    extras: { lengths: ends },
  });

const options = (differing: Partial<FitOptions>): FitOptions => ({
  backend,
  model: sequential([lstm({ hiddenSize: 3 }), dense({ units: 1 })]),
  loss: mse(),
  optimizer: adam(),
  learningRate: 0.01,
  batchSize: 2,
  epochs: 2,
  seed: 0,
  data: { train: data(0) },
  ...differing,
});

const models: readonly (readonly [string, Layer])[] = [
  ["lstm", sequential([lstm({ hiddenSize: 3 }), dense({ units: 1 })])],
  ["gru, both directions", sequential([gru({ hiddenSize: 2, bidirectional: true }), dense({ units: 1 })])],
  ["rnn in two layers", sequential([rnn({ hiddenSize: 2, layers: 2 }), dense({ units: 1 })])],
  ["causal convolution", sequential([causalConv1d({ filters: 3, kernelSize: 2 }), dense({ units: 1 })])],
  ["temporal convolutional network", sequential([tcnBlock({ filters: 2, kernelSize: 2 }), dense({ units: 1 })])],
];

describe("what pads a sequence reaches nothing", () => {
  it.each(models)("%s", async (_, model) => {
    const outcome = async (filling: number) => {
      const train = data(filling);
      const preprocessing = fitPreprocessing(train, { inputs: standardize(), targets: standardize() });
      const { rmse, r2 } = metrics;
      const given = { model, preprocessing, data: { train, validation: train }, metrics: [rmse, r2] };
      const result = await fit(options(given));
      const raw = await predict(result.model, rawInputs(filling), { backend, extras: { lengths } });
      return { bytes: encodeModel(result.model), history: result.history, first: [...raw.data.subarray(0, 2)] };
    };
    const clean = await outcome(0);
    expect(clean.history[1]!.loss).toBeGreaterThan(0);
    for (const filling of [100, Number.NaN, -Infinity]) expect(await outcome(filling)).toEqual(clean);
  });

  const rawInputs = (filling: number): HostArray =>
    array([
      [[1], [2], [filling], [filling]],
      [[1], [2], [3], [4]],
      [[5], [filling], [filling], [filling]],
    ]);
});

describe("the loss is the mean over the steps that count", () => {
  // A model that predicts 0: the loss of a step is its target's square.
  const zero = sequential([
    causalConv1d({ filters: 1, kernelSize: 1 }),
    dense({ units: 1, bias: false, kernelInitializer: "zeros" }),
  ]);
  const squares = [1, 4, 1, 4, 9, 16, 1];
  const mean = squares.reduce((a, b) => a + b) / squares.length;
  const still = { model: zero, optimizer: sgd(), learningRate: 1e-12, epochs: 1 };

  it.each([1, 2, 3])("in batches of %i", async (batchSize) => {
    const { history } = await fit(options({ ...still, batchSize, data: { train: data(7), validation: data(9) } }));
    expect(history[0]!.loss).toBeCloseTo(mean, 5);
    expect(history[0]!.validation!.loss).toBeCloseTo(mean, 5);
  });

  it("with weights of rows and of steps, which padding does not need", async () => {
    const lossOf = async (sampleWeights: HostArray) =>
      (await fit(options({ ...still, data: { train: data(7), sampleWeights } }))).history[0]!.loss;
    expect(await lossOf(array([1, 0, 3]))).toBeCloseTo((1 + 4 + 3 * 1) / (2 + 3), 5);
    const none = Number.NaN;
    const steps = array([
      [0, 2, none, none],
      [0, 0, 0, 1],
      [1, none, none, none],
    ]);
    expect(await lossOf(steps)).toBeCloseTo((2 * 4 + 16 + 1) / 4, 5);
    const { rmse } = metrics;
    const { model } = await fit(options(still));
    const found = await evaluate(model, data(7), { backend, metrics: [rmse], sampleWeights: steps });
    expect(found.metrics.rmse).toBeCloseTo(Math.sqrt((2 * 4 + 16 + 1) / 4), 5);
    const whole = await evaluate(model, data(7), {
      backend,
      loss: mse(),
      metrics: [rmse],
      sampleWeights: array([1, 0, 3]),
    });
    expect(whole.metrics.rmse).toBeCloseTo(Math.sqrt(8 / 5), 5);
    expect(whole.loss).toBeCloseTo(8 / 5, 5);
  });

  it("where some sequences have no step", async () => {
    const { history } = await fit(options({ ...still, data: { train: data(7, i32([2, 0, 1])) } }));
    expect(history[0]!.loss).toBeCloseTo((1 + 4 + 1) / 3, 5);
  });

  it("of classes, too, which padding may lack", async () => {
    const classes = array(
      [
        [0, 1, -1],
        [2, -1, 99],
      ],
      { dtype: "i32" },
    );
    const { inputs } = padSequences([[[1], [2], [3]], [[1]]]);
    const train = dataset({ inputs, targets: classes, extras: { lengths: i32([2, 1]) } });
    const model = sequential([lstm({ hiddenSize: 2 }), dense({ units: 3, bias: false, kernelInitializer: "zeros" })]);
    const { accuracy } = metrics;
    const given = { model, loss: crossEntropy(), data: { train, validation: train }, metrics: [accuracy] };
    const { history } = await fit(options({ ...given, ...{ optimizer: sgd(), learningRate: 1e-12, epochs: 1 } }));
    expect(history[0]!.loss).toBeCloseTo(Math.log(3), 5);
    expect(history[0]!.validation!.loss).toBeCloseTo(Math.log(3), 5);
  });

  it("and of one target a sequence, it is the mean over sequences", async () => {
    const train = dataset({ inputs: data(0).inputs, targets: array([[1], [2], [3]]), extras: { lengths } });
    const model = sequential([
      gru({ hiddenSize: 2, returns: "last" }),
      dense({ units: 1, bias: false, kernelInitializer: "zeros" }),
    ]);
    const { history } = await fit(options({ ...still, model, data: { train } }));
    expect(history[0]!.loss).toBeCloseTo((1 + 4 + 9) / 3, 5);
  });
});

it("histories of more or fewer steps than the training's longest are predicted, whatever others they come with", async () => {
  const train = dataset({ inputs: data(0).inputs, targets: array([[1], [2], [3]]), extras: { lengths } });
  const model = sequential([gru({ hiddenSize: 2, returns: "last" }), dense({ units: 1 })]);
  const { model: trained } = await fit(options({ model, data: { train }, epochs: 1 }));
  const histories = [[[1], [2], [3], [4], [5], [6]], [[2]], [[0.5], [1]]];
  const all = padSequences(histories);
  const together = await predict(trained, all.inputs, { backend, extras: all.extras });
  for (const [i, history] of histories.entries()) {
    const alone = padSequences([history]);
    const { data } = await predict(trained, alone.inputs, { backend, extras: alone.extras });
    expect(data[0]).toBeCloseTo(together.data[i]!, 6);
  }
  const longer = dataset({ ...all, targets: array([[1], [2], [3]]) });
  const { loss } = await evaluate(trained, longer, { backend, loss: mse() });
  const expected = [1, 2, 3].reduce((sum, target, i) => sum + (together.data[i]! - target) ** 2 / 3, 0);
  expect(loss).toBeCloseTo(expected, 5);
  const wide = array([[[1, 2]]]);
  await expect(predict(trained, wide, { backend, extras: { lengths: i32([1]) } })).rejects.toThrow(
    "expects inputs [rows, steps, 1], received f32[1, 1, 2]",
  );
});

describe("refused are", () => {
  it("a loss that looks at padding", async () => {
    const own: Loss = (predictions, targets) => mse()(predictions, targets);
    await expect(fit(options({ loss: own }))).rejects.toThrow(
      "loss: does not use the weights it is given, which come from sampleWeights or from the lengths of sequences.",
    );
  });

  it("lengths out of range, in prediction too", async () => {
    const { model } = await fit(options({ epochs: 1 }));
    const inputs = data(0).inputs;
    await expect(predict(model, inputs, { backend, extras: { lengths: i32([1, 2, 5]) } })).rejects.toThrow(
      'predict: the extra "lengths" holds 5 for row 2; a length is a whole number of steps, from 0 to the 4 of the inputs.',
    );
  });
});
