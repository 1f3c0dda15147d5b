// Cross-validation: every row judged once by a model that has not seen it, preprocessing without a look at the test
// rows.
import { adam, batchNorm, crossEntropy, dense, mse, sequential, sgd } from "@hooke/core";
import { dataset, fitPreprocessing, type Metric, metrics, standardize } from "@hooke/data";
import { array, referenceBackend } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { reduceOnPlateau } from "../schedules/index.ts";
import { crossValidate } from "./cross-validate.ts";
import { earlyStopping } from "./early-stopping.ts";

/** 1 where both classes are there. */
const hasBoth: Metric = {
  name: "hasBoth",
  direction: "maximize",
  compute: (_, { data }) => (new Set(data).size === 2 ? 1 : Number.NaN),
  whyUndefined: ({ data }) => (new Set(data).size === 2 ? undefined : "there is one class"),
};
const x = Array.from({ length: 10 }, (_, i) => [i]);
const options = {
  backend: referenceBackend(),
  model: dense({ units: 1 }),
  data: dataset({ inputs: array(x), targets: array(x.map(([at]) => [3 * at! - 1])) }),
  loss: mse(),
  optimizer: sgd(),
  learningRate: 0.1,
  preprocessing: { inputs: standardize(), targets: standardize() },
  metrics: [metrics.rmse, metrics.mae],
  epochs: 60,
  batchSize: 4,
  seed: 3,
};

it("judges every row once, on models that differ, with mean and standard deviation", async () => {
  const epochs = new Map<number, number>();
  const callbacks = (fold: number) => [{ onEpoch: () => void epochs.set(fold, (epochs.get(fold) ?? 0) + 1) }];
  const { folds, metrics: found } = await crossValidate({ ...options, folds: 4, callbacks });
  expect(folds.flatMap(({ testRows }) => [...testRows]).sort((a, b) => a - b)).toEqual(x.map(([i]) => i));
  expect([...epochs]).toEqual([0, 1, 2, 3].map((fold) => [fold, 60]));
  const values = folds.map((fold) => fold.metrics.rmse!);
  const mean = values.reduce((sum, value) => sum + value, 0) / 4;
  expect(found.rmse!.mean).toBeCloseTo(mean, 12);
  expect(found.rmse!.standardDeviation).toBeCloseTo(
    Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 3),
    12,
  );
  expect(mean).toBeLessThan(0.1);
  // Fitted on each fold's own training rows.
  const centres = folds.map(({ model }) => JSON.stringify(model.preprocessing));
  expect(new Set(centres).size).toBe(4);
});

it("a category that one row has makes a constant column in the fold that tests it: a warning, and no end", async () => {
  const inputs = array(x.map(([at]) => [at!, Number(at === 3)]));
  const data = dataset({ inputs, targets: options.data.targets, inputNames: ["x", "m=titanium"] });
  const { folds } = await crossValidate({ ...options, data, epochs: 1 });
  for (const { testRows, warnings, metrics: found } of folds) {
    expect(warnings.map((text) => /"(.*?)"/.exec(text)![1])).toEqual(testRows.includes(3) ? ["m=titanium"] : []);
    expect(found.rmse).toBeGreaterThan(0);
  }
});

it("deals classes evenly to folds, and a fold without one of them ends nothing", async () => {
  const classified = (labels: number[]) =>
    dataset({ inputs: array(x), targets: array(labels, { dtype: "i32" }), classes: ["no", "yes"] });
  const given = { ...options, preprocessing: {}, model: dense({ units: 2 }), loss: crossEntropy(), epochs: 1 };
  const settings = { ...given, folds: 2, metrics: [hasBoth] };
  const even = await crossValidate({ ...settings, data: classified([1, 1, 1, 1, 0, 0, 0, 0, 0, 0]) });
  expect(even.folds.map(({ testRows }) => [...testRows].filter((row) => row < 4).length)).toEqual([2, 2]);
  const rare = await crossValidate({ ...settings, data: classified([0, 0, 0, 1, 0, 0, 0, 0, 0, 0]) });
  expect(rare.metrics.hasBoth).toMatchObject({ mean: 1, folds: 1 });
  for (const { testRows, metrics: found, undefinedMetrics } of rare.folds) {
    const reason = testRows.includes(3) ? undefined : { hasBoth: "there is one class" };
    expect([Number.isNaN(found.hasBoth), undefinedMetrics]).toEqual([reason !== undefined, reason]);
  }
});

