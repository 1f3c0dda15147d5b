// Gradient accumulation in training: several batches give the update of their union, whatever stands around it, and wherever
// the training is interrupted.

import { dataset } from "@hooke/data";
import { add, array, type HostArray, square, sum, type Tensor, type Tree, treeLeaves } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { dense } from "../layers/dense.ts";
import { dropout } from "../layers/dropout.ts";
import { sequential } from "../layers/sequential.ts";
import type { Penalty } from "../losses/loss.ts";
import { accumulate } from "../optimizers/accumulate.ts";
import { adam } from "../optimizers/adam.ts";
import { clipByGlobalNorm } from "../optimizers/clip.ts";
import { groups } from "../optimizers/groups.ts";
import { chain } from "../optimizers/optimizer.ts";
import { sgd } from "../optimizers/sgd.ts";
import { fit } from "./fit.ts";
import type { TrainOptions } from "./options.ts";
import { train } from "./train.ts";
import { bentLine, collect, only, options, richModel } from "./training.fixture.ts";

const numbers = (tree: Tree<HostArray>): number[] =>
  treeLeaves<HostArray>(tree).flatMap(({ value }) => [...value.data]);

const { inputs, targets } = bentLine(10);
const wide = ({ data, shape }: HostArray): HostArray => array(Float64Array.from(data), { shape });
const whole = dataset({ inputs: wide(inputs), targets: wide(targets) });

/** The parameters after a training without shuffling, in f64, where rounding does not hide what is wrong. */
async function trained(differing: Partial<TrainOptions>): Promise<number[]> {
  const { model } = await fit(
    options({ shuffle: false, learningRate: 0.0625, epochs: 4, data: { train: whole }, ...differing }),
  );
  return numbers(model.variables.params as Tree<HostArray>);
}

function expectClose(found: readonly number[], expected: readonly number[], tolerance = 1e-12): void {
  expect(found).toHaveLength(expected.length);
  for (const [i, value] of expected.entries()) expect(Math.abs(found[i]! - value)).toBeLessThan(tolerance);
}

describe("an update of several batches is that of their union", () => {
  const sampleWeights = array(Float64Array.from([1, 0, 8, 0.5, 2, 0, 0, 0, 3, 1]));
  const penalty: Penalty = (params) =>
    treeLeaves<Tensor>(params)
      .map(({ value }) => sum(square(value)))
      .reduce((a, b) => add(a, b));

  it.each<[string, Partial<TrainOptions>, Partial<TrainOptions>]>([
    // 4 + 4 + 2 rows: the smaller last batch counts by its rows.
    ["sgd, all rows", { batchSize: 4, optimizer: accumulate(3, sgd()) }, { batchSize: 10, optimizer: sgd() }],
    // 6 rows in two batches, then the 4 that are left.
    [
      "adam, what an epoch leaves",
      { batchSize: 3, optimizer: accumulate(2, adam()) },
      { batchSize: 6, optimizer: adam() },
    ],
    [
      "with weights, a whole batch of zeros among them",
      { batchSize: 1, optimizer: accumulate(5, sgd()), data: { train: whole, sampleWeights } },
      { batchSize: 5, optimizer: sgd(), data: { train: whole, sampleWeights } },
    ],
    [
      "clipping inside",
      { batchSize: 2, optimizer: accumulate(5, chain(clipByGlobalNorm(0.1), sgd())) },
      { batchSize: 10, optimizer: chain(clipByGlobalNorm(0.1), sgd()) },
    ],
    [
      "clipping outside",
      { batchSize: 2, optimizer: chain(clipByGlobalNorm(0.1), accumulate(5, sgd())) },
      { batchSize: 10, optimizer: chain(clipByGlobalNorm(0.1), sgd()) },
    ],
    [
      "around groups",
      { batchSize: 2, optimizer: accumulate(5, groups([{ paths: "**.bias", optimizer: sgd() }], adam())) },
      { batchSize: 10, optimizer: groups([{ paths: "**.bias", optimizer: sgd() }], adam()) },
    ],
    [
      "inside of groups",
      {
        batchSize: 2,
        optimizer: groups([{ paths: "**.bias", optimizer: accumulate(5, sgd()) }], accumulate(5, adam())),
      },
      { batchSize: 10, optimizer: groups([{ paths: "**.bias", optimizer: sgd() }], adam()) },
    ],
    ["nested", { batchSize: 1, optimizer: accumulate(2, accumulate(5, adam())) }, { batchSize: 10, optimizer: adam() }],
    [
      "a penalty once",
      { batchSize: 4, optimizer: accumulate(3, sgd()), penalty },
      { batchSize: 10, optimizer: sgd(), penalty },
    ],
    [
      "left-over rows dropped",
      { batchSize: 3, lastBatch: "drop", optimizer: accumulate(3, adam()) },
      { batchSize: 9, lastBatch: "drop", optimizer: adam() },
    ],
    [
      "a schedule of updates",
      {
        batchSize: 2,
        optimizer: accumulate(2, sgd()),
        learningRate: { type: "t", config: {}, at: ({ step, stepsPerEpoch }) => 2 ** -step * stepsPerEpoch },
      },
      { batchSize: 4, optimizer: sgd(), learningRate: { type: "t", config: {}, at: ({ step }) => 2 ** -step * 3 } },
    ],
  ])("%s", async (_, accumulated, plain) => {
    expectClose(await trained(accumulated), await trained(plain));
  });
});

