// A head on cached features: its size, views as rows, and what it learns.
import { predict, summary } from "@hooke/core";
import { dataset, metrics } from "@hooke/data";
import { array, type HostArray, referenceBackend } from "@hooke/runtime";
import { expect, it } from "vitest";
import { head } from "./head.ts";

const backend = referenceBackend();
const inputs: HostArray = {
  shape: [16, 2, 3],
  dtype: "f32",
  data: Float32Array.from({ length: 96 }, (_, i) => Math.sin(1.3 * Math.floor(i / 6) + (i % 3)) + 0.02 * Math.cos(i)),
};
const targets = array(Array.from({ length: 16 }, (_, i) => 200 + 30 * Math.sin(1.3 * i)));

it("has 512-128-1 with the chapter's 65,793 parameters", async () => {
  const wide = dataset({
    inputs: { shape: [3, 512], dtype: "f32", data: Float32Array.from({ length: 1536 }, (_, i) => Math.sin(i)) },
    targets: array([1, 2, 3]),
  });
  const { model } = await head({ backend, data: { train: wide }, epochs: 1, seed: 0 });
  expect(summary(model.layer, model.inputShape).parameters).toBe(65_793);
});

it("learns from every view, in the units of the targets", async () => {
  const train = dataset({ inputs, targets });
  const { model } = await head({
    backend,
    data: { train },
    hidden: 16,
    dropoutRate: 0,
    epochs: 60,
    learningRate: 1e-2,
    seed: 0,
  });
  const flat = { ...inputs, shape: [32, 3] };
  const expected = {
    shape: [32, 1],
    dtype: "f32",
    data: Float32Array.from({ length: 32 }, (_, i) => targets.data[i >> 1]!),
  } as const;
  expect(metrics.r2.compute(await predict(model, flat, { backend }), expected)).toBeGreaterThan(0.95);
});

it("tells classes apart, and keeps the best epoch of a validation", async () => {
  const labels = array(
    Array.from({ length: 16 }, (_, i) => (Math.sin(1.3 * i) > 0 ? 1 : 0)),
    { dtype: "i32" },
  );
  const train = dataset({ inputs, targets: labels, classes: ["soft", "hard"] });
  const { best, model } = await head({ backend, data: { train, validation: train }, hidden: 8, epochs: 5, seed: 0 });
  expect(best!.epoch).toBeGreaterThan(0);
  expect(model.preprocessing!.classes).toEqual(["soft", "hard"]);
});