it("gives the same numbers for the same seed", async () => {
  const [first, second] = [await crossValidate(options), await crossValidate(options)];
  expect(second.metrics).toEqual(first.metrics);
  expect(first.folds).toHaveLength(5);
});

describe("with rows to watch", () => {
  const watching = { ...options, folds: 2, validation: 0.4, epochs: 6 };

  it("stops early, follows plateaus and monitors a metric on rows that are neither trained on nor tested", async () => {
    const seen: { fold: number; names: string[]; rate: number }[] = [];
    const { folds } = await crossValidate({
      ...watching,
      monitor: "mae",
      learningRate: reduceOnPlateau({ learningRate: 1e-5, patience: 0, threshold: 0.5 }),
      callbacks: (fold) => [
        earlyStopping({ patience: 3, minDelta: 1 }),
        {
          onValidation: ({ metrics: found, monitor, history }) =>
            void seen.push({ fold, names: [monitor.name, ...Object.keys(found)], rate: history.at(-1)!.learningRate }),
        },
      ],
    });
    // At this rate nothing improves by half, or by 1: the best epoch is the first, and three more are borne.
    expect(seen.filter(({ fold }) => fold === 0)).toHaveLength(4);
    expect(seen[0]!.names).toEqual(["mae", "rmse", "mae"]);
    expect(seen[3]!.rate).toBeLessThan(seen[0]!.rate);
    expect(folds.flatMap(({ testRows }) => [...testRows]).sort((a, b) => a - b)).toEqual(x.map(([row]) => row));
  });

  it("fits preprocessing to what is trained on alone", async () => {
    const watched = await crossValidate(watching);
    const all = await crossValidate({ ...options, folds: 2, epochs: 6 });
    expect(watched.folds.map(({ testRows }) => testRows)).toEqual(all.folds.map(({ testRows }) => testRows));
    for (const [i, { model, testRows }] of watched.folds.entries()) {
      const mean = (fold: typeof model) => (fold.preprocessing!.inputs[0] as { mean: readonly number[] }).mean[0]!;
      const rest = x.map(([row]) => row!).filter((row) => !testRows.includes(row));
      expect(mean(all.folds[i]!.model)).toBeCloseTo(rest.reduce((sum, row) => sum + row, 0) / 5, 6);
      // Three of these five rows.
      const three = rest.flatMap((a, j) => rest.slice(j + 1).map((b) => (rest.reduce((s, r) => s + r, 0) - a - b) / 3));
      expect(three.some((value) => Math.abs(value - mean(model)) < 1e-6)).toBe(true);
    }
  });
});

it("never divides a group between training, validation and test", async () => {
  const groups = ["a", "b", "c", "d", "e", "a", "b", "c", "d", "e"];
  const { preprocessing: _, ...plain } = options;
  const trained: number[][] = [];
  const { folds } = await crossValidate({
    ...plain,
    groups,
    folds: 2,
    validation: 0.4,
    epochs: 1,
    batchSize: 10,
    learningRate: 1e-6,
    augment: (batch) => {
      // Inputs are the numbers of their rows.
      trained.push([...batch.inputs.data]);
      return batch;
    },
  });
  const labels = (rows: Iterable<number>): string[] => [...new Set(Array.from(rows, (row) => groups[row]!))].sort();
  for (const [i, { testRows }] of folds.entries()) {
    const watched = x.map(([row]) => row!).filter((row) => !testRows.includes(row) && !trained[i]!.includes(row));
    expect(watched.length).toBeGreaterThan(0);
    expect([...labels(trained[i]!), ...labels(watched), ...labels(testRows)].sort()).toEqual(["a", "b", "c", "d", "e"]);
  }
});

it("ends with the signal's reason", async () => {
  const controller = new AbortController();
  const callbacks = (fold: number) => [{ onEpoch: () => void (fold === 1 && controller.abort(new Error("enough"))) }];
  await expect(crossValidate({ ...options, signal: controller.signal, callbacks })).rejects.toThrow("enough");
});

