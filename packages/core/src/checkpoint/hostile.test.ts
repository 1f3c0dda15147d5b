// Hostile files of models and checkpoints, layers from JSON, tables and options.

import { parseCsv, tableDataset } from "@hooke/data";
import { decodeSafetensors, encodeSafetensors, writeChecksum } from "@hooke/data/safetensors";
import { array, HookeError, type HostArray } from "@hooke/runtime";
import {
  altered,
  cases,
  drawer,
  flipped,
  inherited,
  mutated,
  noisy,
  survives,
  untouched,
} from "@hooke/testkit/hostile";
import { describe, expect, test } from "vitest";
import { activation } from "../layers/activation.ts";
import { batchNorm } from "../layers/batch-norm.ts";
import { dense } from "../layers/dense.ts";
import { dropout } from "../layers/dropout.ts";
import { layerNorm } from "../layers/norms.ts";
import { residual } from "../layers/residual.ts";
import { sequential } from "../layers/sequential.ts";
import { layerFromJson } from "../model/json.ts";
import { core } from "../plugin.ts";
import { type Checkpoint, decodeCheckpoint, decodeOwnCheckpoint, encodeCheckpoint } from "./checkpoint.ts";
import { decodeModel, encodeModel } from "./model.ts";

// What a file says in so many ways takes most of the time: a third of them by default.
const isFull = process.env.HOOKE_TESTS === "full";
const fileCodes = ["corrupt-file", "mismatch", "unsupported", "unavailable"];

const layer = sequential({
  first: dense({
    units: 2,
    activation: { name: "elu", alpha: 0.5 },
    kernelInitializer: { name: "constant", value: 1 },
  }),
  norm: batchNorm(),
  body: residual(sequential([layerNorm(), activation("tanh"), dropout({ rate: 0.5 })])),
  last: dense({ units: 1, bias: false }),
});
const two = array([1, 2]);
const params = { first: { kernel: array([[1, 2]]), bias: two }, norm: { scale: two, bias: two } };
const variables = {
  params: { ...params, body: { layer: { 0: { scale: two, bias: two } } }, last: { kernel: array([[1], [2]]) } },
  state: { norm: { mean: two, variance: two } },
};
const columns = { inputNames: ["a"], targetNames: ["b"] };
const standard = { type: "standardize" as const, columns: ["a"], mean: [1], std: [2] };
const log = { type: "log" as const, columns: ["b"] };
const model = {
  layer,
  inputShape: [1],
  variables,
  preprocessing: { ...columns, inputs: [standard], targets: [log], categories: { c: ["x", "y"] } },
};
const history = [
  { epoch: 0, step: 3, loss: 1, learningRate: 0.1, validation: { loss: 2, metrics: { r2: Number.NaN } } },
];
const checkpoint: Checkpoint = {
  model,
  slots: { velocity: params, count: array(3, { dtype: "i32" }) },
  training: {
    epoch: 1,
    batch: 0,
    step: 3,
    lossSum: 0,
    weightSum: 0,
    penaltySum: 0,
    rowsSeen: 0,
    history,
    settings: { seed: 1, batchSize: 4, shuffle: true, lastBatch: "keep", rows: 9 },
    learningRate: { type: "constant", config: { learningRate: 0.1 } },
    best: { monitor: "loss", epoch: 0, value: 2 },
  },
  best: variables,
};
const modelFile = encodeModel(model);
const file = encodeCheckpoint(checkpoint);

async function readAll(bytes: Uint8Array, label: string): Promise<void> {
  await survives(() => decodeModel(bytes, { plugins: [core] }), fileCodes, label);
  await survives(() => decodeModel(bytes, { layer }), fileCodes, label);
  await survives(() => encodeCheckpoint(decodeCheckpoint(bytes, { plugins: [core] })), fileCodes, label);
  await survives(() => decodeOwnCheckpoint(bytes, layer, [1]), fileCodes, label);
}

test("the files themselves are read", () => {
  expect(decodeModel(modelFile, { plugins: [core] }).variables).toEqual(variables);
  expect(encodeCheckpoint(decodeCheckpoint(file, { plugins: [core] }))).toEqual(file);
  expect(decodeOwnCheckpoint(file, layer, [1])).toEqual(decodeCheckpoint(file, { layer }));
});

