// Rows of a cluster that was left out whole: every method is less sure of them than of rows like those of the training, and bounds are wider.
import { readFileSync } from "node:fs";
import { wasmBackend } from "@hooke/backend-wasm";
import { adamw, dense, dropout, fit, type Layer, mse, sequential } from "@hooke/core";
import { type Dataset, fitPreprocessing, parseCsv, split, standardize, tableDataset, take } from "@hooke/data";
import type { HostArray } from "@hooke/runtime";
import { expect, it } from "vitest";
import { splitConformal } from "./conformal/split-conformal.ts";
import { monteCarloDropout } from "./draws/monte-carlo-dropout.ts";
import { predictMembers } from "./draws/predict-members.ts";
import { fitEnsemble } from "./ensemble/fit-ensemble.ts";
import { kroneckerLaplace } from "./laplace/kronecker.ts";
import { lastLayerLaplace } from "./laplace/last-layer.ts";
import { type Mixture, mixtureOf } from "./predictive/mixture.ts";

const backend = wasmBackend();
const text = readFileSync(new URL("../../testkit/data/energy.csv", import.meta.url), "utf8");
const data = tableDataset(parseCsv(text), { target: "heating_load_kWh_m2" });
const heights = Array.from(
  { length: data.count },
  (_, row) => data.inputs.data[row * data.inputNames.length + data.inputNames.indexOf("overall_height_m")]!,
);
const rowsOf = (height: number) =>
  take(
    data,
    heights.flatMap((value, row) => (value === height ? [row] : [])),
  );
// Buildings of two storeys are left out.
const [known, unknown] = [rowsOf(3.5), rowsOf(7)];
const { train, calibration, like } = split(known, { train: "rest", calibration: 0.2, like: 0.2 }, 0);
const options = (layers: readonly Layer[]) => ({
  backend,
  model: sequential([...layers, dense({ units: 1 })]),
  data: { train },
  preprocessing: fitPreprocessing(train, { inputs: standardize(), targets: standardize() }),
  loss: mse(),
  optimizer: adamw({ weightDecay: 1e-2 }),
  learningRate: 5e-3,
  batchSize: 32,
  epochs: 60,
  seed: 0,
});
const hidden = dense({ units: 32, activation: "relu" });

const methods: Readonly<Record<string, () => Promise<(part: Dataset) => Promise<Mixture>>>> = {
  "Monte Carlo dropout": async () => {
    const { model } = await fit(options([dropout({ rate: 0.05 }), hidden, dropout({ rate: 0.05 })]));
    return async (part) =>
      mixtureOf(await monteCarloDropout(model, part, { backend, samples: 32, seed: 0 }), { noise: 0.3 });
  },
  "an ensemble": async () => {
    const { models } = await fitEnsemble({ ...options([hidden]), members: 5 });
    return async (part) => mixtureOf(await predictMembers(models, part, { backend }), { noise: 0.3 });
  },
  "last-layer Laplace": async () => {
    const laplace = await lastLayerLaplace((await fit(options([hidden]))).model, train, { backend });
    return (part) => laplace.predict(part, { backend });
  },
  "Kronecker Laplace": async () => {
    const laplace = await kroneckerLaplace((await fit(options([hidden]))).model, train, { backend });
    return (part) => laplace.predict(part, { backend });
  },
};

const meanOf = ({ data: values }: HostArray) => [...values].reduce((sum, value) => sum + value, 0) / values.length;

it.each(Object.keys(methods))("%s", async (name) => {
  const believed = await methods[name]!();
  const [inside, outside] = [await believed(like), await believed(unknown)];
  expect(meanOf(outside.modelDeviation)).toBeGreaterThan(1.5 * meanOf(inside.modelDeviation));
  const { mean, deviation } = await believed(calibration);
  const conformal = splitConformal({ predictions: mean, targets: calibration.targets, deviation });
  const width = ({ mean: predictions, deviation: own }: Mixture) => {
    const { lower, upper } = conformal.bounds(predictions, { deviation: own });
    return meanOf(upper) - meanOf(lower);
  };
  expect(width(outside)).toBeGreaterThan(1.2 * width(inside));
});
