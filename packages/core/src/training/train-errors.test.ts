// What training refuses, each with its message.

import { dataset } from "@hooke/data";
import {
  add,
  array,
  mean,
  mul,
  referenceBackend,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  treeMap,
  zeros,
} from "@hooke/runtime";
import { describe, expect, test } from "vitest";
import { dense } from "../layers/dense.ts";
import { sequential } from "../layers/sequential.ts";
import { crossEntropy } from "../losses/cross-entropy.ts";
import { mse } from "../losses/regression.ts";
import { defineLayer } from "../model/define-layer.ts";
import { initialize } from "../model/init.ts";
import { accumulate } from "../optimizers/accumulate.ts";
import { clipByGlobalNorm } from "../optimizers/clip.ts";
import { groups } from "../optimizers/groups.ts";
import { chain, type Optimizer } from "../optimizers/optimizer.ts";
import type { TrainOptions } from "./options.ts";
import { train } from "./train.ts";
import { bentLine, collect, options } from "./training.fixture.ts";

const message = async (differing: Partial<TrainOptions>): Promise<string> => {
  const error = await collect(train(options(differing))).then(
    () => new Error("nothing was thrown"),
    (thrown: Error) => thrown,
  );
  return `${error.name}: ${error.message}`;
};

describe("options", () => {
  test.each<[Partial<TrainOptions>, string]>([
    [{ epochs: 0 }, 'HookeError: train: option "epochs" is 0; expected a whole number above 0.'],
    [{ epochs: 1.5 }, 'HookeError: train: option "epochs" is 1.5; expected a whole number above 0.'],
    [{ batchSize: 0 }, 'HookeError: train: option "batchSize" is 0; expected a whole number above 0.'],
    [
      { batchSize: 11, lastBatch: "drop" },
      'HookeError: batches: received 10 rows, fewer than one batch of 11, and lastBatch: "drop" leaves nothing to train on; use a batchSize of at most 10, or lastBatch: "keep".',
    ],
    [
      { learningRate: 0 },
      'HookeError: train: option "learningRate" is 0; expected a number above 0, such as 1e-3, or a schedule, such as cosineAnnealing({ ... }).',
    ],
    [
      { learningRate: Number.NaN },
      'HookeError: train: option "learningRate" is NaN; expected a number above 0, such as 1e-3, or a schedule, such as cosineAnnealing({ ... }).',
    ],
    [
      { learningRate: { type: "acme/wrong", config: {}, at: () => -1 } },
      'HookeError: schedule "acme/wrong": returned -1 for step 1, epoch 0; a learning rate is finite and not negative.',
    ],
    [{ seed: -1 }, 'HookeError: train: option "seed" is -1; expected a whole number of at least 0.'],
    [
      { checkpoint: { every: 0, save: () => {} } },
      'HookeError: train: checkpoint: option "every" is 0; expected a whole number of updates, 1 or more, or "epoch".',
    ],
    [{ monitor: "rmse" }, 'HookeError: train: received monitor "rmse"; there are "loss".'],
    [
      { data: { train: bentLine(10), sampleWeights: zeros([9]) } },
      "HookeError: train: received sampleWeights f32[9] for targets f32[10, 1]; expected f32[10], one for each row, or, where every step has its targets, f32[rows, time].",
    ],
    [
      { data: { train: bentLine(3), sampleWeights: array([1, -1, 1]) } },
      "HookeError: train: sampleWeights holds -1 for row 1; weights are finite and not negative.",
    ],
    [
      { data: { train: bentLine(3), validation: dataset({ inputs: zeros([2, 3]), targets: zeros([2, 1]) }) } },
      "HookeError: train: the validation inputs are f32[2, 3], the training inputs f32[3, 2]; rows must be alike.",
    ],
  ])("%o", async (differing, expected) => {
    expect(await message(differing)).toBe(expected);
  });
});