describe("bytes", () => {
  test("any bit flipped is found", async () => {
    for (const [bytes, name] of [
      [modelFile, "model"],
      [file, "checkpoint"],
    ] as const) {
      for (const index of cases(400)) {
        const { damaged, bit } = flipped(bytes, drawer(name, index));
        expect(() => decodeModel(damaged, { layer }), `bit ${bit}`).toThrow(/^model file: /);
        const read = survives(() => decodeModel(damaged, { layer }), ["corrupt-file", "mismatch"], `bit ${bit}`);
        expect(await read).toBe(false);
      }
    }
  });

  test("cut short, with and without a checksum that fits", async () => {
    for (let length = 0; length < file.length; length += 7) {
      const cut = file.slice(0, length);
      await readAll(cut, `${length} bytes`);
      if (length > 60) writeChecksum(cut);
      await readAll(cut, `${length} bytes`);
    }
  });

  test("at random, with and without a header in front", async () => {
    for (const index of cases(200)) {
      const { noise, damaged } = noisy(file, drawer("bytes", index), 60);
      await readAll(noise, `case ${index}`);
      writeChecksum(damaged);
      await readAll(damaged, `case ${index}`);
    }
  });
});

/** What files of models have, in places where it does not belong. */
const values: readonly unknown[] = [
  "dense",
  { type: "dense", config: { units: 2 ** 40 } },
  { type: "sequential", config: [] },
  { name: "elu" },
  { nonFinite: "NaN" },
  { nonFinite: "__proto__" },
];

describe("what a file says", () => {
  const { tensors, metadata } = decodeSafetensors(file);
  const header = JSON.parse(metadata.hooke!);

  test("of its model and its training", async () => {
    for (const index of cases(isFull ? 600 : 200)) {
      const draw = drawer("header", index);
      const hooke = JSON.stringify(mutated(draw(3) === 0 ? mutated(header, draw, values) : header, draw, values));
      await readAll(encodeSafetensors(tensors, { hooke }, { checksum: true }), `case ${index}: ${hooke}`);
    }
  });

  test("of another version: every part left out, and of every other type", async () => {
    for (const [path, value] of altered(header)) {
      await readAll(encodeSafetensors(tensors, { hooke: JSON.stringify(value) }, { checksum: true }), path);
    }
  });

  test.each<[string, (own: typeof header) => void, string]>([
    [
      "a scale below 0",
      ({ preprocessing }) => {
        preprocessing.inputs[0].std = [-2];
      },
      'standardize: option "std" is [-2]; expected numbers of which none is below 0.',
    ],
    [
      "a range from above to below",
      ({ preprocessing }) => {
        preprocessing.inputs = [{ type: "minMax", columns: ["a"], min: [1], max: [0] }];
      },
      "expected a min that is not above its max.",
    ],
    [
      "a transform twice",
      ({ preprocessing }) => void preprocessing.inputs.push(standard),
      'preprocessing: applies standardize to the column "a" of the inputs, a second time.',
    ],
    [
      "a column twice in a transform",
      ({ preprocessing }) => {
        preprocessing.targets = [{ type: "log", columns: ["b", "b"] }];
      },
      'log: option "columns" is ["b","b"]; expected names of their own.',
    ],
    [
      "a column that is not there",
      ({ preprocessing }) => {
        preprocessing.targets[0].columns = ["a"];
      },
      'preprocessing: applies log to the column "a" of the targets, which is not there.',
    ],
    [
      "more names of inputs than inputs",
      ({ preprocessing }) => void preprocessing.inputNames.push("more"),
      "its header: names 2 columns of inputs, and the model takes rows [1].",
    ],
    [
      "no names of inputs that are scaled",
      ({ preprocessing }) => void Object.assign(preprocessing, { inputNames: [] }),
      "of the inputs, which is not there.",
    ],
    [
      "more classes than outputs",
      ({ preprocessing }) => {
        preprocessing.classes = ["x", "y", "z"];
      },
      "sequential: predicts f32[1, 1] for 3 classes; give it an output for each, or targets without classes.",
    ],
    [
      "a class twice",
      ({ preprocessing }) => {
        preprocessing.classes = ["x", "x"];
      },
      'preprocessing: option "classes" is ["x","x"]; expected names of their own.',
    ],
  ])("%s is refused although its checksum fits", (_, forge, message) => {
    const own = structuredClone(header);
    forge(own);
    const bytes = encodeSafetensors(tensors, { hooke: JSON.stringify(own) }, { checksum: true });
    for (const source of [{ plugins: [core] }, { layer }]) {
      expect(() => decodeModel(bytes, source)).toThrow(message);
      expect(() => decodeCheckpoint(bytes, source)).toThrow(message);
    }
  });

  test.each([
    ["params.first.bias", Number.NaN],
    ["params.first.bias", Infinity],
    ["best.params.first.bias", -Infinity],
    ["state.norm.mean", Number.NaN],
    ["slots.velocity.first.bias", Number.NaN],
  ])("%s that holds %d is refused although its checksum fits", (name, value) => {
    expect(tensors).toHaveProperty([name]);
    const bytes = encodeSafetensors({ ...tensors, [name]: array([1, value]) }, metadata, { checksum: true });
    const message = `has a tensor "${name}" that holds ${value} at element 1: nothing can be predicted or trained with it.`;
    expect(() => decodeModel(bytes, { layer })).toThrow(message);
    expect(() => decodeCheckpoint(bytes, { layer })).toThrow(message);
    expect(() => decodeOwnCheckpoint(bytes, layer, [1])).toThrow(message);
  });

  test("what an optimizer keeps may have overflown", () => {
    const more = { ...tensors, "slots.velocity.first.bias": array([1, Infinity]) };
    expect(() => decodeCheckpoint(encodeSafetensors(more, metadata, { checksum: true }), { layer })).not.toThrow();
  });

  test("by the names of its tensors", async () => {
    const parts = [...inherited, "", "a.b", "0", "shape", "dtype", "data", ...Object.keys(tensors), "x".repeat(300)];
    for (const index of cases(isFull ? 200 : 70)) {
      const draw = drawer("names", index);
      const prefix = ["slots", "params", "state", "best.params", "best", "other"][draw(6)]!;
      const name = [prefix, ...Array.from({ length: draw(4) }, () => parts[draw(parts.length)]!)].join(".");
      const more = { ...tensors, ...Object.fromEntries([[name, array([1]) as HostArray]]) };
      await readAll(encodeSafetensors(more, metadata, { checksum: true }), `case ${index}: ${name}`);
    }
  });

  test("by the header of its tensors", async () => {
    const size = Number(new DataView(file.buffer).getBigUint64(0, true));
    const { __metadata__: first, ...rest } = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + size)));
    for (const index of cases(300)) {
      const draw = drawer("tensors", index);
      const json = JSON.stringify({ __metadata__: first, ...(mutated(rest, draw, values) as object) });
      const text = new TextEncoder().encode(json.padEnd(Math.ceil(json.length / 8) * 8));
      const bytes = new Uint8Array(8 + text.length + file.length - 8 - size);
      new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
      bytes.set(text, 8);
      bytes.set(file.subarray(8 + size), 8 + text.length);
      writeChecksum(bytes);
      await readAll(bytes, `case ${index}: ${json.slice(0, 2000)}`);
      await survives(() => decodeSafetensors(bytes, { checksum: "ignore" }), fileCodes, `case ${index}`);
    }
  });

  test("with 100,000 lists in one another", () => {
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    const json = metadata.hooke!.replace('"layer":', `"layer":${deep},"other":`);
    const bytes = encodeSafetensors(tensors, { hooke: json }, { checksum: true });
    expect(() => decodeModel(bytes, { layer })).toThrow('the "hooke" entry of its metadata is nested deeper than 512;');
  });
});

