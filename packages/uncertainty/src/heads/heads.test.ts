// Heads that were trained: the scatter that data have, in their units; several of them as a mixture; quantiles that hold.
import { wasmBackend } from "@hooke/backend-wasm";
import { randomFrom } from "@hooke/baselines";
import { adam, dense, fit, gaussianNll, type Loss, pinball, sequential } from "@hooke/core";
import { dataset, fitPreprocessing, logTransform, minMax, standardize } from "@hooke/data";
import { array, randomKey } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { quantileConformal } from "../conformal/quantile-conformal.ts";
import { fitEnsemble } from "../ensemble/fit-ensemble.ts";
import { scoreBounds } from "../scores/bounds.ts";
import { scoreMixture } from "../scores/scores.ts";
import { predictNormals } from "./predict-normals.ts";
import { predictQuantiles } from "./predict-quantiles.ts";

const backend = wasmBackend();
const random = randomFrom(randomKey(11), "heads");
const normal = () => Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
/** Strength in MPa whose scatter grows with x from 2 to 20. */
const made = (count: number) => {
  const x = Array.from({ length: count }, () => random.uniform());
  return dataset({
    inputs: array(x.map((at) => [at])),
    targets: array(x.map((at) => [300 + 100 * at + (2 + 18 * at) * normal()])),
  });
};
const [train, calibration, test] = [made(600), made(200), made(400)];
const options = (loss: Loss, units: number) => ({
  backend,
  model: sequential([dense({ units: 16, activation: "tanh" }), dense({ units })]),
  data: { train },
  preprocessing: fitPreprocessing(train, { inputs: standardize(), targets: [minMax(), standardize()] }),
  loss,
  optimizer: adam(),
  learningRate: 1e-2,
  batchSize: 60,
  epochs: 60,
  seed: 0,
});

it.each([0, 0.5])("a Gaussian head finds the scatter where it is, in the units of the data: beta %d", async (beta) => {
  const { model } = await fit(options(gaussianNll({ beta }), 2));
  const { deviation, mean } = await predictNormals(model, array([[0.1], [0.9]]), { backend });
  expect(Math.abs(deviation.data[0]! - 3.8)).toBeLessThan(1.5);
  expect(Math.abs(deviation.data[1]! - 18.2)).toBeLessThan(3.5);
  expect(Math.abs(mean.data[1]! - 390)).toBeLessThan(6);
  const { coverage, calibrationError } = scoreMixture(await predictNormals(model, test, { backend }), test.targets);
  expect(Math.abs(coverage - 0.9)).toBeLessThan(0.05);
  expect(calibrationError).toBeLessThan(0.05);
});

it("several heads are a mixture whose model's part is larger where there are no data", async () => {
  const { models } = await fitEnsemble({ ...options(gaussianNll(), 2), epochs: 25, members: 3 });
  const { means, modelDeviation } = await predictNormals(models, array([[0.5], [5]]), { backend });
  expect(means.shape).toEqual([3, 2, 1]);
  expect(modelDeviation.data[1]!).toBeGreaterThan(3 * modelDeviation.data[0]!);
  await expect(predictNormals(models.slice(0, 1), test, { backend })).rejects.toThrow("received one model");
});

it("quantiles hold what they say, follow the scatter, and conformal prediction keeps their shape", async () => {
  const quantiles = [0.05, 0.5, 0.95];
  const { model } = await fit(options(pinball({ quantiles }), 3));
  const boundsOf = async (part: typeof test) => {
    const found = await predictQuantiles(model, part, { backend, quantiles });
    const size = found.data.length / 3;
    const at = (q: number) => array(found.data.slice(q * size, (q + 1) * size) as Float64Array, { shape: [size, 1] });
    return { lower: at(0), upper: at(2) };
  };
  const own = await boundsOf(test);
  expect(Math.abs(scoreBounds(own, test.targets).coverage - 0.9)).toBeLessThan(0.06);
  const moved = quantileConformal({ bounds: await boundsOf(calibration), targets: calibration.targets }).bounds(own);
  expect(Math.abs(scoreBounds(moved, test.targets).coverage - 0.9)).toBeLessThan(0.05);
  const rows = Array.from(test.inputs.data, (at, row) => ({
    at,
    width: own.upper.data[row]! - own.lower.data[row]!,
  })).sort((a, b) => a.at - b.at);
  expect(rows.at(-20)!.width).toBeGreaterThan(2.5 * rows[20]!.width);
});

describe("refused", () => {
  it("a model with one output for each target, of classes, or of logarithms", async () => {
    const { model } = await fit({ ...options(pinball({ quantiles: [0.5] }), 1), epochs: 1 });
    await expect(predictNormals(model, test, { backend })).rejects.toThrow(
      "a mean and the logarithm of a variance for each",
    );
    await expect(predictQuantiles(model, test, { backend, quantiles: [0.1, 0.9] })).rejects.toThrow(
      "it takes 2 quantiles for each",
    );
    const classes = { ...model, preprocessing: { ...model.preprocessing!, classes: ["a", "b"] } };
    await expect(predictNormals(classes, test, { backend })).rejects.toThrow('a model of the classes "a", "b"');
    const logarithms = fitPreprocessing(train, { targets: logTransform() });
    await expect(predictNormals({ ...model, preprocessing: logarithms }, test, { backend })).rejects.toThrow(
      "were trained as logarithms",
    );
  });
});