it("events count batches, updates, and what both have in common", async () => {
  const events = await collect(train(options({ epochs: 2, batchSize: 3, optimizer: accumulate(3, sgd()) })));
  const found = only(events, "step").map(({ epoch, batch, step, rows }) => [epoch, batch, step, rows]);
  // 3 + 3 + 3 rows make an update, the row that is left another.
  expect(found).toEqual([
    [0, 0, 1, 3],
    [0, 1, 1, 3],
    [0, 2, 1, 3],
    [0, 3, 2, 1],
    [1, 0, 3, 3],
    [1, 1, 3, 3],
    [1, 2, 3, 3],
    [1, 3, 4, 1],
  ]);
  expect(only(events, "epoch").map(({ step }) => step)).toEqual([2, 4]);
});

describe("resuming", () => {
  const given = (differing: Partial<TrainOptions> = {}): TrainOptions =>
    options({ model: richModel(), batchSize: 2, optimizer: accumulate(2, adam()), epochs: 2, ...differing });

  async function last(differing: Partial<TrainOptions>, abortAfter = Number.POSITIVE_INFINITY): Promise<Uint8Array> {
    const controller = new AbortController();
    let bytes: Uint8Array | undefined;
    const save = (file: Uint8Array): void => {
      bytes = file;
    };
    let batches = 0;
    const events = train(given({ signal: controller.signal, checkpoint: { every: "epoch", save }, ...differing }));
    for await (const { type } of events) {
      if (type === "step" && ++batches === abortAfter) controller.abort();
    }
    return bytes!;
  }

  it("from every batch, in the midst of an update too, gives the bits of the uninterrupted training", async () => {
    const whole = await last({});
    // 5 batches an epoch; dropout draws other masks for the batches of one update.
    for (let stop = 1; stop < 10; stop++) {
      expect(await last({ resume: await last({}, stop) }), `after batch ${stop}`).toEqual(whole);
    }
  });

  it("is refused with other batches to an update", async () => {
    await expect(last({ resume: await last({}, 1), optimizer: accumulate(3, adam()) })).rejects.toThrow(
      "checkpoint: was taken with accumulation 2, this training has 3",
    );
  });

  it("checkpoints are counted in updates", async () => {
    const at: number[] = [];
    const checkpoint = { every: 2, save: (_: Uint8Array, { batch }: { batch: number }) => void at.push(batch) };
    await collect(train(given({ epochs: 1, checkpoint })));
    expect(at).toEqual([4, 0]);
  });
});

it("dropout differs between the batches of one update", async () => {
  const train2 = dataset({ inputs: array([[1], [1]]), targets: array([[0], [0]]) });
  const model = sequential([dense({ units: 64 }), dropout({ rate: 0.5 }), dense({ units: 1 })]);
  const given = { model, data: { train: train2 }, batchSize: 1, epochs: 1, optimizer: accumulate(2, sgd()) };
  const [first, second] = only(await collect(train(options(given))), "step");
  expect(first!.step).toBe(second!.step);
  expect(first!.loss).not.toBe(second!.loss);
});
