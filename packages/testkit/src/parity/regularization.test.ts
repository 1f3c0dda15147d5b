// Regularization against PyTorch and Keras: plateau schedules, constraints, averages, statistics, smoothed labels,
// trainings.
import {
  adamw,
  batchNorm,
  binaryCrossEntropy,
  createTrainer,
  dense,
  type Loss,
  mse,
  type Optimizer,
  type Schedule,
  sequential,
  sgd,
  type TensorTree,
} from "@hooke/core";
import { dataset } from "@hooke/data";
import {
  averagedModel,
  decayWeightsOnly,
  elasticNet,
  estimateBatchNorm,
  exponentialMovingAverage,
  type MaxNormOptions,
  maxNorm,
  reduceOnPlateau,
  regularization,
  stochasticWeightAveraging,
} from "@hooke/regularization";
import { array, type HostArray, mul, run, type Tensor, treeMap, zeros } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { type GoldenCase, goldenTree, loadGolden } from "../golden.ts";
import { backends } from "./backends.fixture.ts";
import { differences, distance } from "./compare.ts";
import { recompute } from "./differentiate.ts";

const { cases } = loadGolden("regularization");
const schedules = regularization.schedules as unknown as Readonly<Record<string, (config: object) => Schedule>>;
const of = (operation: string) =>
  cases.filter((golden) => golden.operation === operation).map((golden) => [golden.name, golden] as const);

describe.each([
  ["PyTorch", loadGolden("regularization").cases, 1e-15],
  // Keras keeps the rate in f32, rounded after every reduction.
  ["Keras", loadGolden("keras-plateau").cases, 1e-6],
])("rates agree with %s", (_, all, tolerance) => {
  const plateaus = all.filter(({ operation }) => operation === "reduceOnPlateau");
  it.each(plateaus.map((golden) => [golden.name, golden] as const))("%s", (_name, { config, inputs, outputs }) => {
    const { direction, ...options } = config;
    const monitor = { name: "watched", direction: direction as "minimize" };
    const schedule = reduceOnPlateau({ ...(options as { learningRate: number }), monitor });
    const history = Array.from(inputs.values!.data, (value, epoch) => ({
      epoch,
      step: epoch + 1,
      loss: 0,
      learningRate: 0,
      validation: { loss: 0, metrics: { watched: value } },
    }));
    for (const [epoch, rate] of outputs.rates!.data.entries()) {
      const moment = { step: epoch + 1, epoch, stepsPerEpoch: 1, epochs: 40, history: history.slice(0, epoch) };
      expect(Math.abs(schedule.at(moment) - rate) / rate, `epoch ${epoch}`).toBeLessThanOrEqual(tolerance);
    }
  });
});

