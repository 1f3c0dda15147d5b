// What people type first: each mistake is named, with the right call.

import { metrics, parseCsv, standardize } from "@hooke/data";
import { array, referenceBackend } from "@hooke/runtime";
import { describe, expect, test } from "vitest";
import { dense } from "../layers/dense.ts";
import { crossEntropy } from "../losses/cross-entropy.ts";
import { huber, mse } from "../losses/regression.ts";
import { adam } from "../optimizers/adam.ts";
import { evaluate } from "./evaluate.ts";
import { fit } from "./fit.ts";
import { predict } from "./predict.ts";
import { train } from "./train.ts";
import { bentLine, collect, options } from "./training.fixture.ts";

const { rmse } = metrics;

const backend = referenceBackend();
const data = bentLine(4);
const { learningRate: _, ...withoutRate } = options();

async function said(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
  return "nothing was thrown";
}

test.each<[string, object, string]>([
  ["an optimizer by name", { optimizer: "adam" }, '"optimizer" is "adam"; expected an optimizer, such as adam().'],
  [
    "an uncalled optimizer",
    { optimizer: adam },
    '"optimizer" is the function adam; expected an optimizer, such as adam().',
  ],
  ["a loss by name", { loss: "mse" }, '"loss" is "mse"; expected a loss, such as mse().'],
  [
    "no learning rate",
    withoutRate,
    '"learningRate" is missing; expected a number above 0, such as 1e-3, or a schedule, such as cosineAnnealing({ ... }).',
  ],
  [
    "an uncalled schedule",
    { learningRate: dense },
    '"learningRate" is the function dense; expected a number above 0, such as 1e-3, or a schedule',
  ],
  ["a dataset for the data", { data }, "write data: { train: ... }"],
  [
    "plain arrays for the data",
    { data: { train: [[1], [2]] } },
    'data: option "train" is [[1],[2]]; expected a dataset, such as dataset({ inputs: array(...), targets: array(...) }) makes.',
  ],
  [
    "a table for a dataset",
    { data: { train: parseCsv("a,b\n1,2") } },
    'expected a dataset: tableDataset(table, { target: "..." }) makes one of a table.',
  ],
  [
    "a share for validation",
    { data: { train: data, validation: 0.2 } },
    'data: option "validation" is 0.2; expected a dataset: split(data, { train: "rest", validation: 0.2 }, 0) makes both.',
  ],
  [
    "validation beside the data",
    { validation: 0.2 },
    'received the unknown option "validation"; the validation part is one of the data',
  ],
  [
    "all that split returned",
    { data: { train: data, test: data } },
    'received the part "test" in data; a training looks at train and validation alone. Keep it for evaluate: const { test, ...data } = split(...).',
  ],
  ["a misspelt part", { data: { train: data, validaton: data } }, 'Did you mean "validation"?'],
  [
    "weights beside the data",
    { data: { train: data, weights: array([1, 1]) } },
    'data: received the unknown option "weights". It has "train", "validation", "sampleWeights", "validationWeights".',
  ],
  ["a list for a model", { model: [dense({ units: 1 })] }, "expected a layer: put the list into sequential([ ... ])."],
  ["an uncalled layer", { model: dense }, '"model" is the function dense; expected a layer: call it, dense({ ... }).'],
  [
    "a trained model",
    { model: { layer: dense({ units: 1 }), variables: { params: {}, state: {} } } },
    "expected a layer: give its .layer, and its .variables as variables.",
  ],
  [
    "unfitted preprocessing",
    { preprocessing: { inputs: standardize() } },
    "expected fitted preprocessing: fitPreprocessing(train, { inputs: standardize() }).",
  ],
  [
    "a backend by name",
    { backend: "wasm" },
    '"backend" is "wasm"; expected a started backend, such as wasmBackend(), or the .backend of await createRuntime({ ... }).',
  ],
  [
    "a promise of a backend",
    { backend: Promise.resolve(backend) },
    '"backend" is a promise (await it); expected a started backend',
  ],
  ["a runtime for a backend", { backend: { backend } }, "expected a backend: give its .backend."],
  [
    "a metric by name",
    { metrics: ["rmse"] },
    '"metrics" is ["rmse"]; expected a list of metrics, such as [metrics.rmse].',
  ],
  ["a metric without a list", { metrics: rmse }, "expected a list of metrics, such as [metrics.rmse]."],
  ["epochs as text", { epochs: "10" }, '"epochs" is "10"; expected a whole number above 0.'],
  ["a fraction of a seed", { seed: 0.5 }, '"seed" is 0.5; expected a whole number of at least 0.'],
  ["a misspelt option", { epoch: 10 }, 'received the unknown option "epoch".'],
  ["the nearest option", { learning_rate: 0.1 }, 'Did you mean "learningRate"?'],
  [
    "a controller for a signal",
    { signal: new AbortController() },
    "expected an AbortSignal, such as the .signal of new AbortController().",
  ],
  [
    "a path to resume from",
    { resume: "run/checkpoint.safetensors" },
    "expected the bytes of a checkpoint, such as await readFile(path), or what decodeCheckpoint returns.",
  ],
  [
    "a path for checkpoints",
    { checkpoint: { every: 5, path: "x" } },
    'checkpoint: received the unknown option "path". It has "every", "save", "open", "close".',
  ],
  [
    "another rhythm of checkpoints",
    { checkpoint: { every: "batch", save() {} } },
    'checkpoint: option "every" is "batch"; expected a whole number of updates, 1 or more, or "epoch".',
  ],
  [
    "a trained model for variables",
    { variables: { layer: dense({ units: 1 }), variables: { params: {}, state: {} } } },
    "expected variables: give its .variables.",
  ],
  [
    "metrics without a validation part",
    { data: { train: data }, metrics: [rmse] },
    "received metrics, which are computed on the validation part, and no validation part; give data.validation, or leave metrics out: evaluate computes them on any dataset.",
  ],
  [
    "a misspelt monitor",
    { metrics: [rmse], monitor: "rms" },
    'received monitor "rms"; there are "loss", "rmse". Did you mean "rmse"?',
  ],
])("%s", async (name, differing, message) => {
  const given = name === "no learning rate" ? differing : { ...options(), ...differing };
  const [byFit, byTrain] = [await said(() => fit(given as never)), await said(() => collect(train(given as never)))];
  expect(byFit).toContain(message);
  expect(byFit).toMatch(/^HookeError: (fit|train)/);
  expect(byTrain).toContain(message);
});

