// Model files and checkpoints: what comes back, and what is refused.

import { encodeSafetensors } from "@hooke/data/safetensors";
import { array, type HostArray } from "@hooke/runtime";
import { describe, expect, test } from "vitest";
import { dense } from "../layers/dense.ts";
import { sequential } from "../layers/sequential.ts";
import type { TrainedModel } from "../model/trained-model.ts";
import { core } from "../plugin.ts";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "./checkpoint.ts";
import { decodeModel, encodeModel } from "./model.ts";

const layer = sequential([dense({ units: 2, activation: "tanh" }), dense({ units: 1 })]);
const variables = {
  params: {
    0: { kernel: array([[1, -2]]), bias: array([3, 4]) },
    1: { kernel: array([[5], [6]]), bias: array([-0]) },
  },
  state: {},
};
const model: TrainedModel = {
  layer,
  inputShape: [1],
  variables,
  preprocessing: { inputNames: ["a"], targetNames: ["b"], inputs: [], targets: [], categories: {} },
};
const checkpoint: Checkpoint = {
  model,
  slots: { step: array(3, { dtype: "i32" }), moments: { 0: { kernel: array([[7, 8]]) } } },
  training: {
    epoch: 2,
    batch: 5,
    step: 17,
    lossSum: 0.1 + 0.2,
    weightSum: 9,
    penaltySum: 0,
    rowsSeen: 9,
    history: [
      {
        epoch: 0,
        step: 6,
        loss: 1 / 3,
        learningRate: 0.1,
        validation: { loss: Number.NaN, metrics: { r2: -Infinity } },
      },
    ],
    settings: { seed: 1, batchSize: 4, shuffle: true, lastBatch: "keep", rows: 9 },
    learningRate: { type: "constant", config: { learningRate: 0.1 } },
    best: { monitor: "loss", epoch: 0, value: 0.5 },
  },
  best: variables,
};

describe("a model file", () => {
  test("gives the model back, rebuilt through plugins", () => {
    const decoded = decodeModel(encodeModel(model), { plugins: [core] });
    expect(decoded.variables).toEqual(variables);
    expect(JSON.stringify(decoded.layer)).toBe(JSON.stringify(layer));
    expect(decoded.preprocessing).toEqual(model.preprocessing);
    expect(decoded.inputShape).toEqual([1]);
  });

  test("is a safetensors file with dotted names", () => {
    const text = new TextDecoder("latin1").decode(encodeModel(model));
    expect(text).toContain('"params.0.kernel":{"dtype":"F32","shape":[1,2]');
  });

  test("of a layer type no plugin has says so", () => {
    expect(() => decodeModel(encodeModel(model), { plugins: [] })).toThrow(
      /^runtime: no plugin provides "sequential" among layers/,
    );
  });

  test("is no checkpoint", () => {
    expect(() => decodeCheckpoint(encodeModel(model), { layer })).toThrow(
      "checkpoint: holds a model only, no training to resume. Read it with decodeModel.",
    );
  });
});

describe("a checkpoint", () => {
  test("gives everything back", () => {
    const decoded = decodeCheckpoint(encodeCheckpoint(checkpoint), { plugins: [core] });
    expect(decoded.training).toEqual(checkpoint.training);
    expect(decoded.slots).toEqual(checkpoint.slots);
    expect(decoded.best).toEqual(variables);
  });

  test("holds a model that can be read alone", () => {
    expect(decodeModel(encodeCheckpoint(checkpoint), { layer }).variables).toEqual(variables);
  });

  test("encodes to the same bytes again", () => {
    const bytes = encodeCheckpoint(checkpoint);
    expect(encodeCheckpoint(decodeCheckpoint(bytes, { layer }))).toEqual(bytes);
  });
});

describe("a file of another model", () => {
  test("lists the variables that differ", () => {
    const wider = sequential([dense({ units: 3, activation: "tanh" }), dense({ units: 1, bias: false })]);
    expect(() => decodeModel(encodeModel(model), { layer: wider })).toThrow(
      "model file: belongs to another model: params.0.kernel is f32[1, 2], in the model f32[1, 3]; params.0.bias is f32[2], " +
        "in the model f32[3]; params.1.kernel is f32[2, 1], in the model f32[3, 1]; params.1.bias, f32[1], has no place in " +
        "the model. Give the model that it was made with.",
    );
  });

  test("names the option that differs where all shapes agree", () => {
    const other = sequential([dense({ units: 2, activation: "relu" }), dense({ units: 1 })]);
    expect(() => decodeModel(encodeModel(model), { layer: other })).toThrow(
      /^model file: belongs to another model: .*activation.* is "tanh", in the model "relu"\./,
    );
  });
});

describe("a file that is not Hooke's", () => {
  const file = (metadata: Record<string, string>): Uint8Array =>
    encodeSafetensors({ x: array([1]) as HostArray }, metadata);

  test.each<[string, Uint8Array, string]>([
    ["without an entry", file({}), 'its metadata has no "hooke" entry; it was not written by Hooke.'],
    ["with text", file({ hooke: "{" }), 'the "hooke" entry of its metadata is not valid JSON ('],
    ["of another format", file({ hooke: '{"format":99}' }), "has format 99; this version of @hooke/core"],
    ["cut short", encodeModel(model).subarray(0, 300), "model file: "],
  ])("%s", (_, bytes, message) => {
    expect(() => decodeModel(bytes, { layer })).toThrow(message);
  });
});
