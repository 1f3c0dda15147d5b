// The finder: a rate that trains, an end before the range's where training diverges, the same answer for the same seed.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  accumulate,
  adam,
  type Batch,
  dense,
  type FitOptions,
  fit,
  gaussianNll,
  initialize,
  mse,
  sgd,
  train,
} from "@hooke/core";
import { dataset, fitPreprocessing, standardize } from "@hooke/data";
import { writeReport } from "@hooke/report/node";
import { array, type HostArray, referenceBackend } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { l2 } from "../penalties.ts";
import { findLearningRate } from "./find-learning-rate.ts";

const x = Array.from({ length: 60 }, (_, i) => [Math.sin(i), Math.cos(3 * i)]);
const options = {
  backend: referenceBackend(),
  model: dense({ units: 1 }),
  data: { train: dataset({ inputs: array(x), targets: array(x.map(([a, b]) => [4 * a! - 2 * b! + 1])) }) },
  loss: mse(),
  optimizer: sgd(),
  batchSize: 20,
  seed: 1,
};

it("suggests a rate that trains, and stops where the loss runs away", async () => {
  const { suggestion, rates, losses, figure } = await findLearningRate(options);
  expect(rates.length).toBeLessThan(100);
  expect(losses).toHaveLength(rates.length);
  // Gradient descent on this problem diverges above 2 / (largest eigenvalue of the Hessian), about 1.
  expect(rates.at(-1)).toBeGreaterThan(0.5);
  expect(suggestion).toBeLessThan(1);
  expect(figure.x[0]).toBeCloseTo(-7, 10);
  expect(figure.caption).toContain(suggestion!.toPrecision(2));
  const { history } = await fit({ ...options, learningRate: suggestion!, epochs: 40 });
  expect(history.at(-1)!.loss).toBeLessThan(0.05 * history[0]!.loss);
  expect(await findLearningRate(options)).toEqual({ suggestion, rates, losses, figure });
});

describe("takes the options of fit", () => {
  /** The losses that `train` itself reports, penalty included, for rates that rise alike. */
  async function byTraining({ callbacks: _, ...given }: FitOptions, rates: readonly number[]): Promise<number[]> {
    const rising = { type: "rising", config: {}, at: ({ step }: { step: number }) => rates[step - 1]! };
    const losses: number[] = [];
    for await (const event of train({ ...given, learningRate: rising })) {
      if (event.type === "step") losses.push(event.loss + (event.penalty ?? 0));
      if (losses.length === rates.length) break;
    }
    return losses;
  }

  /** Undoes the smoothing: the average without bias of weights 0.05 (0.95)^k. */
  function raw(smoothed: readonly number[]): number[] {
    const averages = smoothed.map((value, i) => value * (1 - 0.95 ** (i + 1)));
    return averages.map((average, i) => (average - 0.95 * (averages[i - 1] ?? 0)) / 0.05);
  }

  const shifted = (batch: Batch<HostArray>, key: HostArray): Batch<HostArray> => ({
    ...batch,
    inputs: {
      ...batch.inputs,
      data: (batch.inputs.data as Float32Array).map((value) => value + (key.data[0]! % 8) / 8),
    },
  });
  const fitOptions: FitOptions = {
    ...options,
    batchSize: 60,
    learningRate: 0.1,
    epochs: 100,
    callbacks: [],
    metrics: [],
  };
  const sampleWeights = array(x.map((_, i) => (i % 3) / 2));
  const preprocessing = fitPreprocessing(options.data.train, { inputs: standardize(), targets: standardize() });

  it.each<[string, Partial<FitOptions>]>([
    ["as they are", {}],
    ["with a penalty", { penalty: l2({ strength: 0.3 }) }],
    ["with augmentation", { augment: shifted }],
    ["with sample weights", { data: { ...options.data, sampleWeights } }],
    ["with preprocessing", { preprocessing }],
    ["with an optimizer that counts steps", { optimizer: adam() }],
  ])("%s", async (_, differing) => {
    const given = { ...fitOptions, ...differing };
    const { rates, losses } = await findLearningRate({ ...given, range: [1e-4, 0.3], steps: 25 });
    const expected = await byTraining(given, rates);
    for (const [i, loss] of raw(losses).entries()) expect(loss / expected[i]!).toBeCloseTo(1, 3);
    if (Object.keys(differing).length > 0) {
      const plain = await findLearningRate({ ...fitOptions, range: [1e-4, 0.3], steps: 25 });
      expect(losses).not.toEqual(plain.losses);
    }
  });

  it("with variables to start from", async () => {
    const variables = await initialize(options.backend, options.model, [2], 99);
    const { losses } = await findLearningRate({ ...options, variables });
    expect(losses[0]).not.toBe((await findLearningRate(options)).losses[0]);
  });

  it("with a signal", async () => {
    await expect(findLearningRate({ ...options, signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow(
      "enough",
    );
  });
});

it("goes on where a likelihood's loss falls below 0", async () => {
  // Targets with next to no noise: the logarithm of the variance falls and falls.
  const targets = array(x.map(([a]) => [0.01 * a!]));
  const likelihood = {
    ...options,
    model: dense({ units: 2 }),
    data: { train: dataset({ inputs: array(x), targets }) },
    loss: gaussianNll(),
    optimizer: adam(),
  };
  const { losses, rates } = await findLearningRate({ ...likelihood, range: [1e-3, 1], steps: 60 });
  expect(Math.min(...losses)).toBeLessThan(0);
  expect(rates.length).toBeGreaterThan(40);
});

it("its figure goes into a report", async () => {
  const folder = await mkdtemp(join(tmpdir(), "finder-"));
  try {
    const { figure, suggestion } = await findLearningRate(options);
    const path = join(folder, "report.html");
    await writeReport(path, { title: "Finder", figures: [figure] });
    const page = await readFile(path, "utf8");
    expect(page).toContain(`The loss falls fastest at a learning rate of ${suggestion!.toPrecision(2)}.`);
    expect(page).toContain("logarithm of the learning rate (base 10)");
  } finally {
    await rm(folder, { recursive: true });
  }
});

it.each<[string, object, string]>([
  ["a range that does not rise", { range: [0, 1] }, 'option "range" is [0,1]; expected two numbers above 0 that rise'],
  ["too few steps", { steps: 5 }, 'option "steps" is 5; expected a whole number of at least 20.'],
  [
    "a dataset",
    { data: options.data.train },
    "expected the data of fit, { train, validation }: write data: { train: ... }.",
  ],
  ["a misspelt option", { batchsize: 3 }, 'received the unknown option "batchsize"'],
  ["no loss", { loss: undefined }, 'option "loss" is missing'],
])("refuses %s", async (_, differing, message) => {
  await expect(findLearningRate({ ...options, ...differing } as never)).rejects.toThrow(`findLearningRate: `);
  await expect(findLearningRate({ ...options, ...differing } as never)).rejects.toThrow(message);
});

it("gives an update as many batches as the optimizer accumulates", async () => {
  const whole = await findLearningRate({ ...options, batchSize: 60, steps: 30 });
  const parts = await findLearningRate({ ...options, optimizer: accumulate(3, sgd()), steps: 30 });
  expect(parts.rates).toEqual(whole.rates);
  for (const [i, loss] of whole.losses.entries()) expect(parts.losses[i]! / loss).toBeCloseTo(1, 3);
});
