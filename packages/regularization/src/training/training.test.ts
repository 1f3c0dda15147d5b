// Trainings with penalties, decay, max-norm and averages: resumes that lose nothing, averages as models, frozen layers,
// messages.
import {
  adam,
  adamw,
  batchNorm,
  dense,
  type FitOptions,
  fit,
  frozen,
  initialize,
  type Optimizer,
  sequential,
  sgd,
} from "@hooke/core";
import { encodeModel } from "@hooke/core/checkpoint";
import { type HostArray, treeLeaves } from "@hooke/runtime";
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
  stochasticWeightAveraging,
  sumOfPenalties,
} from "../index.ts";
import { backend, options, rows } from "./training.fixture.ts";

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
  const estimated = await estimateBatchNorm(averaged, rows(0, 10), { backend, batchSize: 5 });
  expect(estimated.variables.params).toBe(averaged.variables.params);
  expect(encodeModel(estimated)).not.toEqual(encodeModel(averaged));
  expect(() => averagedModel({ ...result, slots: {} })).toThrow("averagedModel: the optimizer kept no average.");
});

it.each<[string, Optimizer]>([
  ["an exponential average", exponentialMovingAverage({ decay: 0.5 }, adamw({ weightDecay: 0.5 }))],
  ["a plain average", stochasticWeightAveraging({ start: 1, every: 1 }, adamw({ weightDecay: 0.5 }))],
  [
    "an average inside of decay and max-norm",
    maxNorm({ limit: 0.01 }, exponentialMovingAverage({ decay: 0.5 }, adamw())),
  ],
  ["an average of what max-norm leaves", exponentialMovingAverage({ decay: 0.5 }, maxNorm({ limit: 0.01 }, sgd()))],
])("%s leaves frozen parameters as they are", async (_, optimizer) => {
  const model = sequential({ body: frozen(dense({ units: 3 })), head: dense({ units: 1 }) });
  const variables = await initialize(backend, model, [2], 0);
  const result = await fit(options({ model, variables, optimizer }));
  const averaged = averagedModel(result);
  const { body, head } = averaged.variables.params as Record<string, Record<string, HostArray>>;
  const given = variables.params as Record<string, Record<string, HostArray>>;
  expect(body).toEqual(given.body);
  expect(head).not.toEqual(given.head);
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
      "a bound along an axis that is not there",
      { optimizer: maxNorm({ limit: 1, axis: 2 }, sgd()) },
      "maxNorm: 0.kernel, f32[2, 4], has no axis 2; name in paths what has one.",
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
  it.each<[string, () => unknown, string]>([
    [
      "paths by number",
      () => l1({ strength: 1, paths: 3 as never }),
      'l1: option "paths" is 3; expected a pattern such as "features.**", a list of patterns, or a function of the path.',
    ],
    ["no paths", () => l2({ strength: 1, paths: [] }), 'l2: option "paths" is []; expected a pattern'],
    ["an empty path", () => maxNorm({ limit: 1, paths: [""] }, sgd()), 'maxNorm: option "paths" is [""]'],
    ["an axis between two", () => maxNorm({ limit: 1, axis: 0.5 }, sgd()), 'maxNorm: option "axis" is 0.5'],
    [
      "spared by number",
      () => decayWeightsOnly(adamw, { weightDecay: 1 }, 3 as never),
      "decayWeightsOnly: received 3 to spare; expected a pattern",
    ],
    ["no penalty", () => sumOfPenalties(l1({ strength: 1 }), 2 as never), "sumOfPenalties: received 2; it takes"],
  ])("%s", (_, make, message) => {
    expect(make).toThrow(message);
  });

  it.each(failing)("%s", async (_, differing, message) => {
    await expect(fit(options(differing))).rejects.toThrow(message);
  });
});
