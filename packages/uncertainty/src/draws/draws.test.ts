// Draws of models: dropout in closed form, what stays as in inference, and what is refused.
import { wasmBackend } from "@hooke/backend-wasm";
import {
  batchNorm,
  dense,
  dropout,
  frozen,
  initialize,
  type Layer,
  predict,
  sequential,
  type TrainedModel,
} from "@hooke/core";
import { dataset } from "@hooke/data";
import { array, type HostArray } from "@hooke/runtime";
import { expect, it } from "vitest";
import { mixtureOf } from "../predictive/mixture.ts";
import { monteCarloDropout } from "./monte-carlo-dropout.ts";
import { predictMembers } from "./predict-members.ts";

const backend = wasmBackend();
const modelOf = async (layer: Layer, inputs: number, seed = 0): Promise<TrainedModel> => ({
  layer,
  inputShape: [inputs],
  variables: await initialize(backend, layer, [inputs], seed),
});
const rows = array(Array.from({ length: 7 }, (_, i) => [Math.sin(i), 1 + i, Math.cos(2 * i), 3]));

it("dropout before a linear layer has the mean and the variance of its masks", async () => {
  const rate = 0.3;
  const model = await modelOf(sequential([dropout({ rate }), dense({ units: 1 })]), 4);
  const draws = await monteCarloDropout(model, rows, { backend, samples: 4000, seed: 1, batchSize: 3 });
  const { mean, modelDeviation } = mixtureOf(draws);
  const kernel = (model.variables.params as Record<string, Record<string, HostArray>>)["1"]!.kernel!.data;
  const { data: plain } = await predict(model, rows, { backend });
  for (let row = 0; row < 7; row++) {
    let variance = 0;
    for (let j = 0; j < 4; j++) variance += ((kernel[j]! * rows.data[row * 4 + j]!) ** 2 * rate) / (1 - rate);
    const deviation = Math.sqrt(variance);
    expect(Math.abs(mean.data[row]! - plain[row]!)).toBeLessThan((4 * deviation) / Math.sqrt(4000));
    expect(modelDeviation.data[row]! / deviation).toBeCloseTo(1, 1);
  }
});

it("draws the same for the same seed, whatever the number asked for, others for another, and tells how far it is", async () => {
  const model = await modelOf(
    sequential([dense({ units: 8, activation: "relu" }), dropout({ rate: 0.2 }), dense({ units: 2 })]),
    4,
  );
  const progress: number[] = [];
  const draw = (seed: number, samples: number) =>
    monteCarloDropout(model, rows, { backend, samples, seed, onProgress: ({ completed }) => progress.push(completed) });
  const [twenty, forty] = [await draw(3, 20), await draw(3, 40)];
  expect(twenty.shape).toEqual([20, 7, 2]);
  expect(forty.data.subarray(0, twenty.data.length)).toEqual(twenty.data);
  expect(await draw(4, 20)).not.toEqual(twenty);
  expect(progress).toEqual([1, 2, 1, 2, 3, 1, 2]);
});

it("keeps running statistics, and predicts in the units of the data with columns by name", async () => {
  const layer = sequential([batchNorm(), dropout({ rate: 1e-9 }), dense({ units: 1 })]);
  const model: TrainedModel = {
    ...(await modelOf(layer, 4)),
    preprocessing: {
      inputNames: ["a", "b", "c", "d"],
      targetNames: ["E"],
      inputs: [],
      targets: [{ type: "standardize", columns: ["E"], mean: [100], std: [10] }],
      categories: {},
    },
  };
  // A rate that drops nothing: what is left is the prediction.
  const draws = await monteCarloDropout(model, rows, { backend, samples: 2, seed: 0 });
  const { data } = await predict(model, rows, { backend });
  for (const [i, value] of data.entries()) expect(draws.data[i]).toBeCloseTo(value, 4);
  const swapped = dataset({
    inputs: array(Array.from({ length: 7 }, (_, i) => [1, 0, 2, 3].map((j) => rows.data[i * 4 + j]!))),
    targets: array(new Float64Array(7)),
    inputNames: ["b", "a", "c", "d"],
  });
  expect((await monteCarloDropout(model, swapped, { backend, samples: 2, seed: 0 })).data).toEqual(draws.data);
});

it("members are what each predicts", async () => {
  const layer = dense({ units: 2 });
  const models = [await modelOf(layer, 4, 0), await modelOf(layer, 4, 1)];
  const draws = await predictMembers(models, rows, { backend });
  expect(draws.shape).toEqual([2, 7, 2]);
  expect(draws.data.subarray(14)).toEqual((await predict(models[1]!, rows, { backend })).data);
});

it("a model without dropout, or with it frozen, and an ensemble of one are refused", async () => {
  const plain = await modelOf(dense({ units: 1 }), 4);
  const draw = (model: TrainedModel) => monteCarloDropout(model, rows, { backend, seed: 0 });
  await expect(draw(plain)).rejects.toThrow("no layer of the model (dense) draws random numbers");
  const held = await modelOf(
    sequential([frozen(sequential([dense({ units: 3 }), dropout({ rate: 0.5 })])), dense({ units: 1 })]),
    4,
  );
  await expect(draw(held)).rejects.toThrow("inside of frozen(...)");
  await expect(predictMembers([plain], rows, { backend })).rejects.toThrow("received one model, whose spread is 0");
  const other = await modelOf(dense({ units: 2 }), 4);
  await expect(predictMembers([plain, other], rows, { backend })).rejects.toThrow(
    "member 1 predicts f32[7, 2], member 0 f32[7, 1]",
  );
  await expect(monteCarloDropout(held, rows, { backend, seed: 0, samples: 1 })).rejects.toThrow(
    "a whole number from 2",
  );
});
