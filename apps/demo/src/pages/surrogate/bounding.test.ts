// Bounds of a trained network hold as many rows as they say, are wider where it was not taught, and are not there where too few rows are held back.
import { wasmBackend } from "@hooke/backend-wasm";
import { adamw, fit, mse } from "@hooke/core";
import { tableOf } from "@hooke/data";
import { array } from "@hooke/runtime";
import { expect, it } from "vitest";
import { initialOf } from "../../shell/settings.ts";
import { boundingOf } from "./bounding.ts";
import { network } from "./network.ts";
import { samplesOf } from "./samples.ts";
import { fields } from "./settings.ts";

const backend = wasmBackend();
const settings = { ...initialOf(fields), target: "y" };

/** A curve and errors about it, of three rows for each x. */
function tableWith(rows: number) {
  const draw = (i: number, k: number): number => Math.abs(Math.sin(12.9898 * i + 78.233 * k) * 43758.5453) % 1;
  const x = Array.from({ length: rows }, (_, i) => 4 * draw(Math.floor(i / 3), 1));
  return tableOf({ x, y: x.map((value, i) => 100 + 20 * Math.sin(value) + 6 * (draw(i, 2) + draw(i, 3) - 1)) });
}

async function trainedOn(rows: number) {
  const samples = samplesOf(tableWith(rows), settings);
  const { model } = await fit({
    backend,
    model: network({ width: 32, depth: 2, activation: "relu" }),
    loss: mse(),
    optimizer: adamw({ weightDecay: 0.01 }),
    data: { train: samples.data.train },
    preprocessing: samples.preprocessing,
    learningRate: 1e-2,
    epochs: 60,
    batchSize: 64,
    seed: 1,
  });
  return { samples, model };
}

it("holds nine in ten, measured by the other half, and widens beyond what was seen", async () => {
  const { samples, model } = await trainedOn(900);
  const { reliability, bounded } = (await boundingOf(model, samples, 32, backend))!;
  expect(reliability.coverage).toBeGreaterThan(0.82);
  expect(reliability.coverage).toBeLessThan(0.97);
  const fresh = samplesOf(tableWith(3000), settings).data.train;
  const { lower, upper } = await bounded(fresh.inputs);
  const held = Array.from(fresh.targets.data).filter((value, i) => lower[i]! <= value && value <= upper[i]!).length;
  expect(held / fresh.count).toBeGreaterThan(0.85);
  expect(held / fresh.count).toBeLessThan(0.96);
  const far = await bounded(array([[2], [12]]));
  expect(far.upper[1]! - far.lower[1]!).toBeGreaterThan(1.5 * (far.upper[0]! - far.lower[0]!));
  expect(far.upper[0]! - far.lower[0]!).toBeLessThan(1.5 * reliability.width);
});

it("is not there for 5 values held back, and says no coverage for few", async () => {
  const { samples, model } = await trainedOn(75);
  expect(await boundingOf(model, samples, 32, backend)).toBeUndefined();
  const more = await trainedOn(180);
  const { reliability } = (await boundingOf(more.model, more.samples, 32, backend))!;
  expect(reliability.coverage).toBeUndefined();
});
