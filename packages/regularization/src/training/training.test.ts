// Trainings with penalties, averages and early ends: the best model whatever ended them, and resumes that lose nothing.
import {
  adam,
  adamw,
  batchNorm,
  type Callback,
  dataset,
  dense,
  encodeModel,
  type FitOptions,
  fit,
  frozen,
  initialize,
  type Metric,
  mse,
  sequential,
  sgd,
} from "@hooke/core";
import { array, type HostArray, referenceBackend, treeLeaves } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import {
  averagedModel,
  decayWeightsOnly,
  earlyStopping,
  estimateBatchNorm,
  exponentialMovingAverage,
  l1,
  l2,
  maxNorm,
  reduceOnPlateau,
  sumOfPenalties,
} from "../index.ts";

const backend = referenceBackend();
const rows = (from: number, count: number) => {
  const x = Array.from({ length: count }, (_, i) => [Math.sin(1.7 * (from + i)), Math.cos(from + i)]);
  return dataset({ inputs: array(x), targets: array(x.map(([a, b]) => [Math.abs(a!) - b!])) });
};

function options(differing: Partial<FitOptions> = {}): FitOptions {
  return {
    ...{ backend, loss: mse(), optimizer: adam(), learningRate: 0.02, epochs: 8, batchSize: 4, seed: 1 },
    model: sequential([dense({ units: 4, activation: "tanh" }), batchNorm(), dense({ units: 1 })]),
    data: { train: rows(0, 10), validation: rows(50, 4) },
    ...differing,
  };
}

/** A metric with given values, one an epoch. */
function scripted(values: readonly number[], direction: Metric["direction"] = "minimize"): Partial<FitOptions> {
  let at = 0;
  return {
    metrics: [{ name: "scripted", direction, compute: () => values[at++]! }],
    monitor: "scripted",
    epochs: values.length,
  };
}

describe("early stopping", () => {
  it("stops after patience epochs, and returns the best epoch's model", async () => {
    const stopping = earlyStopping({ patience: 2 });
    const values = [3, 2, 4, 2, 5, 0];
    const { history, stopReason, model, best } = await fit({ ...options(scripted(values)), callbacks: [stopping] });
    expect(history).toHaveLength(4);
    expect(stopReason).toBe("early stopping: no better scripted for 2 epochs");
    expect(best!.epoch).toBe(1);
    expect(encodeModel(model)).toEqual(encodeModel(best!.model));
    expect(stopping.best!.value).toBe(2);
  });

  it("takes the direction from the metric, and NaN for no improvement", async () => {
    const values = [1, 3, Number.NaN, 2, 9];
    const { best, stopReason } = await fit({
      ...options(scripted(values, "maximize")),
      callbacks: [earlyStopping({ patience: 2 })],
    });
    expect([best!.epoch, stopReason]).toEqual([1, "early stopping: no better scripted for 2 epochs"]);
  });

  it("counts improvements of more than minDelta only", async () => {
    const run = (minDelta: number) =>
      fit({ ...options(scripted([3, 2.9, 2.8, 2.7])), callbacks: [earlyStopping({ patience: 2, minDelta })] });
    expect((await run(0)).history).toHaveLength(4);
    expect((await run(0.5)).history).toHaveLength(3);
  });

  it.each<[string, Partial<FitOptions>, Callback]>([
    ["the last epoch", {}, {}],
    ["a callback that stops", {}, { onStep: ({ epoch }, { stop }) => void (epoch === 4 && stop("enough")) }],
  ])("returns the best model when ended by %s", async (_, differing, other) => {
    const { model, best } = await fit({
      ...options({ ...scripted([3, 1, 2, 2, 2, 2]), ...differing }),
      callbacks: [other, earlyStopping()],
    });
    expect(best!.epoch).toBe(1);
    expect(encodeModel(model)).toEqual(encodeModel(best!.model));
  });

  it("returns the best model when ended by a signal", async () => {
    const controller = new AbortController();
    const abort: Callback = { onStep: ({ epoch }) => void (epoch === 3 && controller.abort()) };
    const { model, best, stopReason } = await fit({
      ...options({ ...scripted([3, 1, 2, 2, 2, 2]), signal: controller.signal }),
      callbacks: [abort, earlyStopping()],
    });
    expect([stopReason, best!.epoch]).toEqual(["aborted", 1]);
    expect(encodeModel(model)).toEqual(encodeModel(best!.model));
  });

  it.each<[string, Partial<FitOptions>, Callback, RegExp]>([
    [
      "a loss that is not finite",
      {
        augment: (batch, key) =>
          spoiled(key)
            ? { ...batch, inputs: { ...batch.inputs, data: batch.inputs.data.map(() => Number.NaN) } }
            : batch,
      },
      {},
      /the loss of step 13 .* is NaN/,
    ],
    [
      "a callback that throws",
      {},
      {
        onStep: ({ step }) => {
          if (step === 13) throw new Error("disk full");
        },
      },
      /disk full/,
    ],
  ])("keeps the best model when ended by %s", async (_, differing, other, message) => {
    steps = 0;
    const stopping = earlyStopping();
    const kept: Uint8Array[] = [];
    const keep: Callback = {
      async onValidation({ variables }, { modelWith }) {
        kept.push(encodeModel(modelWith(await variables())));
      },
    };
    const training = fit({
      ...options({ ...scripted([3, 1, 2, 2, 2, 2]), ...differing }),
      callbacks: [stopping, keep, other],
    });
    await expect(training).rejects.toThrow(message);
    expect(stopping.best!.epoch).toBe(1);
    expect(encodeModel(stopping.best!.model)).toEqual(kept[1]);
  });

  it("says that it needs a validation part", async () => {
    const { data, ...rest } = options();
    await expect(fit({ ...rest, data: { train: data.train }, callbacks: [earlyStopping()] })).rejects.toThrow(
      "earlyStopping: the training has no validation part to stop by; give fit data.validation.",
    );
  });
});