describe("model, loss and targets that do not fit", () => {
  const flat = dataset({ inputs: zeros([4, 2]), targets: zeros([4]) });
  const ownLoss = (predictions: Tensor, targets: Tensor): Tensor => mean(square(sub(predictions, targets)));

  test.each([
    ["mse", mse()],
    ["a loss without checks", ownLoss],
  ])("predictions [4, 1] against targets [4], %s", async (_, loss) => {
    expect(await message({ data: { train: flat }, loss })).toBe(
      "HookeError: sequential: predicts f32[4, 1], expected the shape of the targets, f32[4]. Give the last layer as many " +
        "units as there are target columns, and targets the shape [rows, columns].",
    );
  });

  test("one output against three target columns", async () => {
    const three = dataset({ inputs: zeros([4, 2]), targets: zeros([4, 3]) });
    expect(await message({ data: { train: three }, loss: ownLoss })).toMatch(
      /predicts f32\[4, 1\], expected the shape of the targets, f32\[4, 3\]/,
    );
  });

  test("a loss that is not a scalar", async () => {
    const loss = (predictions: Tensor, targets: Tensor): Tensor => square(sub(predictions, targets));
    expect(await message({ loss })).toBe(
      "HookeError: loss: returned f32[4, 1]; it must return one number for the batch. Use mean or sum.",
    );
  });

  test("a model without parameters", async () => {
    const identity = defineLayer({ type: "test/identity", apply: (_, x) => x });
    expect(await message({ model: identity() })).toBe(
      "HookeError: train: the model (test/identity) has no parameters to train.",
    );
  });

  test("an optimizer that changes a shape", async () => {
    const optimizer = {
      init: () => ({}),
      update: (_: unknown, slots: unknown, params: unknown) =>
        [treeMap(params, (value: Tensor) => sum(value)), slots] as never,
    };
    expect(await message({ optimizer })).toBe(
      "HookeError: train: the update turns params.0.kernel from f32[2, 4] into f32[]; it must keep shape and dtype.",
    );
  });
});

describe("a loss that is not finite", () => {
  const explode = defineLayer({ type: "test/explode", apply: (_, x) => mul(mul(x, 1e30), 1e30) });

  test("says step, epoch, batch, rows and the tensor that went bad first", async () => {
    const model = sequential([dense({ units: 1 }), explode()]);
    expect(await message({ model, shuffle: false })).toMatch(
      /^HookeError: train: the loss of step 1 \(epoch 0, batch 0\) is (Infinity|NaN)\. First bad tensor: mul in "1", f32\[4, 1\], is -?Infinity at \[0, 0\]\. Rows of the batch: 0, 1, 2, 3\. Nothing was updated/,
    );
  });

  test("names the row and column of bad inputs", async () => {
    const good = bentLine(10);
    good.inputs.data[13] = Number.NaN;
    expect(await message({ data: { train: good }, shuffle: false })).toMatch(
      /the loss of step 2 \(epoch 0, batch 1\) is NaN\. The inputs hold NaN in column "input1", row 6\. Rows of the batch: 4, 5, 6, 7\./,
    );
  });

  test("names a parameter that an earlier update spoiled", async () => {
    const overflow = {
      init: () => ({}),
      update: (_: unknown, slots: unknown, params: unknown) =>
        [treeMap(params, (value: Tensor) => mul(mul(add(value, 1), 1e30), 1e30)), slots] as never,
    };
    expect(await message({ optimizer: overflow })).toMatch(
      /the loss of step 2 .* is NaN\. The parameter "0\.kernel" already holds -?Infinity: an earlier update put it there\./,
    );
  });

  test("leaves everything as before the step", async () => {
    const data = bentLine(10);
    data.inputs.data[13] = Number.NaN;
    const saved: Uint8Array[] = [];
    const checkpoint = { every: 1, save: (bytes: Uint8Array) => void saved.push(bytes) };
    expect(await message({ data: { train: data }, shuffle: false, checkpoint })).toMatch(/step 2/);
    expect(saved).toHaveLength(1);
  });
});

test("a finite loss whose gradient is not saves no checkpoint", async () => {
  const loss = (predictions: Tensor): Tensor => mean(sqrt(sub(predictions, predictions)));
  const saved: Uint8Array[] = [];
  const checkpoint = { every: 1, save: (bytes: Uint8Array) => void saved.push(bytes) };
  expect(await message({ loss, checkpoint })).toMatch(
    /^HookeError: train: at step 1 params\.0\.kernel, f32\[2, 4\], holds NaN although the loss was finite: a gradient was not\./,
  );
  expect(saved).toEqual([]);
});

