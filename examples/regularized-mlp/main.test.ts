// What each part does by its own definition, what regularisation is worth at small size, and what main.ts leaves.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { wasmBackend } from "@hooke/backend-wasm";
import { evaluate, type FitResult, mse, summary } from "@hooke/core";
import { deviationOf, meanOf } from "@hooke/example-study-frame/statistics.ts";
import type { HostArray } from "@hooke/runtime";
import { openTrials } from "@hooke/sweep";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { noise, samples } from "./data.ts";
import { network, type Part, partNames, small, trainWith } from "./regularized.ts";
import { dataOf, differences, type Found, study } from "./study.ts";

const backend = wasmBackend();

async function trained(parts: readonly Part[], settings = small): Promise<FitResult> {
  const { seed, test: _, ...data } = await dataOf(backend, settings, 0);
  return trainWith(backend, settings, new Set(parts), data, seed);
}

it("the samples are of the function, with noise of the deviation asked for", async () => {
  const [clean, noisy] = [await samples(backend, 4000, 3, 0), await samples(backend, 4000, 3, noise)];
  const [x, y] = [clean.inputs.data, clean.targets.data];
  for (let row = 0; row < 4000; row++) {
    const [x0, x1, x2, x3] = x.slice(10 * row) as unknown as [number, number, number, number];
    expect(y[row]).toBeCloseTo(x0 ** 2 + x1 * x2 - x3, 4);
  }
  // The variances of x0^2, x1 x2 and x3 add up to 2 + 1 + 1.
  expect(deviationOf(Array.from(y))).toBeCloseTo(2, 0);
  expect(deviationOf(Array.from(y, (value, row) => noisy.targets.data[row]! - value))).toBeCloseTo(noise, 1);
});

it("early stopping returns the best epoch's weights", async () => {
  const { model, history, stopReason, best } = await trained(["early stopping"]);
  const losses = history.map((record) => record.validation!.loss);
  const least = Math.min(...losses);
  expect(stopReason).toMatch(/^early stopping: no better loss for 40 epochs$/);
  expect(best!.epoch).toBe(losses.indexOf(least));
  expect(history).toHaveLength(best!.epoch + 1 + small.patience);
  const { validation } = await dataOf(backend, small, 0);
  expect((await evaluate(model, validation, { backend, loss: mse() })).loss).toBeCloseTo(least, 6);
});

it("the learning rate follows the cosine from its largest to its smallest", async () => {
  const settings = { ...small, epochs: 20 };
  const { history } = await trained(["cosine annealing"], settings);
  const { learningRate: first, minimumRate: last } = settings;
  for (const { epoch, learningRate } of history) {
    const expected = last + ((first - last) * (1 + Math.cos((Math.PI * epoch) / 20))) / 2;
    expect(Math.abs(learningRate / expected - 1), `epoch ${epoch}`).toBeLessThan(1e-12);
  }
  const constant = (await trained([], settings)).history.map(({ learningRate }) => learningRate);
  expect(new Set(constant)).toEqual(new Set([first]));
});

it("weight decay makes kernels small", async () => {
  const size = ({ model }: FitResult) => {
    const { kernel } = (model.variables.params as unknown as Record<string, { kernel: HostArray }>)["0"]!;
    return Math.hypot(...kernel.data);
  };
  expect(size(await trained(["weight decay"]))).toBeLessThan(0.9 * size(await trained([])));
});

it("batch norm adds two parameters per hidden unit, dropout none", () => {
  const count = (parts: readonly Part[]) => summary(network(small, new Set(parts)), [10]).parameters;
  expect(count([])).toBe(10 * 64 + 64 + 64 * 64 + 64 + 64 + 1);
  expect(count(["batch norm"]) - count([])).toBe(4 * 64);
  expect(count(["dropout"])).toBe(count([]));
});

let found: ReadonlyMap<string, Found>;
let folder: string;
let printed: { readonly stdout: string; readonly stderr: string };
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "hooke-regularized-mlp-"));
  const main = fileURLToPath(new URL("main.ts", import.meta.url));
  printed = await promisify(execFile)(process.execPath, [main, "--small", folder]);
  // The trainings are those that main.ts has kept.
  const { run } = await openTrials(join(folder, readdirSync(folder)[0]!), { settings: small });
  found = new Map((await study(backend, small, run)).map((one) => [one.name, one]));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("without regularisation the validation loss rises again while the training loss falls", () => {
  const ratios = found.get("none")!.histories.map((history) => {
    const validation = history.map((record) => record.validation!.loss);
    const best = validation.indexOf(Math.min(...validation));
    return { rise: validation.at(-1)! / validation[best]!, fall: history.at(-1)!.loss / history[best]!.loss };
  });
  expect(meanOf(ratios.map(({ rise }) => rise))).toBeGreaterThan(1.1);
  for (const { fall } of ratios) expect(fall).toBeLessThan(1);
  expect(meanOf(ratios.map(({ fall }) => fall))).toBeLessThan(0.5);
});

it.each(["all", "weight decay alone", "early stopping alone", "all but batch norm"])(
  "the test error is lower on average with: %s",
  (name) => {
    const gains = differences(found.get(name)!, found.get("none")!);
    expect(meanOf(gains), gains.join(", ")).toBeLessThan(-0.05);
  },
);

it("tells every part alone and every part left out", () => {
  expect(found.size).toBe(2 + 2 * partNames.length);
  for (const { errors } of found.values()) expect(errors).toHaveLength(small.repetitions);
});

it("prints the table and writes the report", () => {
  const { stdout, stderr } = printed;
  expect(stdout).toMatch(/^none +\d\.\d{3} ± 0\.\d{3} +150$/m);
  expect(stdout).toMatch(/^all +\d\.\d{3} ± 0\.\d{3} +-0\.\d{3} ± 0\.\d{3} +\d\/3 +\d+$/m);
  expect(stderr).toMatch(/100% · variant all but early stopping · loss/);
  const page = readFileSync(/^.+report\.html$/m.exec(stdout)![0], "utf8");
  expect(page).toContain("A network on few samples, with and without regularisation");
  expect(page).toContain(">Losses of one training: none</h2>");
});

it("choose.ts stops at Ctrl-C, keeps what is finished and says how to go on", async () => {
  const runs = mkdtempSync(join(tmpdir(), "hooke-choose-"));
  try {
    const child = spawn(process.execPath, [fileURLToPath(new URL("choose.ts", import.meta.url)), runs]);
    let said = "";
    child.stderr.on("data", (chunk) => {
      said += chunk;
    });
    const kept = () =>
      readdirSync(runs, { recursive: true }).filter((path) => /repetition \d+\.json$/.test(String(path)));
    await vi.waitFor(() => expect(kept()).not.toEqual([]), { timeout: 60_000, interval: 20 });
    child.kill("SIGINT");
    expect((await once(child, "close"))[0]).toBe(130);
    expect(said).toMatch(/Stopped\. To go on: node examples\/regularized-mlp\/choose.ts --resume .+/);
    expect(kept().length).toBeGreaterThan(0);
  } finally {
    rmSync(runs, { recursive: true, force: true });
  }
}, 90_000);