test.each<[string, unknown, string]>([
  [
    "a function",
    () => undefined,
    'expected a list of callbacks, objects with "onStep", "onEpoch", "onValidation", "onCheckpoint", "onRecovery", "onEnd".',
  ],
  ["one without a list", { onEpoch() {} }, "expected a list of callbacks"],
  ["a function in the list", [() => undefined], "expected a list of callbacks, objects with"],
  [
    "a misspelt hook",
    [{ onEpochEnd() {} }],
    'callback: received the unknown hook "onEpochEnd". It has "onStep", "onEpoch", "onValidation", "onCheckpoint", "onRecovery", "onEnd". Did you mean "onEpoch"?',
  ],
  [
    "a misspelt hook of a class",
    [
      new (class {
        onEpoch() {}
        onEpochs() {}
      })(),
    ],
    'received the unknown hook "onEpochs"',
  ],
  ["a hook that is no function", [{ onStep: 3 }], "expected a function as onStep of a callback."],
  ["something else", [{ patience: 3 }], "expected callbacks with"],
])("callbacks: %s", async (_, callbacks, message) => {
  expect(await said(() => fit({ ...options(), callbacks } as never))).toContain(message);
  expect(await said(() => collect(train({ ...options(), callbacks } as never)))).toContain(
    'received the unknown option "callbacks"',
  );
});