describe("what is handed in and returns something else", () => {
  test.each<[string, unknown, string]>([
    ["undefined", () => undefined, "augment returned undefined; it must return the batch, { inputs, targets, ... }."],
    ["a promise", async (batch: unknown) => batch, "augment returned a promise (await it); it must return the batch,"],
    [
      "lists",
      (batch: object) => ({ ...batch, targets: [1] }),
      "augment returned [1] as targets of the batch; it must be an array.",
    ],
    [
      "other rows",
      (batch: { inputs: object }) => ({ ...batch, inputs: zeros([4, 3]) }),
      "augment turned a batch of inputs f32[4, 2],targets f32[4, 1] into inputs f32[4, 3],targets f32[4, 1];",
    ],
  ])("augment: %s", async (_, augment, expected) => {
    expect(await message({ augment: augment as never })).toContain(`HookeError: train: ${expected}`);
  });

  test.each<[unknown, string]>([
    [undefined, "optimizer: update returned undefined; it must return [params, slots], two trees of tensors."],
    [[], "optimizer: update returned []; it must return [params, slots], two trees of tensors."],
    [[{}, undefined], "optimizer: update returned "],
    [Promise.resolve(), "optimizer: update returned a promise (await it); it must return"],
    [[{}, {}], 'tree: structures differ at "params": expected [0, 1], received [].'],
  ])("an optimizer's update: %j", async (returned, expected) => {
    const optimizer = { init: () => ({}), update: () => returned as never };
    expect(await message({ optimizer })).toContain(`HookeError: ${expected}`);
    const accumulating = { ...optimizer, accumulation: 2 };
    expect(await message({ optimizer: accumulating })).toContain(`HookeError: ${expected}`);
  });

  test.each<[string, (junk: Optimizer) => Optimizer]>([
    ["chain", (junk) => chain(clipByGlobalNorm(1), junk)],
    ["accumulate", (junk) => accumulate(1, junk)],
    ["groups", (junk) => groups([], junk)],
    ["two of them", (junk) => accumulate(1, chain(junk))],
  ])("an optimizer's update inside of %s", async (_, around) => {
    for (const [returned, said] of [
      [undefined, "undefined"],
      [[{}], "[{}]"],
    ] as const) {
      const optimizer = around({ init: () => ({}), update: () => returned as never });
      expect(await message({ optimizer })).toContain(`HookeError: optimizer: update returned ${said}; it must return`);
    }
  });

  test("an optimizer's update: numbers for tensors", async () => {
    const update = (_: unknown, slots: unknown, params: object) => [treeMap(params as never, () => 1), slots];
    expect(await message({ optimizer: { init: () => ({}), update: update as never } })).toBe(
      "HookeError: train: the update turns params.0.kernel from f32[2, 4] into 1; it must keep shape and dtype.",
    );
  });
});

test.each([
  ["f32", "f64"],
  ["f64", "f32"],
] as const)("variables in %s for data in %s", async (own, other) => {
  const backend = referenceBackend();
  const data = dataset({ inputs: zeros([4, 2], other), targets: zeros([4, 1], other) });
  const variables = await initialize(backend, dense({ units: 1 }), [2], 0, own);
  expect(await message({ model: dense({ units: 1 }), variables, data: { train: data } })).toBe(
    `HookeError: train: received variables in ${own} and data in ${other}; make the variables of the data's dtype, ` +
      `initialize(backend, model, inputShape, seed, "${other}"), or give the arrays of the data as ${own}.`,
  );
});

test("fewer outputs than classes, or more", async () => {
  const targets = array([0, 1, 2, 1], { dtype: "i32" });
  const train = dataset({ inputs: zeros([4, 2]), targets, classes: ["a", "b", "c"] });
  const outputs = (units: number) => message({ model: dense({ units }), loss: crossEntropy(), data: { train } });
  expect(await outputs(4)).toBe(
    "HookeError: dense: predicts f32[4, 4] for 3 classes; give it an output for each, or targets without classes.",
  );
  expect(await outputs(3)).toContain("nothing was thrown");
});
