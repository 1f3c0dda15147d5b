// The finder: a rate that trains, an end before the range's where training diverges, the same answer for the same seed.
import { dataset, dense, fit, mse, sgd } from "@hooke/core";
import { array, referenceBackend } from "@hooke/runtime";
import { expect, it } from "vitest";
import { findLearningRate } from "./find-learning-rate.ts";

const x = Array.from({ length: 60 }, (_, i) => [Math.sin(i), Math.cos(3 * i)]);
const options = {
  backend: referenceBackend(),
  model: dense({ units: 1 }),
  data: dataset({ inputs: array(x), targets: array(x.map(([a, b]) => [4 * a! - 2 * b! + 1])) }),
  loss: mse(),
  optimizer: sgd(),
  batchSize: 20,
  seed: 1,
};

it("suggests a rate that trains, and stops where the loss runs away", async () => {
  const { suggestion, rates, losses, chart } = await findLearningRate(options);
  expect(rates.length).toBeLessThan(100);
  expect(losses).toHaveLength(rates.length);
  // Gradient descent on this problem diverges above 2 / (largest eigenvalue of the Hessian), about 1.
  expect(rates.at(-1)).toBeGreaterThan(0.5);
  expect(suggestion).toBeLessThan(1);
  expect(chart.x[0]).toBeCloseTo(-7, 10);
  expect(chart.caption).toContain(suggestion!.toPrecision(2));
  const { history } = await fit({ ...options, data: { train: options.data }, learningRate: suggestion!, epochs: 40 });
  expect(history.at(-1)!.loss).toBeLessThan(0.05 * history[0]!.loss);
  expect(await findLearningRate(options)).toEqual({ suggestion, rates, losses, chart });
});

it("refuses ranges that do not rise, and too few steps", async () => {
  await expect(findLearningRate({ ...options, range: [0, 1] })).rejects.toThrow("received the range [0, 1]; it rises");
  await expect(findLearningRate({ ...options, steps: 5 })).rejects.toThrow(
    "received steps 5; expected a whole number of at least 20",
  );
});