let steps = 0;
const spoiled = (_key: HostArray): boolean => ++steps === 13;

it("a training with all of it resumes to the same bytes from every update", async () => {
  const run = async (resume?: Uint8Array): Promise<Uint8Array[]> => {
    const saved: Uint8Array[] = [];
    await fit({
      ...options({
        optimizer: exponentialMovingAverage(
          { decay: 0.8 },
          maxNorm({ limit: 1 }, decayWeightsOnly(adamw, { weightDecay: 0.1 })),
        ),
        penalty: sumOfPenalties(l1({ strength: 1e-3 }), l2({ strength: 1e-3, paths: "0.**" })),
        learningRate: reduceOnPlateau({ learningRate: 0.05, patience: 0, threshold: 0.2, factor: 0.5 }),
        checkpoint: { every: 1, save: (bytes) => void saved.push(bytes) },
        ...(resume && { resume }),
      }),
      callbacks: [earlyStopping({ patience: 3, minDelta: 0.05 })],
    });
    return saved;
  };
  const whole = await run();
  // The last one was taken when the training had stopped; it would go on from there.
  for (const bytes of whole.slice(0, -1)) expect((await run(bytes)).at(-1)).toEqual(whole.at(-1));
});

it("the average is a model of its own, with statistics of its own", async () => {
  const given = options({ optimizer: exponentialMovingAverage({ decay: 0.5 }, adam()) });
  const result = await fit(given);
  const averaged = averagedModel(result);
  expect(encodeModel(averaged)).not.toEqual(encodeModel(result.model));
  const estimated = await estimateBatchNorm(averaged, given.data.train, { backend, batchSize: 5 });
  expect(estimated.variables.params).toBe(averaged.variables.params);
  expect(encodeModel(estimated)).not.toEqual(encodeModel(averaged));
  expect(() => averagedModel({ ...result, slots: {} })).toThrow("averagedModel: the optimizer kept no average.");
});

it("statistics of frozen norms stay", async () => {
  const layer = sequential([frozen(batchNorm()), dense({ units: 2 }), batchNorm()]);
  const data = rows(0, 8);
  const model = { layer, inputShape: [2], variables: await initialize(backend, layer, [2], 0) };
  const { variables } = await estimateBatchNorm(model, data, { backend });
  const changed = treeLeaves<HostArray>(variables.state).filter(
    ({ path, value }) =>
      !treeLeaves<HostArray>(model.variables.state).some((old) => old.path === path && old.value === value),
  );
  expect(changed.map(({ path }) => path)).toEqual(["2.mean", "2.variance"]);
});

describe("messages", () => {
  const failing: [string, Partial<FitOptions>, string][] = [
    [
      "a penalty of nothing",
      { penalty: l1({ strength: 1, paths: "tail.**" }) },
      'l1: "tail.**" names no parameter. There are: 0.kernel',
    ],
    [
      "a bound on a bias",
      { optimizer: maxNorm({ limit: 1, paths: "**.bias" }, sgd()) },
      "maxNorm: 0.bias is f32[4]; weights that enter units",
    ],
    [
      "a list that spares nothing",
      { optimizer: decayWeightsOnly(adamw, { weightDecay: 1 }, "x.*") },
      'groups: group 0, "x.*", names no parameter',
    ],
    [
      "a metric that is not computed",
      { learningRate: reduceOnPlateau({ learningRate: 1, monitor: { name: "r2", direction: "maximize" } }), epochs: 2 },
      'reduceOnPlateau: the training has no metric "r2"; list it under metrics.',
    ],
  ];
  it.each(failing)("%s", async (_, differing, message) => {
    await expect(fit(options(differing))).rejects.toThrow(message);
  });
});
