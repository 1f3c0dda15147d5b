// Gradients over a lag against closed forms, the claims of the study at small size, and what main.ts leaves.
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { singleHeadAttention } from "@hooke/attention";
import { wasmBackend } from "@hooke/backend-wasm";
import { defineLayer, type Layer, type NoOptions } from "@hooke/core";
import { lstm, rnn } from "@hooke/layers-seq";
import { array, type HostArray, reshape, sliceAxis, type Tree } from "@hooke/runtime";
import { openTrials } from "@hooke/sweep";
import { afterAll, beforeAll, expect, it } from "vitest";
import { factorPerStep, gradientNorms } from "./gradients.ts";
import type { Name } from "./recall.ts";
import { type Found, small, study } from "./study.ts";

const backend = wasmBackend();
const time = 60;
const loads = Array.from({ length: time }, (_, t) => Math.sin(1 + 3 * t));
const history = array([loads.map((load) => [load])], { dtype: "f64" });
const f64 = (values: number[] | number[][]) => array(values, { dtype: "f64" });

async function normsOf(layer: Layer, params: Tree<HostArray>): Promise<readonly number[]> {
  const [norms] = await gradientNorms(backend, layer, { params, state: {} }, history);
  return norms!;
}

function expectRelative(found: readonly number[], expected: (lag: number) => number, tolerance: number): void {
  expect(found).toHaveLength(time);
  for (const [lag, value] of found.entries()) {
    expect(Math.abs(value / expected(lag) - 1), `at lag ${lag}`).toBeLessThanOrEqual(tolerance);
  }
}

it.each([0.5, 0.9, 1.5])("a scalar tanh RNN of recurrent weight %d has the product of w tanh'", async (weight) => {
  const [kernel, bias] = [0.7, 0.1];
  const found = await normsOf(rnn({ hiddenSize: 1, returns: "last" }), {
    layer0: { kernel: f64([[kernel]]), recurrentKernel: f64([[weight]]), bias: f64([bias]) },
  });
  let hidden = 0;
  const slopes = loads.map((load) => {
    hidden = Math.tanh(kernel * load + bias + weight * hidden);
    return 1 - hidden ** 2;
  });
  const product = (lag: number) =>
    slopes.slice(time - 1 - lag).reduce((total, slope) => total * slope, kernel) * weight ** lag;
  expectRelative(found, product, 1e-9);
});

it("a linear RNN of recurrent matrix w I has |v| w^k", async () => {
  // relu with states that stay positive is linear; the sum of both states is what is differentiated.
  const weight = 0.8;
  const found = await normsOf(rnn({ hiddenSize: 2, returns: "last", activation: "relu" }), {
    layer0: {
      kernel: f64([[0.3, 0.2]]),
      recurrentKernel: f64([
        [weight, 0],
        [0, weight],
      ]),
      bias: f64([1, 1]),
    },
  });
  expectRelative(found, (lag) => 0.5 * weight ** lag, 1e-9);
  expect(factorPerStep(found)).toBeCloseTo(weight, 9);
});

it.each([0, 1, 4])("an LSTM with gates from biases alone forgets by sigmoid(%d) per step", async (forgetBias) => {
  const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
  const [input, output, kernel] = [0.3, -0.2, 0.1];
  const found = await normsOf(lstm({ hiddenSize: 1, returns: "last" }), {
    layer0: {
      kernel: f64([[0, 0, kernel, 0]]),
      recurrentKernel: f64([[0, 0, 0, 0]]),
      bias: f64([input, forgetBias, 0, output]),
    },
  });
  const keep = sigmoid(forgetBias);
  const cell = loads.reduce((state, load) => keep * state + sigmoid(input) * Math.tanh(kernel * load), 0);
  const reached = sigmoid(output) * (1 - Math.tanh(cell) ** 2) * sigmoid(input) * kernel;
  expectRelative(found, (lag) => reached * keep ** lag * (1 - Math.tanh(kernel * loads[time - 1 - lag]!) ** 2), 1e-9);
});

it("attention that finds all steps alike has |W_V| / T at every lag", async () => {
  const last = defineLayer({
    type: "last",
    children: (_config: NoOptions) => ({ attention: singleHeadAttention({ units: 1 }) }),
    apply: ({ children }, x) => reshape(sliceAxis(children.attention(x), 1, time - 1, time), [1, 1]),
  });
  const map = (weight: number) => ({ kernel: f64([[weight]]) });
  const found = await normsOf(last(), { attention: { query: map(0), key: map(0), value: map(0.6) } });
  expectRelative(found, () => 0.6 / time, 1e-9);
});

let found: ReadonlyMap<Name, Found>;
let folder: string;
let printed: { readonly stdout: string; readonly stderr: string };
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "hooke-vanishing-gradients-"));
  const main = fileURLToPath(new URL("main.ts", import.meta.url));
  printed = await promisify(execFile)(process.execPath, [main, "--small", folder]);
  // The trainings are those that main.ts has kept.
  const { run } = await openTrials(join(folder, readdirSync(folder)[0]!), { settings: small });
  found = new Map((await study(backend, small, run)).map((one) => [one.name, one]));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ordersLost = (norms: readonly number[]) => Math.log10(norms[1]! / norms.at(-1)!);

it.each<Name>(["RNN", "GRU", "LSTM"])("before training, the gradient of %s falls by orders of magnitude", (name) => {
  for (const norms of found.get(name)!.repetitions) expect(ordersLost(norms)).toBeGreaterThan(4);
});

it.each<Name>(["attention", "Transformer", "LSTM, forget bias ln T"])("that of %s does not", (name) => {
  for (const norms of found.get(name)!.repetitions) expect(Math.abs(ordersLost(norms))).toBeLessThan(1.5);
});

it("attention learns to recall and an RNN and an LSTM of the default start do not", () => {
  const worst = (name: Name) => Math.max(...found.get(name)!.errors.at(-1)!);
  const best = (name: Name) => Math.min(...found.get(name)!.errors.at(-1)!);
  for (const name of ["attention", "Transformer"] as const) expect(worst(name)).toBeLessThan(0.25);
  for (const name of ["RNN", "LSTM"] as const) expect(best(name)).toBeGreaterThan(0.45);
  // What is learnt is there in the gradient: the marked load passes unchanged.
  expect(found.get("Transformer")!.after.at(-1)!).toBeGreaterThan(0.7);
});

it("prints both tables and writes the report", () => {
  const { stdout, stderr } = printed;
  expect(stdout).toMatch(/^network +lag 1 +lag 10 +lag 39 +per step \|/m);
  expect(stdout).toMatch(/^RNN +\d\.\de-2 +\d\.\de-\d+ +\d\.\de-\d+ +0\.\d{3} \|/m);
  expect(stdout).toMatch(/^attention +0\.\d{3} \(\d\/3\) +0\.\d{3} \(\d\/3\)$/m);
  expect(stderr).toMatch(/100% · network Transformer · loss/);
  const page = readFileSync(/^.+report\.html$/m.exec(stdout)![0], "utf8");
  expect(page).toContain("How far back in time gradients reach");
  expect(page).toContain(">Before training</h2>");
});