describe("names that objects inherit", () => {
  const anyCode = ["invalid-argument", "unknown-option", "invalid-data", "mismatch", "unavailable"];

  test("in layers from JSON", async () => {
    const json = JSON.parse(JSON.stringify(layer));
    for (const index of cases(400)) {
      const change = mutated(json, drawer("layers", index), values);
      await survives(() => layerFromJson(change, [core]), anyCode, `case ${index}: ${JSON.stringify(change)}`);
    }
    for (const type of inherited) {
      expect(() => layerFromJson({ type, config: {} }, [core])).toThrow(`no plugin provides "${type}" among layers`);
    }
  });

  test("in the headers and the cells of CSV files", async () => {
    for (const index of cases(100)) {
      const draw = drawer("csv", index);
      const name = (): string => inherited[draw(inherited.length)]!;
      const [a, b] = [name(), name()];
      const text = `${a},${b}\n${draw(2) ? name() : 1},2\n3,${draw(2) ? name() : 4}\n`;
      await survives(
        () => tableDataset(parseCsv(text, { types: { [name()]: "text" } }), { target: name(), oneHot: [a, b] }),
        anyCode,
        text,
      );
    }
  });

  test("in options", () => {
    for (const name of inherited) {
      const options = Object.defineProperty({ units: 1 }, name, { value: {}, enumerable: true });
      expect(() => dense(options as never), name).toThrow(`dense: received the unknown option "${name}".`);
      expect(() => activation(name as never), name).toThrow(HookeError);
      expect(() => dense({ units: 1, kernelInitializer: name as never }), name).toThrow(HookeError);
    }
    untouched();
  });
});