describe.each(backends)("regularization agrees with PyTorch: $on", ({ backend }) => {
  it.each(of("maxNorm"))("%s", async (_, { config, inputs, outputs }) => {
    const optimizer = maxNorm(config as unknown as MaxNormOptions, sgd());
    const update = (params: TensorTree): TensorTree => {
      const still = treeMap(params, (value: Tensor) => mul(value, 0)) as TensorTree;
      return optimizer.update(still, {}, params, { learningRate: 0 as never, step: 1 as never })[0];
    };
    const found = await run(backend, update as never, goldenTree(inputs, "params") as never);
    expect(distance((found as { kernel: HostArray }).kernel, outputs["params.kernel"]!)).toBeLessThan(1e-12);
  });

  it.each(of("binaryCrossEntropy"))("%s", async (_, golden) => {
    const loss = binaryCrossEntropy(golden.config) as Loss;
    const found = await recompute(backend, golden, ({ predictions, targets }) => ({
      value: loss(predictions!, targets!),
    }));
    expect(differences(found.outputs, golden.outputs, 1e-12)).toEqual({});
    expect(differences(found.gradients, golden.gradients, 1e-11)).toEqual({});
    expect(differences(found.secondGradients, golden.secondGradients, 1e-10)).toEqual({});
  });

  it.each(of("estimateBatchNorm"))("%s", async (_, { config, inputs, outputs }) => {
    const f64 = (fill: number): HostArray => array(Array(5).fill(fill), { dtype: "f64" });
    const model = {
      layer: batchNorm(),
      inputShape: [5],
      variables: { params: { scale: f64(1), bias: f64(0) }, state: { mean: f64(7), variance: f64(9) } },
    };
    const data = dataset({ inputs: inputs.x!, targets: zeros([32, 1]) });
    const found = await estimateBatchNorm(model, data, { backend, batchSize: config.batchSize as number });
    const { mean, variance } = found.variables.state as Record<string, HostArray>;
    expect(differences({ mean: mean!, variance: variance! }, outputs, 1e-12)).toEqual({});
  });

  it.each([...of("ema"), ...of("swa")])("fifty steps, %s", async (name, golden) => {
    const { x, targets } = golden.inputs as { x: HostArray; targets: HostArray };
    const hidden = dense({ units: 8, activation: "relu" });
    const model = sequential([hidden, hidden, dense({ units: 1 })]);
    const variables = { params: goldenTree(golden.inputs, "params"), state: {} };
    const trainer = createTrainer({ backend, model, loss: mse(), seed: 0, variables, ...specOf(golden) });
    const { schedule, batchSize } = golden.config as { schedule: { type: string }; batchSize: number };
    const { type, ...settings } = schedule;
    const { at } = schedules[type]!(settings);
    const stepsPerEpoch = x.shape[0]! / batchSize;
    const rates: number[] = [];
    const losses: number[] = [];
    const penalties: number[] = [];
    for (let step = 1; step <= 50; step++) {
      const from = ((step - 1) * batchSize) % x.shape[0]!;
      const rows = (all: HostArray): HostArray => {
        const width = all.data.length / all.shape[0]!;
        const data = all.data.slice(from * width, (from + batchSize) * width);
        return { shape: [batchSize, ...all.shape.slice(1)], dtype: all.dtype, data };
      };
      const batch = { inputs: rows(x), targets: rows(targets) };
      const epoch = Math.floor((step - 1) / stepsPerEpoch);
      const learningRate = at({ step, epoch, stepsPerEpoch, epochs: 13, history: [] });
      const buffer = (await trainer.prepare(batch)).run(batch, { step, learningRate });
      const [loss, penalty] = (await backend.read(buffer)).data;
      backend.free(buffer);
      rates.push(learningRate);
      losses.push(loss!);
      penalties.push(penalty!);
    }
    const { params, slots } = await trainer.read();
    trainer.free();
    const averaged = averagedModel({
      model: { layer: model, inputShape: [10], variables: { params, state: {} } },
      slots,
    });
    const flat = (prefix: string, tree: typeof params): Record<string, HostArray> => {
      const found: Record<string, HostArray> = {};
      treeMap(tree, (value: HostArray, path: string) => {
        found[`${prefix}.${path}`] = value;
      });
      return found;
    };
    const found = {
      losses: array(losses, { dtype: x.dtype }),
      penalties: array(penalties, { dtype: x.dtype }),
      ...flat("final", params),
      ...flat("average", averaged.variables.params),
    };
    const { rates: expected, ...rest } = golden.outputs;
    expect(distance(array(rates, { dtype: "f64" }), expected!)).toBeLessThan(1e-14);
    // The learning rate of a step is f32, also where its parameters are f64.
    expect(differences(found, rest, name.endsWith("f64") ? 1e-6 : 1e-4, 0.1)).toEqual({});
  });
});

function specOf({ operation, config }: GoldenCase): { optimizer: Optimizer; penalty: ReturnType<typeof elasticNet> } {
  const { l1, l2, weightDecay, limit, decay, start, every } = config as Readonly<Record<string, number>>;
  const inner = maxNorm({ limit: limit! }, decayWeightsOnly(adamw, { weightDecay: weightDecay! }));
  const optimizer =
    operation === "ema"
      ? exponentialMovingAverage({ decay: decay! }, inner)
      : stochasticWeightAveraging({ start: start!, every: every! }, inner);
  return { optimizer, penalty: elasticNet({ l1: l1!, l2: l2! }) };
}
