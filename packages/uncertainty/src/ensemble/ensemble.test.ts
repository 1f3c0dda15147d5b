// Members trained together: each is what fit makes of its seed; dropout, running statistics and classes too; what is refused.
import { wasmBackend } from "@hooke/backend-wasm";
import {
  adam,
  adamw,
  batchNorm,
  crossEntropy,
  dense,
  dropout,
  type FitOptions,
  fit,
  type Layer,
  mse,
  sequential,
  sgd,
} from "@hooke/core";
import { dataset, fitPreprocessing, standardize } from "@hooke/data";
import { array, type HostArray, treeLeaves } from "@hooke/runtime";
import { expect, it } from "vitest";
import { predictMembers } from "../draws/predict-members.ts";
import { classMixtureOf } from "../predictive/class-mixture.ts";
import { fitEnsemble } from "./fit-ensemble.ts";

const backend = wasmBackend();
const x = Array.from({ length: 50 }, (_, i) => [Math.sin(i), Math.cos(1.7 * i)]);
const train = dataset({ inputs: array(x), targets: array(x.map(([a, b]) => [3 + a! * b!])) });
const options = {
  backend,
  data: { train },
  preprocessing: fitPreprocessing(train, { inputs: standardize(), targets: standardize() }),
  loss: mse(),
  learningRate: 1e-2,
  batchSize: 16,
  epochs: 12,
  seed: 5,
};

const cases: readonly (readonly [string, Layer, Partial<FitOptions>])[] = [
  ["a perceptron", sequential([dense({ units: 8, activation: "tanh" }), dense({ units: 1 })]), { optimizer: adam() }],
  [
    "dropout, decay and a schedule",
    sequential([dense({ units: 8, activation: "relu" }), dropout({ rate: 0.2 }), dense({ units: 1 })]),
    {
      optimizer: adamw({ weightDecay: 0.1 }),
      learningRate: { type: "falling", config: {}, at: ({ step }) => 0.02 / step },
    },
  ],
  [
    "running statistics",
    sequential([dense({ units: 6 }), batchNorm(), dense({ units: 1 })]),
    { optimizer: sgd({ momentum: 0.9 }), learningRate: 1e-3 },
  ],
];

it.each(cases)("member m is fit with seed + m, to rounding: %s", async (_, model, own) => {
  const shared = { ...options, model, ...own } as typeof options & { model: Layer; optimizer: FitOptions["optimizer"] };
  const { models, history } = await fitEnsemble({ ...shared, members: 3 });
  for (const [member, trained] of models.entries()) {
    const alone = await fit({ ...shared, seed: 5 + member });
    const [ours, theirs] = [trained, alone.model].map(({ variables }) => treeLeaves<HostArray>(variables as never));
    for (const [i, { path, value }] of ours!.entries()) {
      for (const [j, number] of value.data.entries()) {
        expect(Math.abs(number - theirs![i]!.value.data[j]!), path).toBeLessThan(2e-4);
      }
    }
    expect(history.at(-1)![member]).toBeCloseTo(alone.history.at(-1)!.loss, 4);
  }
  expect(models[0]!.variables).not.toEqual(models[1]!.variables);
});

it("learns classes, whose probabilities are the mean of the members'", async () => {
  const labels = array(
    x.map(([a]) => (a! > 0 ? 1 : 0)),
    { dtype: "i32" },
  );
  const classes = dataset({ inputs: array(x), targets: labels, classes: ["tension", "compression"] });
  const { models } = await fitEnsemble({
    backend,
    data: { train: classes },
    model: dense({ units: 2 }),
    loss: crossEntropy({ classWeights: { tension: 2 } }),
    optimizer: adam(),
    learningRate: 0.05,
    epochs: 20,
    batchSize: 25,
    seed: 0,
    members: 2,
  });
  const { probabilities } = classMixtureOf(await predictMembers(models, classes, { backend }));
  const right = labels.data.filter(
    (label: number, row: number) => (probabilities.data[2 * row + 1]! > 0.5 ? 1 : 0) === label,
  );
  expect(right.length).toBeGreaterThan(42);
});

it("an ensemble of one, a validation part and a loss that is not finite are refused, and a signal ends it", async () => {
  const shared = { ...options, model: dense({ units: 1 }), optimizer: adam() };
  await expect(fitEnsemble({ ...shared, members: 1 })).rejects.toThrow("members: 1, whose spread is 0");
  await expect(fitEnsemble({ ...shared, data: { train, validation: train } as never })).rejects.toThrow(
    "a validation part, which it does not look at",
  );
  await expect(fitEnsemble({ ...shared, optimizer: sgd(), learningRate: 1e30 })).rejects.toThrow(
    /the loss of member 0 is .* fit with the seed 5/,
  );
  const controller = new AbortController();
  const ended = fitEnsemble({
    ...shared,
    signal: controller.signal,
    onEpoch: ({ epoch }) => epoch === 2 && controller.abort(new Error("enough")),
  });
  await expect(ended).rejects.toThrow("enough");
});
