// Trainings that ranks share, beside the training of one process.
import { dataset, streamedDataset, take, takeRows } from "@hooke/data";
import { array, HookeError, type HostArray, threefry, treeLeaves } from "@hooke/runtime";
import { describe, expect, test } from "vitest";
import { batchNorm } from "../layers/batch-norm.ts";
import { dense } from "../layers/dense.ts";
import { dropout } from "../layers/dropout.ts";
import { recomputed } from "../layers/recomputed.ts";
import { sequential } from "../layers/sequential.ts";
import { accumulate } from "../optimizers/accumulate.ts";
import { adam } from "../optimizers/adam.ts";
import { sgd } from "../optimizers/sgd.ts";
import type { FitOptions } from "../training/callback.ts";
import type { FitResult } from "../training/fit.ts";
import { fit } from "../training/fit.ts";
import type { Augmentation } from "../training/options.ts";
import { train } from "../training/train.ts";
import { bentLine, bits, options } from "../training/training.fixture.ts";
import { communicators } from "./ranks.fixture.ts";
import { type RanksOptions, ranksOf } from "./share.ts";

/** The same training by several ranks. */
async function together(
  size: number,
  given: (rank: number) => FitOptions,
  how: RanksOptions = {},
): Promise<FitResult[]> {
  const all = communicators(size).map((one, rank) => fit({ ...given(rank), ranks: ranksOf(one, how) }));
  const settled = await Promise.allSettled(all);
  const failed = settled.find((one) => one.status === "rejected");
  if (failed) throw failed.reason;
  return settled.map((one) => (one as PromiseFulfilledResult<FitResult>).value);
}

/** The largest difference of any parameter or state. */
function difference(a: FitResult, b: FitResult): number {
  const leaves = (result: FitResult) =>
    treeLeaves<HostArray>(result.model.variables as never).map(({ value }) => value.data);
  const others = leaves(b);
  return Math.max(...leaves(a).map((data, i) => Math.max(...[...data].map((x, j) => Math.abs(x - others[i]![j]!)))));
}

const rich = () => sequential([dense({ units: 4 }), batchNorm(), dropout({ rate: 0.3 }), dense({ units: 1 })]);
const noisy = () => sequential([dense({ units: 4, activation: "tanh" }), dropout({ rate: 0.3 }), dense({ units: 1 })]);
const f64 = (data: ReturnType<typeof bentLine>) =>
  dataset({
    inputs: array(Float64Array.from(data.inputs.data), { shape: data.inputs.shape }),
    targets: array(Float64Array.from(data.targets.data), { shape: data.targets.shape }),
  });

/** Blends each row with the one before it, which may be another rank's. */
const mixed: Augmentation = (batch) => {
  const { data, shape } = batch.inputs;
  const before = (i: number): number => data[(i + data.length - shape[1]!) % data.length]!;
  return { ...batch, inputs: { ...batch.inputs, data: data.map((value, i) => (value + before(i)) / 2) as never } };
};

/** Adds to each row a number of its place in the batch. */
const shaken: Augmentation = (batch, key, first = 0) => {
  const { data, shape } = batch.inputs;
  const noise = (i: number): number =>
    threefry(key.data[0]!, key.data[1]!, first + Math.floor(i / shape[1]!), 7)[0]! / 2 ** 32;
  return { ...batch, inputs: { ...batch.inputs, data: data.map((value, i) => value + noise(i)) as never } };
};

const base = (differing: Partial<FitOptions> = {}): FitOptions => ({
  ...options({ model: noisy(), optimizer: sgd(), ...differing }),
});

describe("several ranks train as one process does", () => {
  const cases: [string, () => Partial<FitOptions>][] = [
    ["dropout", () => ({})],
    ["adam", () => ({ optimizer: adam() })],
    ["batch norm", () => ({ model: rich() })],
    ["accumulated", () => ({ optimizer: accumulate(2, adam()) })],
    ["changed batches", () => ({ augment: mixed })],
    ["batches changed row by row", () => ({ augment: Object.assign(shaken, { byRow: true }) })],
    ["gradient checkpoints", () => ({ model: recomputed(rich()) })],
    [
      "weights",
      () => ({ data: { train: bentLine(10), sampleWeights: array(Array.from({ length: 10 }, (_, i) => 1 + i)) } }),
    ],
    ["f64", () => ({ model: rich(), data: { train: f64(bentLine(10)), validation: f64(bentLine(5)) } })],
  ];
  test.each(cases)("%s", async (_, differing) => {
    const one = await fit(base(differing()));
    for (const size of [2, 3]) {
      const all = await together(size, () => base(differing()));
      for (const each of all) {
        expect(difference(each, one)).toBeLessThan(1e-6);
        expect(bits(each.model.variables)).toEqual(bits(all[0]!.model.variables));
        expect(each.history).toEqual(all[0]!.history);
      }
      expect(all[0]!.history.length).toBe(one.history.length);
      expect(all[0]!.history[0]!.loss).toBeCloseTo(one.history[0]!.loss, 6);
      expect(all[0]!.history[0]!.validation?.loss ?? 0).toBeCloseTo(one.history[0]!.validation?.loss ?? 0, 6);
    }
  });
});