it.each<[string, object, string]>([
  ["more folds than rows", { folds: 11 }, "kFold: received k = 11 for 10 rows"],
  ["half a fold", { folds: 2.5 }, 'crossValidate: option "folds" is 2.5; expected a whole number above 0.'],
  ["no metrics", { metrics: [] }, 'crossValidate: option "metrics" is []; expected at least one metric'],
  ["metrics forgotten", { metrics: undefined }, 'crossValidate: option "metrics" is missing; expected at least one'],
  ["the data of fit", { data: { train: options.data } }, "expected one dataset, such as dataset({ inputs, targets })"],
  ["a checkpoint to resume", { resume: new Uint8Array() }, 'crossValidate: received the unknown option "resume"'],
  ["a metric by name", { metrics: ["rmse"] }, 'option "metrics" is ["rmse"]; expected at least one metric, in a list'],
  [
    "preprocessing that is fitted",
    { preprocessing: fitPreprocessing(options.data, { inputs: standardize() }) },
    "expected preprocessing that is not fitted yet, such as { inputs: standardize() }; each fold fits its own.",
  ],
  [
    "an uncalled optimizer",
    { optimizer: sgd },
    'option "optimizer" is the function sgd; expected an optimizer, such as adam().',
  ],
  ["a list of callbacks", { callbacks: [] }, "expected a function of the fold that returns callbacks"],
  ["a validation part of all", { validation: 1 }, 'option "validation" is 1; expected a number above 0 and below 1.'],
  ["groups of other rows", { groups: ["a"] }, "kFold: groups holds 1 names for 10 rows; give one for each row."],
  [
    "a monitor without rows to watch",
    { monitor: "mae" },
    'crossValidate: received monitor "mae" and no rows to watch; give validation: 0.1, or leave it out.',
  ],
])("refuses %s", async (_, differing, message) => {
  await expect(crossValidate({ ...options, ...differing } as never)).rejects.toThrow(message);
});

describe("sample weights", () => {
  // Rows of weight 0 hold another law: what is trained, watched and judged must not see them.
  const x = Array.from({ length: 24 }, (_, i) => [(i % 12) / 6 - 1]);
  const y = x.map(([at], i) => [i < 12 ? 2 * at! : 1000]);
  const weighted = {
    backend: referenceBackend(),
    model: dense({ units: 1 }),
    loss: mse(),
    optimizer: adam(),
    learningRate: 0.1,
    data: dataset({ inputs: array(x), targets: array(y) }),
    metrics: [metrics.rmse],
    folds: 3,
    epochs: 80,
    batchSize: 4,
    seed: 1,
    validation: 0.25,
    sampleWeights: array(x.map((_, i) => Number(i < 12))),
  };

  it("count in training, in what is watched, and in the metrics", async () => {
    const losses: number[] = [];
    const callbacks = () => [{ onValidation: ({ loss }: { readonly loss: number }) => void losses.push(loss) }];
    const found = await crossValidate({ ...weighted, callbacks });
    expect(found.metrics.rmse!.mean).toBeLessThan(0.1);
    expect(losses.at(-1)).toBeLessThan(0.1);
  });

  it("are one for each row", async () => {
    await expect(crossValidate({ ...weighted, sampleWeights: array([1]) })).rejects.toThrow(
      "received sampleWeights f32[1] for targets f32[24, 1]; expected f32[24], one for each row",
    );
  });
});

it("a fold in which nothing is judged is refused before the first is trained", async () => {
  const sampleWeights = array([...Array.from({ length: 9 }, () => 0), 1]);
  await expect(crossValidate({ ...options, sampleWeights })).rejects.toThrow(
    /crossValidate: every row that fold \d (trains on|is judged on) counts 0/,
  );
});

it("a fold that leaves one row for a batch norm is found before the first is trained", async () => {
  const x = array(Array.from({ length: 13 }, (_, i) => [i]));
  let trained = 0;
  const given = {
    backend: referenceBackend(),
    loss: mse(),
    optimizer: adam(),
    learningRate: 0.1,
    metrics: [metrics.rmse],
    data: dataset({ inputs: x, targets: x }),
    folds: 3,
    epochs: 1,
    batchSize: 7,
    seed: 0,
    model: sequential([dense({ units: 2 }), batchNorm(), dense({ units: 1 })]),
    callbacks: () => [{ onStep: () => void trained++ }],
  };
  // Folds test 4, 4 and 5 rows: 9 or 8 are trained on, in batches of 7 and 2, or 7 and 1.
  await expect(crossValidate(given)).rejects.toThrow(
    /8 rows in batches of 7 leave a last batch of 1, .*lastBatch: "drop"/,
  );
  expect(trained).toBe(0);
  await expect(crossValidate({ ...given, lastBatch: "drop" })).resolves.toBeDefined();
});
