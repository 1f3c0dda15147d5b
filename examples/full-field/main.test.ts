// The comparison on a few small cells, the linear filter on what it can say exactly, and that work can be stopped.
import { wasmBackend } from "@hooke/backend-wasm";
import { initialize, predict } from "@hooke/core";
import { take } from "@hooke/data";
import { renderReport } from "@hooke/report";
import { array } from "@hooke/runtime";
import { runDirectly } from "@hooke/sweep";
import { expect, it } from "vitest";
import { fitFilter } from "./linear-filter.ts";
import { loadedUnet } from "./network.ts";
import { rows, studyReport } from "./report.ts";
import { drawCells, inputNames, targetNames } from "./sample.ts";
import { type Settings, small, study } from "./study.ts";

const backend = wasmBackend();
const settings: Settings = { ...small, sizes: { train: 40, test: 10 }, epochs: 1 };
const going = new AbortController().signal;
const sample = await drawCells(backend, settings.ensemble, 6, 0, going, () => undefined);

it("draws cells, loads of size 1, and fields, the same for the same seed", async () => {
  const side = settings.ensemble.side;
  expect(sample.data.inputs.shape).toEqual([6, side, side, inputNames.length]);
  expect(sample.data.targets.shape).toEqual([6, side, side, targetNames.length]);
  for (let cell = 0; cell < 6; cell++) {
    const [e11, e22, e12] = sample.load.data.slice(3 * cell, 3 * cell + 3) as Float64Array;
    expect(e11! ** 2 + e22! ** 2 + 2 * e12! ** 2).toBeCloseTo(1, 6);
  }
  const again = await drawCells(backend, settings.ensemble, 3, 0, going, () => undefined);
  expect(again.data.targets.data).toEqual(take(sample.data, [0, 1, 2]).targets.data);
});

it("the linear filter finds fields that are one, cell means included", async () => {
  const [cells, side] = sample.stiff.shape as [number, number, number];
  // The phase to the right times the strain along x, and the strain itself.
  const fields = Float64Array.from({ length: cells * side * side * 2 }, (_, i) => {
    const [pixel, channel] = [Math.floor(i / 2), i % 2];
    const cell = Math.floor(pixel / side ** 2);
    const [row, x] = [Math.floor(pixel / side), pixel % side];
    const strain = sample.load.data[3 * cell]! as number;
    return channel === 0 ? sample.stiff.data[row * side + ((x + 1) % side)]! * strain : strain;
  });
  const known = array(fields, { shape: [cells, side, side, 2] });
  const filter = await fitFilter(backend, sample.stiff, sample.load, known);
  const { data } = await filter.predict(sample.stiff, sample.load);
  filter.free();
  const off = Math.hypot(...Array.from(data, (value, i) => value - fields[i]!)) / Math.hypot(...fields);
  expect(off).toBeLessThan(1e-3);
});

it("the network is linear in the mean strain", async () => {
  const layer = loadedUnet({ filters: 4, norm: "groupNorm" });
  const { inputs } = take(sample.data, [0]);
  const variables = await initialize(backend, layer, inputs.shape.slice(1), 0);
  const model = { layer, inputShape: inputs.shape.slice(1), variables };
  const double = Float32Array.from(inputs.data, (value, i) => (i % 4 === 0 ? value : 2 * value));
  const once = await predict(model, inputs, { backend });
  const twice = await predict(model, { ...inputs, dtype: "f32", data: double }, { backend });
  for (const [i, value] of twice.data.entries()) expect(value).toBeCloseTo(2 * once.data[i]!, 4);
});

it("scores every method, prints, and draws maps of what is solved, predicted and off", async () => {
  const progress: string[] = [];
  const results = await study(backend, settings, runDirectly, going, (work, total) => (completed) => {
    if (completed === total) progress.push(work);
  });
  const networks = ["filter + U-Net, groupNorm", "filter + U-Net, no normalisation"];
  expect(Object.keys(results.scores)).toEqual([
    "uniform cell",
    "uniform phases",
    "linear filter",
    "ridge on neighbourhoods",
    ...networks,
  ]);
  expect(progress).toEqual([
    "solving",
    ...settings.seeds.flatMap((seed) => networks.map((name) => `${name}, seed ${seed}`)),
  ]);
  const stress = (method: string): number[] => results.scores[method]!.map(({ stress }) => stress);
  for (const [i, error] of stress("linear filter").entries()) {
    expect(error).toBeLessThan(stress("uniform phases")[i]!);
    expect(stress("uniform phases")[i]!).toBeLessThan(stress("uniform cell")[i]!);
  }
  // Without a displacement all of it is missing.
  for (const { errors } of results.scores["uniform cell"]!) expect(errors.displacement).toBe(1);
  // The same solver, to the rounding of what it is compared with.
  expect(results.timed["solver, tolerance 0.000001"]!.stress).toBeLessThan(1e-6);
  expect(results.timed["solver, tolerance 0.1"]!.stress).toBeGreaterThan(1e-4);
  expect(rows(settings, results).join("\n")).toMatch(/^filter \+ U-Net, groupNorm( +\d\.\d{3} ± \d\.\d{3}){4}$/m);
  const page = await renderReport(studyReport(settings, results, 1));
  expect(page).toContain("stress 11, predicted less solved");
});

it("stops when it is told to", async () => {
  const stopped = drawCells(backend, settings.ensemble, 4, 0, AbortSignal.abort("enough"), () => undefined);
  await expect(stopped).rejects.toBe("enough");
});