test("statistics of each rank's rows make another training, whose ranks agree", async () => {
  const options = () => base({ model: rich(), data: { train: bentLine(12) } });
  const one = await fit(options());
  const [first, second] = (await together(2, () => options(), { statistics: "perRank" })) as [FitResult, FitResult];
  expect(bits(second.model.variables)).toEqual(bits(first.model.variables));
  expect(difference(first, one)).toBeGreaterThan(1e-4);
});

test("a batch of fewer rows than ranks leaves some without", async () => {
  const options = () => base({ model: rich(), data: { train: bentLine(10) } });
  const one = await fit(options());
  const all = await together(5, options);
  for (const each of all) expect(difference(each, one)).toBeLessThan(1e-6);
});

describe("all ranks end with one error", () => {
  /** The messages, rank by rank. */
  async function messages(given: (rank: number) => FitOptions): Promise<string[]> {
    const all = communicators(3).map((one, rank) => fit({ ...given(rank), ranks: ranksOf(one) }));
    const settled = await Promise.allSettled(all);
    return settled.map((one) => (one.status === "rejected" ? String(one.reason.message) : "finished"));
  }

  const named = (rank: number, name: string) => ({ ...bentLine(10), inputNames: ["x", rank === 1 ? name : "y"] });
  test.each<[string, (rank: number) => Partial<FitOptions>, string]>([
    [
      "columns",
      (rank) => ({ data: { train: named(rank, "z") } }),
      'rank 0 begins with columns.inputs.1 "y", rank 1 with "z"; all',
    ],
    [
      "rows",
      (rank) => ({ data: { train: bentLine(10 + (rank === 2 ? 1 : 0)) } }),
      "rank 0 begins with rows 10, rank 2 with 11; all",
    ],
    ["numbers", (rank) => ({ data: { train: bentLine(10, rank === 2 ? 1 : 0) } }), "rank 0 begins with data "],
    ["models", (rank) => ({ model: rank === 1 ? rich() : noisy() }), "rank 0 begins with model."],
    [
      "optimizers",
      (rank) => ({ optimizer: rank === 1 ? adam({ beta1: 0.8 }) : adam() }),
      'rank 0 begins with program "',
    ],
    ["seeds", (rank) => ({ seed: rank }), "rank 0 begins with settings.seed 0, rank 1 with 1; all"],
    ["start", (rank) => ({ optimizer: rank === 1 ? sgd({ momentum: 0.9 }) : sgd() }), "rank 0 begins with program"],
  ])("other %s", async (_, differing, message) => {
    const said = await messages((rank) => base(differing(rank)));
    for (const one of said) expect(one).toContain(`ranks: ${message}`);
  });

  test("other versions", async () => {
    const versions = (rank: number) => ({ hooke: "0.1.0", node: rank === 2 ? "v22.4.0" : "v24.21.0" });
    const all = communicators(3).map((one, rank) =>
      fit({ ...base(), ranks: ranksOf(one, { versions: versions(rank) }) }).catch((error: Error) => error.message),
    );
    const message =
      'ranks: rank 0 begins with versions.node "v24.21.0", rank 2 with "v22.4.0"; all ranks train the same model on the same data, ' +
      "by the same program and versions. Install the same versions on all machines.";
    expect(await Promise.all(all)).toEqual(Array(3).fill(message));
  });

  test.each<[number, number, boolean, string]>([
    [2, 4, false, "finished"],
    [3, 4, false, "{ size: 3, batchSize: 4 }, and { size: 2, batchSize: 4 } train: they would read each other's. Give"],
    [2, 6, false, "{ size: 2, batchSize: 6 }, and { size: 2, batchSize: 4 } train"],
    [3, 4, true, "finished"],
  ])("files dealt to %i ranks, batches of %i, resumed: %s", async (size, batchSize, resumed, message) => {
    const { inputs, ...rest } = bentLine(12);
    const streamed = {
      ...{ shape: inputs.shape, dtype: inputs.dtype, checksum: "bent line", ranks: { size, batchSize } },
      read: async (rows: Int32Array) => takeRows(inputs, rows),
    };
    const data = { train: take(streamedDataset({ inputs: streamed, targets: rest.targets }), [...Array(12).keys()]) };
    const kept: Uint8Array[] = [];
    if (resumed) {
      const checkpoint = { every: "epoch" as const, save: (bytes: Uint8Array) => void kept.push(bytes.slice()) };
      await fit(base({ data, batchSize: 4, epochs: 1, checkpoint }));
    }
    const said = await Promise.allSettled(
      communicators(2).map((one) =>
        fit({ ...base({ data, batchSize: 4, epochs: 2 }), ...(resumed && { resume: kept[0]! }), ranks: ranksOf(one) }),
      ),
    );
    for (const one of said) expect(one.status === "rejected" ? one.reason.message : "finished").toContain(message);
  });

  test("of one of them, at the start", async () => {
    const open = (rank: number) => ({
      every: "epoch" as const,
      save: () => {},
      open: () => {
        if (rank === 0) throw new Error("no room");
      },
    });
    expect(await messages((rank) => base({ checkpoint: open(rank) }))).toEqual(Array(3).fill("rank 0 of 3: no room"));
  });

  test("of one of them, in the midst", async () => {
    const augment =
      (rank: number): Augmentation =>
      (batch) => {
        if (rank === 2) throw new Error("scan 7 is torn");
        return batch;
      };
    expect(await messages((rank) => base({ augment: augment(rank) }))).toEqual(
      Array(3).fill("rank 2 of 3: scan 7 is torn"),
    );
  });

  test("of a loss that is not finite: the rank that has the rows says where", async () => {
    const train = bentLine(12);
    train.targets.data[10] = 1e38;
    const said = await messages(() => base({ data: { train }, shuffle: false, epochs: 1, batchSize: 12 }));
    for (const one of said) {
      expect(one).toMatch(/^rank 2 of 3: train: the loss of step 1 \(epoch 0, batch 0\) is Infinity\./);
      expect(one).toContain("Rows of the batch: 8, 9, 10, 11.");
    }
  });

  test("of a rank that goes", async () => {
    const all = communicators(2).map(async (one, rank) => {
      let steps = 0;
      for await (const event of train({ ...base(), ranks: ranksOf(one) }))
        if (event.type === "step" && ++steps === 2 && rank === 1) break;
    });
    const [first, second] = await Promise.allSettled(all);
    expect(second!.status).toBe("fulfilled");
    expect(String((first as PromiseRejectedResult).reason)).toContain(
      "ranks: rank 0 is at batch 3, rank 1 has left the training. All ranks must",
    );
  });
});