test("a class may be a callback", async () => {
  let epochs = 0;
  class Counter {
    onEpoch() {
      epochs++;
    }
  }
  await fit({ ...options({ epochs: 2 }), callbacks: [new Counter()] });
  expect(epochs).toBe(2);
});

test.each<[string, unknown, string]>([
  ["without options", mse, "loss: received the function mse, which makes a loss: call it, loss: mse()."],
  ["with options", huber, "loss: received the function huber, which makes a loss: call it, loss: huber()."],
  [
    "that returns nothing",
    () => undefined,
    "loss: returned undefined; it must return one number for the batch. Use mean or sum.",
  ],
])("a loss %s", async (_, loss, message) => {
  expect(await said(() => fit({ ...options(), loss } as never))).toBe(`HookeError: ${message}`);
});

test("class labels that are not whole numbers", async () => {
  const inputs = array([[0], [1], [2]]);
  const labels = (targets: typeof inputs) => ({ ...bentLine(3), inputs, targets });
  const run = (targets: typeof inputs) =>
    said(() =>
      fit({ ...options(), model: dense({ units: 3 }), loss: crossEntropy(), data: { train: labels(targets) } }),
    );
  expect(await run(array([0, 1, 2]))).toContain(
    'expected the shape of the targets, f32[3]. If the targets are class labels, make them whole numbers: array(labels, { dtype: "i32" }), [rows].',
  );
  expect(await run(array([[0], [1], [2]]))).toContain(
    'crossEntropy: expected class labels i32[3] or probabilities [3, 3], received f32[3, 1]. Labels are whole numbers, array(labels, { dtype: "i32", shape: [3] }).',
  );
  expect(await run(array([[0], [1], [2]], { dtype: "i32" }))).toContain("received i32[3, 1]. Labels are whole numbers");
});

describe("a trained model", async () => {
  const { model } = await fit(options());
  const call = { backend };
  test.each<[string, () => unknown, string]>([
    [
      "a layer",
      () => predict(model.layer as never, data.inputs, call),
      "as the model; expected a trained model, such as the .model that fit returns",
    ],
    [
      "the result of fit",
      () => predict({ model } as never, data.inputs, call),
      "as the model; expected a trained model: give its .model.",
    ],
    [
      "plain arrays",
      () => predict(model, [[1, 2]] as never, call),
      "predict: received [[1,2]] as inputs; expected an array, such as array([[1, 2], [3, 4]]) makes, [rows, ...], or a dataset.",
    ],
    [
      "a typed array",
      () => predict(model, Float32Array.of(1, 2) as never, call),
      "predict: received Float32Array(2) as inputs; expected an array",
    ],
    [
      "no options",
      () => predict(model, data.inputs, undefined as never),
      "predict: received undefined; it takes options in a record, { backend: ... }.",
    ],
    [
      "a backend without options",
      () => predict(model, data.inputs, backend as never),
      'predict: received the unknown option "name".',
    ],
    [
      "a misspelt option",
      () => predict(model, data.inputs, { backend, batch: 3 } as never),
      'unknown option "batch". It has "backend", "batchSize", "signal", "extras". Did you mean "batchSize"?',
    ],
    [
      "extras that are lists",
      () => predict(model, data.inputs, { backend, extras: { lengths: [1] } } as never),
      'option "extras" is {"lengths":[1]}; expected an array',
    ],
    [
      "inputs to evaluate on",
      () => evaluate(model, data.inputs as never, call),
      "evaluate: received f32[4, 2] as the data; expected a dataset",
    ],
    [
      "a metric by name",
      () => evaluate(model, data, { backend, metrics: ["r2"] } as never),
      "expected a list of metrics, such as [metrics.rmse].",
    ],
    [
      "an uncalled loss",
      () => evaluate(model, data, { backend, loss: mse } as never),
      "loss: received the function mse, which makes a loss",
    ],
  ])("%s", async (_, work, message) => {
    expect(await said(work)).toContain(message);
  });
});
