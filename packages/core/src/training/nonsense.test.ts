// What one's own functions return, and values of other kinds deep inside, are refused by name: never a TypeError.

import { dataset, metrics } from "@hooke/data";
import { array, referenceBackend } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { dense } from "../layers/dense.ts";
import { frozen } from "../layers/frozen.ts";
import { mse } from "../losses/regression.ts";
import { accumulate } from "../optimizers/accumulate.ts";
import { adam } from "../optimizers/adam.ts";
import { sgd } from "../optimizers/sgd.ts";
import type { FitOptions } from "./callback.ts";
import { evaluate } from "./evaluate.ts";
import { fit } from "./fit.ts";

const backend = referenceBackend();
const layer = dense({ units: 1 });
const part = (dtype: "f32" | "f64") => dataset({ inputs: array([[1]], { dtype }), targets: array([[1]], { dtype }) });
const data = { train: part("f32"), validation: part("f32") };
const common = { optimizer: sgd(), learningRate: 0.1, epochs: 1, batchSize: 1, seed: 0 };
const options: FitOptions = { backend, model: layer, data, loss: mse(), ...common };

describe("one's own functions", () => {
  it.each<[string, object, string]>([
    [
      "a metric's text",
      { metrics: [{ ...metrics.rmse, compute: () => "5" }] },
      'metrics: "rmse" returned "5", no number.',
    ],
    ["a metric's name", { metrics: [{ ...metrics.rmse, name: "loss" }] }, 'a metric is named "loss"'],
    ["lists of functions", { penalty: [() => 0] }, '["a function"]'],
  ])("%s", async (_, given, message) => {
    await expect(fit({ ...options, ...given })).rejects.toThrow(message);
  });

  it("a metric of evaluate", async () => {
    const { model } = await fit(options);
    const named = evaluate(model, data.train, { backend, metrics: [{ ...metrics.rmse, name: "loss" }] });
    await expect(named).rejects.toThrow('a metric is named "loss"; rename it');
  });
});

it("arguments of other kinds are shown as what they are", async () => {
  expect(() => accumulate(adam() as never, 4 as never)).toThrow(
    "steps; it takes a whole number above 0, then the optimizer.",
  );
  const { model } = await fit(options);
  expect(() => frozen(model as never)).toThrow("expected a layer: give its .layer, and its .variables as variables.");
});