test("one that is asked to stop stops all, at the same batch", async () => {
  const stopping = new AbortController();
  const all = await together(3, (rank) =>
    base({
      epochs: 100,
      ...(rank === 1 && { signal: stopping.signal }),
      callbacks: [{ onStep: ({ step }) => void (rank === 1 && step === 4 && stopping.abort()) }],
    }),
  );
  for (const each of all) {
    expect(each.stopReason).toBe("aborted");
    expect(bits(each.model.variables)).toEqual(bits(all[0]!.model.variables));
  }
});

test("rank 0 alone keeps checkpoints, which any number of ranks goes on from", async () => {
  const keep = (into: Uint8Array[]) => ({ every: 1, save: (bytes: Uint8Array) => void into.push(bytes) });
  const whole = await fit(base({ model: rich() }));
  const kept: Uint8Array[][] = [[], []];
  await together(2, (rank) => base({ model: rich(), epochs: 2, checkpoint: keep(kept[rank]!) }));
  expect(kept.map(({ length }) => length)).toEqual([7, 0]);
  // In the midst of the first epoch, by one process; at the end of the second, by three.
  for (const [at, size] of [
    [1, 1],
    [6, 3],
  ] as const) {
    const [resumed] = await together(size, () => base({ model: rich(), resume: kept[0]![at]! }));
    expect(difference(resumed!, whole)).toBeLessThan(1e-6);
  }
});

test("where a rank loses its device, all end, with the rank and what to do", async () => {
  const { backend } = base();
  const lost: FitOptions["backend"] = {
    ...backend,
    read: (buffer) =>
      losing
        ? Promise.reject(new HookeError("backend gpu: the device was lost.", { code: "device-lost" }))
        : backend.read(buffer),
    reopen: async () => {},
  };
  let losing = false;
  const onStep = ({ step }: { readonly step: number }): void => {
    losing = step === 2;
  };
  const given = (rank: number): FitOptions => (rank === 1 ? base({ backend: lost, callbacks: [{ onStep }] }) : base());
  await expect(together(2, given)).rejects.toMatchObject({
    code: "device-lost",
    message:
      "rank 1 of 2: backend gpu: the device was lost. Start all ranks again, from the last checkpoint that rank 0 stored: " +
      "fit({ ..., resume: checkpoint }).",
  });
});
