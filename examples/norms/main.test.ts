// Norms and moments against what is computed by hand, the order of the norms at small size, and what main.ts leaves.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { wasmBackend } from "@hooke/backend-wasm";
import { batchNorm, groupNorm, initialize, type Layer, layerNorm, summary } from "@hooke/core";
import { array } from "@hooke/runtime";
import { openTrials, runDirectly } from "@hooke/sweep";
import { afterAll, beforeAll, expect, it } from "vitest";
import { loadCases } from "./beam.ts";
import { type NormName, network, normNames, outputOf } from "./network.ts";
import { errorRows, modeRows, spreadRows } from "./page.ts";
import { type Found, small, study } from "./study.ts";
import type { TaskName } from "./tasks.ts";

const backend = wasmBackend();

async function normalised(layer: Layer, rows: readonly (readonly number[])[]): Promise<number[]> {
  const variables = await initialize(backend, layer, [rows[0]!.length], 0, "f64");
  const { data } = await outputOf(backend, layer, true)(variables, array(rows, { dtype: "f64" }));
  return Array.from(data);
}

it("batch norm leaves small loads beside one of 1000 a spread of 1/400", async () => {
  // Mean (-1 + 1 - 1 + 1 + 1000) / 5 = 200, mean square 1000004 / 5 = 200000.8, variance 200000.8 - 200^2 = 160000.8.
  const found = await normalised(batchNorm(), [[-1], [1], [-1], [1], [1000]]);
  const deviation = Math.sqrt(160000.8 + 1e-5);
  for (const [i, load] of [-1, 1, -1, 1, 1000].entries()) expect(found[i]).toBeCloseTo((load - 200) / deviation, 12);
  expect((found[1]! - found[0]!) / 2).toBeCloseTo(0.0025, 7);
});

it.each<[string, Layer]>([
  ["layer", layerNorm()],
  ["group", groupNorm({ groups: 2 })],
])("%s norm of 1000 x is that of x, up to the epsilon in the variance", async (_, layer) => {
  const x = [0.3, -1.2, 2.5, 0.4, 1.1, -0.7, 0.2, 3];
  const [one, thousand] = [await normalised(layer, [x]), await normalised(layer, [x.map((value) => 1000 * value)])];
  // Variances are above 1 here, so that an epsilon of 1e-5 changes no value by more than its 5e-6th part.
  for (const [i, value] of one.entries()) expect(Math.abs(thousand[i]! / value - 1)).toBeLessThan(5e-6);
  expect(thousand).not.toEqual(one);
});

it("moments are what the beam's influence lines give", async () => {
  const rows = 3;
  const { shape, unitMoment, load, moment, magnitude, largest } = await loadCases(backend, rows, 5);
  const points = shape.shape[1]!;
  for (let row = 0; row < rows; row++) {
    const at = (values: { data: ArrayLike<number> }, i: number) => values.data[row * points + i]!;
    // The five sines are orthogonal on the points, which gives the load between them.
    const amplitudes = [1, 2, 3, 4, 5].map((n) => {
      let total = 0;
      for (let i = 0; i < points; i++) total += at(shape, i) * Math.sin((n * Math.PI * (i + 1)) / (points + 1));
      return (2 / (points + 1)) * total;
    });
    const q = (s: number) => amplitudes.reduce((sum, a, n) => sum + a * Math.sin((n + 1) * Math.PI * s), 0);
    for (let i = 0; i < points; i++) {
      const x = (i + 1) / (points + 1);
      let integral = 0;
      for (let j = 0; j < 2000; j++) {
        const s = (j + 0.5) / 2000;
        integral += (q(s) * Math.min(x, s) * (1 - Math.max(x, s))) / 2000;
      }
      expect(at(unitMoment, i)).toBeCloseTo(integral * Math.PI ** 2, 4);
      const relative = magnitude.data[row]! / Math.sqrt(1000);
      expect(at(load, i)).toBeCloseTo(at(shape, i) * relative, 4);
      expect(at(moment, i)).toBeCloseTo(at(unitMoment, i) * relative, 4);
    }
    const peak = Math.max(...Array.from({ length: points }, (_, i) => Math.abs(at(unitMoment, i))));
    expect(largest.data[row]).toBeCloseTo(Math.log10(peak * magnitude.data[row]!), 4);
    const squares = Array.from({ length: points }, (_, i) => at(shape, i) ** 2);
    expect(squares.reduce((sum, value) => sum + value, 0) / points).toBeCloseTo(1, 5);
  }
});

it("all networks have the same number of parameters", () => {
  const counts = normNames.map((norm) => summary(network(norm, 16), [16]).parameters);
  expect(new Set(counts).size).toBe(1);
});

