// Lists of trainings that other packages offer: computed by shares, killed or not, they are what the loops of these packages compute, to the bit.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { wasmBackend } from "@hooke/backend-wasm";
import { adam, dense, fit, mse, sequential } from "@hooke/core";
import { decodeModel } from "@hooke/core/checkpoint";
import { dataset, metrics, standardize } from "@hooke/data";
import { crossValidate, crossValidationSweep, earlyStopping, type FoldScores } from "@hooke/regularization";
import { array } from "@hooke/runtime";
import { ensembleSweep, fitEnsemble, predictMembers } from "@hooke/uncertainty";
import { afterEach, beforeEach, expect, test } from "vitest";
import { collect, defineSweep, type FinishedTrial, runSweep } from "./index.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hooke-lists-"));
});
afterEach(() => rm(folder, { recursive: true }));

const backend = wasmBackend();
const x = Array.from({ length: 40 }, (_, i) => [i / 20 - 1]);
const data = dataset({ inputs: array(x), targets: array(x.map(([at]) => [Math.sin(3 * at!)])) });
const options = {
  backend,
  model: sequential([dense({ units: 8, activation: "tanh" }), dense({ units: 1 })]),
  loss: mse(),
  optimizer: adam(),
  learningRate: 0.03,
  epochs: 12,
  batchSize: 8,
  seed: 5,
};
const modelsOf = (finished: readonly FinishedTrial[]): Promise<Buffer[]> =>
  Promise.all(finished.map((trial) => readFile(join(trial.folder, "model.safetensors"))));

test("cross-validation", async () => {
  const given = {
    ...options,
    data,
    folds: 4,
    validation: 0.2,
    preprocessing: { inputs: standardize() },
    metrics: [metrics.rmse, metrics.mae],
    callbacks: () => [earlyStopping({ patience: 3 })],
  };
  const { sweep, join: joined } = crossValidationSweep(given);
  const list = defineSweep(sweep);
  // One fold is stopped in the middle.
  const stopping = new AbortController();
  let epochs = 0;
  const interrupted = crossValidationSweep({
    ...given,
    callbacks: () => [earlyStopping({ patience: 3 }), { onEpoch: () => void (++epochs === 4 && stopping.abort()) }],
  });
  await runSweep(folder, defineSweep(interrupted.sweep), { signal: stopping.signal }).catch(() => {});
  for (const task of [2, 0, 3]) await runSweep(folder, list, { task });
  const part = await collect<{ fold: number }, FoldScores>(folder);
  expect(() => joined(part.finished.map(({ result }) => result))).toThrow("received 3 of 4 folds; compute those");
  await runSweep(folder, list);

  const { finished } = await collect<{ fold: number }, FoldScores>(folder);
  expect(finished.map(({ attempts }) => attempts)).toEqual([2, 1, 1, 1]);
  const expected = await crossValidate(given);
  expect(joined(finished.map(({ result }) => result))).toEqual(expected.metrics);
  const models = (await modelsOf(finished)).map((bytes) => decodeModel(bytes, { layer: options.model }));
  for (const [fold, { variables }] of models.entries())
    expect(variables).toEqual(expected.folds[fold]!.model.variables);
});

test("an ensemble", async () => {
  const { sweep, join: joined } = ensembleSweep({ ...options, data: { train: data }, members: 3 });
  const list = defineSweep(sweep);
  for (const task of [1, 0]) await runSweep(folder, list, { task, tasks: 2 });
  const { finished } = await collect(folder);
  const models = joined(await modelsOf(finished));
  for (const [member, { variables }] of models.entries()) {
    const { model } = await fit({ ...options, data: { train: data }, seed: options.seed + member });
    expect(variables).toEqual(model.variables);
  }
  // Trained together they are the same to rounding.
  const together = await fitEnsemble({ ...options, data: { train: data }, members: 3 });
  const asked = array([[0.3], [2]]);
  const [one, other] = [
    await predictMembers(models, asked, { backend }),
    await predictMembers(together.models, asked, { backend }),
  ];
  for (const [i, value] of one.data.entries()) expect(Math.abs(value - other.data[i]!)).toBeLessThan(1e-4);
  expect(() => joined([])).toThrow("received 0 of 3 members; compute those that are missing first.");
  expect(() => ensembleSweep({ ...options, data: { train: data }, members: 1 })).toThrow(
    "an ensemble has two at least",
  );
});

test("a trial keeps files of its own under names that are free", async () => {
  const list = defineSweep({
    trials: [{ name: "../up" }, { name: "result.json" }, { name: "model.safetensors" }],
    run: ({ name }, { keep }) => keep(name, Uint8Array.of(1)).then(() => 1),
  });
  const { failed } = await runSweep(folder, list);
  expect(failed.map(({ message }) => message.split("; ")[0])).toEqual([
    expect.stringContaining('received "../up"'),
    expect.stringContaining('received "result.json"'),
  ]);
});
