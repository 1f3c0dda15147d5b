// The comparison on a few small structures, and that it can be stopped.
import { wasmBackend } from "@hooke/backend-wasm";
import { renderReport } from "@hooke/report";
import { runDirectly } from "@hooke/sweep";
import { expect, it } from "vitest";
import { rows, studyReport } from "./report.ts";
import { drawSample } from "./sample.ts";
import { network, type Settings, small, study } from "./study.ts";

const settings: Settings = {
  ...small,
  ensemble: { ...small.ensemble, side: 8, waves: [1, 1] },
  sizes: { train: 32, validation: 8, test: 20 },
  epochs: 2,
  seeds: [0, 1],
};

it("draws, fits, trains, prints and reports everything", async () => {
  const progress: string[] = [];
  const results = await study(wasmBackend(), settings, runDirectly, (work, total) => (completed) => {
    if (completed === total) progress.push(work);
  });
  expect(progress).toEqual(["homogenising", "training, seed 0", "training, seed 1"]);
  const r2 = (method: string): number[] => results.scores[method]!.map(({ r2 }) => r2);
  // The mean of other rows explains nothing.
  for (const value of r2("mean of the known")) expect(value).toBeLessThanOrEqual(0);
  for (const value of r2("BV/TV, Tb.Th, DA, power law")) expect(value).toBeGreaterThan(0.3);
  expect(results.scores[network]!.every(({ predicted }) => predicted.every((modulus) => modulus > 0))).toBe(true);
  const printed = rows(settings, results).join("\n");
  expect(printed).toContain("from 40 that were");
  expect(printed).toMatch(/^voxels, voxelCNN +-?\d+\.\d{3} ± \d+\.\d{3} /m);
  const { title, figures } = studyReport(settings, results, 1);
  const page = await renderReport({ title, figures: figures!.filter(({ kind }) => kind !== "scatter") });
  expect(page).toContain("Most like rods");
});

it("stops when it is told to", async () => {
  const stopped: typeof runDirectly = (name, compute) => runDirectly(name, () => compute(AbortSignal.abort("stop")));
  const drawn = drawSample(wasmBackend(), settings.ensemble, 4, 0, stopped, () => undefined);
  await expect(drawn).rejects.toBe("stop");
});