const root = mkdtempSync(join(tmpdir(), "hooke-norms-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** What the study prints, killed and stopped on the way; `found` is made of the trials it kept. */
let printed: Awaited<ReturnType<typeof ended>>;
let run: string;
let found: Found;

beforeAll(async () => {
  // The first is killed, the second stopped; what each of them finishes is there for the next.
  const first = start("--small", root);
  run = await once(() => readdirSync(root)[0]).then((name) => join(root, name));
  await finished(run, 1);
  expect(await ended(first, "SIGKILL")).toMatchObject({ signal: "SIGKILL" });
  const second = start("--small", "--resume", run);
  await finished(run, kept(run).length + 1);
  const stopped = await ended(second, "SIGINT");
  expect(stopped.code).toBe(130);
  const goOn = `Stopped. To go on: node examples/norms/main.ts --small --resume ${run}`;
  expect(stopped.stderr.trimEnd().split("\n").at(-1)).toBe(goOn);
  const before = new Map(kept(run).map((name) => [name, statSync(join(run, "trials", name)).mtimeMs]));
  expect(before.size).toBeLessThan(72);

  printed = await ended(start("--small", "--resume", run));
  for (const [name, time] of before) expect(statSync(join(run, "trials", name)).mtimeMs).toBe(time);
  expect(kept(run)).toHaveLength(72);

  // Those that were there before the last process, and one of each kind, are computed again without a stop.
  const trials = await openTrials(run, { settings: small });
  const again = (name: string): boolean =>
    [...before.keys()].includes(`${name}.json`) || name.endsWith("batches of 4, repetition 0");
  found = await study(backend, small, async (name, compute) => {
    const result = await trials.run(name, () => Promise.reject(new Error(`"${name}" was not kept`)));
    if (again(name)) expect(await runDirectly(name, compute), name).toEqual(result);
    return result;
  });
}, 120_000);

const spreadOf = (norm: NormName) => found.spreads.find((one) => one.norm === norm)!.spread;

it("batch norm keeps the ratio of loads, layer and group norm make them alike", () => {
  for (const [decade, value] of spreadOf("batch").entries()) {
    expect(value / spreadOf("none")[decade]!).toBeCloseTo(spreadOf("batch")[2]! / spreadOf("none")[2]!, 1);
  }
  expect(spreadOf("batch")[0]).toBeLessThan(0.03);
  for (const norm of ["layer", "group"] as const) {
    for (const value of spreadOf(norm)) expect(value).toBeGreaterThan(0.9);
  }
});

/** All errors of one decade. */
const errorsOf = (task: TaskName, norm: NormName, decade: number) =>
  found.trained.find((one) => one.task === task && one.norm === norm)!.errors.map((errors) => errors[decade]!);

it("where the magnitude does not matter, layer and group norm win, and batch norm loses on small loads", () => {
  const task = "moment per load";
  for (const norm of ["layer", "group"] as const) {
    expect(Math.max(...errorsOf(task, norm, 0))).toBeLessThan(0.2);
    expect(Math.max(...errorsOf(task, norm, 2))).toBeLessThan(0.2);
  }
  expect(Math.min(...errorsOf(task, "batch", 0))).toBeGreaterThan(0.9);
  expect(Math.min(...errorsOf(task, "batch", 0))).toBeGreaterThan(Math.max(...errorsOf(task, "none", 0)));
  expect(Math.max(...errorsOf(task, "batch", 2))).toBeLessThan(0.6);
});

it("where it does, layer and group norm lose it, and a normalised load brings it back", () => {
  for (const norm of ["layer", "group"] as const) {
    for (const decade of [0, 1, 2]) {
      expect(Math.min(...errorsOf("moment", norm, decade))).toBeGreaterThan(0.5);
      expect(Math.max(...errorsOf("moment, load normalised", norm, decade))).toBeLessThan(0.2);
      expect(Math.max(...errorsOf("largest, magnitude given", norm, decade))).toBeLessThan(0.4);
      expect(Math.min(...errorsOf("largest moment", norm, decade))).toBeGreaterThan(0.5);
    }
  }
  expect(Math.max(...errorsOf("moment", "none", 0))).toBeLessThan(0.2);
});

it("batch norm differs between training and inference, most in small batches; layer norm does not", () => {
  const gap = (norm: NormName, size: number) => {
    const { training, inference } = found.modes.find((one) => one.norm === norm && one.batchSize === size)!;
    return training.map((value, i) => inference[i]! - value);
  };
  const [four, thirtyTwo] = [gap("batch", 4), gap("batch", 32)];
  expect(Math.min(...four)).toBeGreaterThan(0.05);
  for (const [i, value] of four.entries()) expect(value).toBeGreaterThan(thirtyTwo[i]!);
  // The two programs may round differently.
  for (const size of [4, 32]) for (const value of gap("layer", size)) expect(Math.abs(value)).toBeLessThan(1e-5);
});

it("prints the tables of its trials, and writes the report", () => {
  const { code, stdout, stderr } = printed;
  expect(code).toBe(0);
  for (const rows of [spreadRows(found), errorRows(found), modeRows(found)]) expect(stdout).toContain(rows.join("\n"));
  expect(stderr).toMatch(/100% · training moment per load, layer · loss/);
  const page = readFileSync(/^.+report\.html$/m.exec(stdout)![0], "utf8");
  expect(page).toContain("Norms and loads of very different magnitude");
  expect(page).toContain(">Error: moment per load</h2>");
});

function start(...given: string[]): ChildProcess {
  const main = fileURLToPath(new URL("main.ts", import.meta.url));
  return spawn(process.execPath, [main, ...given], { stdio: ["ignore", "pipe", "pipe"] });
}

/** Waits for the end of a process, which a signal brings about where one is given. */
async function ended(child: ChildProcess, signal?: NodeJS.Signals) {
  const closed = new Promise<readonly [number | null, NodeJS.Signals | null]>((resolve) =>
    child.once("close", (...how) => resolve(how)),
  );
  if (signal !== undefined) child.kill(signal);
  const [stdout, stderr] = await Promise.all([text(child.stdout!), text(child.stderr!)]);
  const [code, by] = await closed;
  return { stdout, stderr, code, signal: by };
}

const kept = (run: string): string[] =>
  existsSync(join(run, "trials")) ? readdirSync(join(run, "trials")).filter((name) => name.endsWith(".json")) : [];

const finished = (run: string, count: number) => once(() => kept(run).length >= count || undefined);

/** Waits for something to be there. */
async function once<T>(look: () => T | undefined): Promise<T> {
  for (;;) {
    const seen = look();
    if (seen !== undefined) return seen;
    await setTimeout(10);
  }
}
