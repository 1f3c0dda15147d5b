// Exact resume: whatever the batch a training was interrupted at, its end has the same bits.

import { fitPreprocessing, metrics, standardize } from "@hooke/data";
import { array } from "@hooke/runtime";
import { beforeAll, describe, expect, test } from "vitest";
import { type Checkpoint, decodeCheckpoint } from "../checkpoint/checkpoint.ts";
import { adam } from "../optimizers/adam.ts";
import { clipByGlobalNorm } from "../optimizers/clip.ts";
import { chain } from "../optimizers/optimizer.ts";
import { sgd } from "../optimizers/sgd.ts";
import { core } from "../plugin.ts";
import type { EndEvent } from "./events.ts";
import { fit } from "./fit.ts";
import type { TrainOptions } from "./options.ts";
import { train } from "./train.ts";
import { bentLine, bits, collect, only, options, plainModel, richModel } from "./training.fixture.ts";

const { rmse } = metrics;

// Dropout, batch statistics, a smaller last batch, slots, a schedule and a monitored metric: all that could go out of step.
const rich = (differing: Partial<TrainOptions> = {}): TrainOptions =>
  options({
    model: richModel(),
    optimizer: chain(clipByGlobalNorm(1), adam({ weightDecay: 1e-3 })),
    learningRate: { type: "test/decay", config: {}, at: ({ step }) => 0.2 / step },
    metrics: [rmse],
    monitor: "rmse",
    epochs: 3,
    ...differing,
  });

interface Outcome {
  readonly end: EndEvent;
  readonly last: Uint8Array;
  readonly saved: readonly { readonly bytes: Uint8Array; readonly batch: number; readonly epoch: number }[];
}

async function outcome(differing: Partial<TrainOptions>, every: number | "epoch" = 1): Promise<Outcome> {
  const saved: Outcome["saved"][number][] = [];
  const save = (bytes: Uint8Array, { epoch, batch }: { epoch: number; batch: number }): void => {
    saved.push({ bytes, epoch, batch });
  };
  const events = await collect(train(rich({ checkpoint: { every, save }, ...differing })));
  return { end: only(events, "end")[0]!, last: saved.at(-1)!.bytes, saved };
}

describe("resuming", () => {
  let whole: Outcome;
  beforeAll(async () => {
    whole = await outcome({});
  });

  test("checkpoints stand after every update and at the end", () => {
    expect(whole.saved.map(({ epoch, batch }) => `${epoch}.${batch}`)).toEqual([
      "0.1",
      "0.2",
      "0.3",
      "1.1",
      "1.2",
      "1.3",
      "2.1",
      "2.2",
      "2.3",
      "3.0",
    ]);
  });

  // The last checkpoint holds parameters, state, slots, history and the best epoch: equal files are equal trainings.
  test.each(Array.from({ length: 10 }, (_, i) => i))("from checkpoint %i gives the same bits", async (index) => {
    const resumed = await outcome({ resume: whole.saved[index]!.bytes });
    expect(resumed.last).toEqual(whole.last);
    expect(resumed.end.history).toEqual(whole.end.history);
    expect(resumed.end.best!.epoch).toBe(whole.end.best!.epoch);
    expect(bits(resumed.end.best!.variables)).toEqual(bits(whole.end.best!.variables));
  });

  test("after an abort gives the same bits", async () => {
    const controller = new AbortController();
    let bytes: Uint8Array | undefined;
    const save = (file: Uint8Array): void => {
      bytes = file;
    };
    for await (const event of train(rich({ signal: controller.signal, checkpoint: { every: "epoch", save } }))) {
      if (event.type === "step" && event.step === 5) controller.abort();
    }
    expect((await outcome({ resume: bytes! })).last).toEqual(whole.last);
  });

  test("takes a decoded checkpoint as well", async () => {
    const resume: Checkpoint = decodeCheckpoint(whole.saved[4]!.bytes, { layer: richModel() });
    expect((await outcome({ resume })).last).toEqual(whole.last);
  });

  test("trains on for more epochs", async () => {
    const longer = await outcome({ epochs: 4 });
    expect((await outcome({ epochs: 4, resume: whole.last })).last).toEqual(longer.last);
  });

  test("fit returns the whole history and the best model", async () => {
    const result = await fit(rich({ resume: whole.saved[7]!.bytes }));
    expect(result.history).toEqual(whole.end.history);
    expect(bits(result.best!.model.variables)).toEqual(bits(whole.end.best!.variables));
  });

  test.each<[string, Partial<TrainOptions>]>([
    ["seed 7, this training has 8", { seed: 8 }],
    ["batchSize 4, this training has 5", { batchSize: 5 }],
    ["shuffle true, this training has false", { shuffle: false }],
    ['lastBatch "keep", this training has "drop"', { lastBatch: "drop" }],
    ["rows 10, this training has 9", { data: { train: bentLine(9), validation: bentLine(5, 100) } }],
  ])("refuses a checkpoint taken with %s", async (difference, differing) => {
    await expect(outcome({ ...differing, resume: whole.last })).rejects.toThrow(
      `checkpoint: was taken with ${difference}; a training resumes with the same model, data, weights, preprocessing, seed and batches.`,
    );
  });

  test("refuses other data of as many rows, and other weights", async () => {
    const { data } = rich({});
    const other = { ...data, train: bentLine(10, 1) };
    await expect(outcome({ data: other, resume: whole.last })).rejects.toThrow(
      /was taken with data "crc32c:[0-9a-f]+", this training has "crc32c:[0-9a-f]+"; a training/,
    );
    const weighed = { ...data, sampleWeights: array(Array.from({ length: 10 }, (_, row) => row + 1)) };
    await expect(outcome({ data: weighed, resume: whole.last })).rejects.toThrow(/was taken with data "crc32c:/);
  });

  test("refuses other preprocessing", async () => {
    const preprocessing = fitPreprocessing(bentLine(10), { inputs: standardize() });
    await expect(outcome({ preprocessing, resume: whole.last })).rejects.toThrow(
      /^checkpoint: was taken with preprocessing\.inputs\.0 undefined, this training has \{"type":"standardize"/,
    );
  });

  test("refuses a decoded checkpoint of another model", async () => {
    const resume = decodeCheckpoint(whole.last, { plugins: [core] });
    await expect(outcome({ model: plainModel(), resume })).rejects.toThrow(
      /^checkpoint: was taken with layer\.config\..* this training has /,
    );
  });

  test("refuses a checkpoint of another model", async () => {
    await expect(outcome({ model: plainModel(), resume: whole.last })).rejects.toThrow(
      /^checkpoint: belongs to another model: params\.1\.kernel, f32\[4, 1\] in the model, is missing; .* has no place/,
    );
  });

  test("refuses slots of another optimizer", async () => {
    await expect(outcome({ optimizer: sgd({ momentum: 0.9 }), resume: whole.last })).rejects.toThrow(
      /^checkpoint: belongs to another optimizer: slots\.velocity\..* in the optimizer, is missing.* Give the optimizer that it was made with/,
    );
  });
});

test("every: epoch takes one checkpoint after each epoch's validation", async () => {
  const { saved } = await outcome({}, "epoch");
  expect(saved.map(({ epoch, batch }) => [epoch, batch])).toEqual([
    [1, 0],
    [2, 0],
    [3, 0],
  ]);
});
