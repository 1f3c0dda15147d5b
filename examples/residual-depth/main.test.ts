// What shortcuts change against constructions and closed forms, the claims of the study at small size, and what main.ts leaves.

import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { wasmBackend } from "@hooke/backend-wasm";
import { initialize, predict, summary } from "@hooke/core";
import { meanOf } from "@hooke/example-study-frame/statistics.ts";
import { array, type HostArray, treeLeaves, treeMap } from "@hooke/runtime";
import { openTrials } from "@hooke/sweep";
import { afterAll, beforeAll, expect, it } from "vitest";
import { micrographs } from "./micrographs.ts";
import { type Kind, kinds, network } from "./networks.ts";
import { small } from "./settings.ts";
import { growthPerLayer, signals } from "./signals.ts";
import { type Study, study } from "./study.ts";
import { repetitionsOf, trainingLoss } from "./tables.ts";

const backend = wasmBackend();
const { ensemble, filters } = small;
const inputShape = [ensemble.side, ensemble.side, 1];
const architecture = (kind: Kind, depth: number) => ({ kind, depth, filters, outputs: ensemble.directions });

it("gives both phases half of every micrograph", async () => {
  const { inputs, targets } = await micrographs(backend, ensemble, 100, 1);
  const [size, pixels] = [ensemble.side ** 2, Array.from(inputs.data)];
  for (let i = 0; i < 100; i++) {
    expect(pixels.slice(i * size, (i + 1) * size).reduce((sum, value) => sum + value)).toBe(0);
  }
  expect(new Set(targets.data).size).toBe(ensemble.directions);
});

it("correlates points as Gaussian fields cut at their median are: by 2/pi arcsin of the fields' own correlation", async () => {
  const [side, directions, count] = [64, 4, 120];
  const [along, across] = ensemble.lengths;
  const { inputs, targets } = await micrographs(backend, { ...ensemble, side, directions }, count, 1);
  const at = (i: number, x: number, y: number) => inputs.data[(i * side + y) * side + ((x + side) % side)]!;
  for (let direction = 0; direction < directions; direction++) {
    const rows = Array.from({ length: count }, (_, i) => i).filter((i) => targets.data[i] === direction);
    const [cosine, sine] = [Math.cos((Math.PI * direction) / directions), Math.sin((Math.PI * direction) / directions)];
    for (const [dx, dy] of [
      [2, 0],
      [0, 2],
      [1, 1],
      [-1, 1],
    ] as const) {
      const exponent = ((dx * cosine + dy * sine) / along) ** 2 + ((dy * cosine - dx * sine) / across) ** 2;
      const expected = (2 / Math.PI) * Math.asin(Math.exp(-exponent / 4));
      let sum = 0;
      for (const i of rows) {
        for (let y = 0; y < side - dy; y++) for (let x = 0; x < side; x++) sum += at(i, x, y) * at(i, x + dx, y + dy);
      }
      const found = sum / (rows.length * side * (side - dy));
      expect(Math.abs(found - expected), `direction ${direction}, ${dx}, ${dy}`).toBeLessThan(0.04);
    }
  }
});

it.each([8, 20, 56])("gives plain and residual networks of depth %d the same parameters", (depth) => {
  const convolutions = 9 * filters + (depth - 2) * 9 * filters ** 2;
  const norms = (depth - 1) * 2 * filters;
  const head = (filters + 1) * ensemble.directions;
  for (const kind of kinds) {
    expect(summary(network(architecture(kind, depth)), inputShape).parameters).toBe(convolutions + norms + head);
  }
});

/** Variables of the deeper network of which those at the paths of the shallower one are its own; `added` says the others. */
async function deepened(kind: Kind, depths: [number, number], added: (path: string, value: HostArray) => HostArray) {
  const [shallow, deep] = depths.map((depth) => network(architecture(kind, depth))) as [never, never];
  const [copied, fresh] = [
    await initialize(backend, shallow, inputShape, 1),
    await initialize(backend, deep, inputShape, 2),
  ];
  const own = new Map(treeLeaves<HostArray>(copied.params).map(({ path, value }) => [path, value]));
  const params = treeMap(fresh.params, (value: HostArray, path: string) => own.get(path) ?? added(path, value));
  const { inputs } = await micrographs(backend, ensemble, 16, 3);
  const outputOf = (layer: never, variables: typeof copied) =>
    predict({ layer, inputShape, variables }, inputs, { backend });
  return [(await outputOf(shallow, copied)).data, (await outputOf(deep, { ...fresh, params })).data] as const;
}

function expectSame([shallow, deep]: readonly [HostArray["data"], HostArray["data"]]): void {
  expect(Math.max(...shallow)).toBeGreaterThan(0.1);
  for (const [i, value] of shallow.entries()) expect(Math.abs(deep[i]! - value)).toBeLessThanOrEqual(1e-6);
}

it("leaves the input as it is in residual blocks whose last scale is zero, whatever their other weights", async () => {
  const zeroScale = (path: string, value: HostArray) =>
    path.endsWith("norm2.scale") ? array(new Float32Array(value.data.length)) : value;
  expectSame(await deepened("residual", [8, 14], zeroScale));
  expectSame(await deepened("residual", [20, 38], zeroScale));
});

it("has a plain deep network that copies a shallow one, so that its training loss need not be higher", async () => {
  // A kernel that is 1 at the centre for each channel, and scales that undo the epsilon of the normalisation.
  const identity = (path: string, value: HostArray) => {
    if (path.endsWith("scale")) return array(Float32Array.from(value.data, () => Math.sqrt(1 + 1e-5)));
    if (!path.endsWith("kernel")) return value;
    const centre = 4 * filters ** 2;
    const kernel = new Float32Array(9 * filters ** 2);
    for (let channel = 0; channel < filters; channel++) kernel[centre + channel * (filters + 1)] = 1;
    return array(kernel, { shape: value.shape });
  };
  expectSame(await deepened("plain", [8, 56], identity));
});

it("finds the growth of a wide plain network's gradient that follows from relu and normalisation", async () => {
  // Half of the squared gradient passes relu; normalisation divides by the variance that relu leaves, (pi - 1) / (2 pi).
  const expected = Math.sqrt(Math.PI / (Math.PI - 1));
  const data = await micrographs(backend, ensemble, 64, 5);
  const measured = async (kind: Kind) => {
    const layer = network({ ...architecture(kind, 26), filters: 24 });
    const variables = await initialize(backend, layer, inputShape, 4);
    return signals(backend, layer, variables, data, { batches: 2, batchSize: 32 });
  };
  const [plain, residual] = [await measured("plain"), await measured("residual")];
  expect(plain.map(({ path }) => path).slice(0, 3)).toEqual([
    "stem.conv.kernel",
    "blocks.0.conv1.kernel",
    "blocks.0.conv2.kernel",
  ]);
  expect(plain).toHaveLength(25);
  expect(Math.abs(growthPerLayer(plain) / expected - 1)).toBeLessThan(0.05);
  expect(growthPerLayer(residual)).toBeLessThan(1.1);
});

const isFull = process.env.HOOKE_TESTS === "full";
const settings = isFull ? { ...small, repetitions: 3, otherRates: [], bare: { ...small.bare, depths: [] } } : small;
const folder = mkdtempSync(join(tmpdir(), "hooke-residual-depth-"));
let printed: { readonly stdout: string; readonly stderr: string };
let found: Study;
beforeAll(async () => {
  const main = fileURLToPath(new URL("main.ts", import.meta.url));
  printed = await promisify(execFile)(process.execPath, [main, "--small", folder]);
  // What main.ts has kept is read again, not computed.
  const kept = await openTrials(dirname(/^.+report\.html$/m.exec(printed.stdout)![0]), { settings: small });
  found = await study(backend, settings, isFull ? undefined : kept.run);
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const [shallow, deep] = small.depths as [number, number];
const lossesOf = (kind: Kind, depth: number) => repetitionsOf(found, settings, kind, depth).map(trainingLoss);

it("trains the plain deep network worse than the plain shallow one and the residual deep one", () => {
  const plain = lossesOf("plain", deep);
  expect(plain).toHaveLength(settings.repetitions);
  // The least of these differences over six repetitions was 0.35.
  for (const [i, loss] of plain.entries()) {
    expect(loss).toBeGreaterThan(lossesOf("plain", shallow)[i]! + 0.1);
    expect(loss).toBeGreaterThan(lossesOf("residual", deep)[i]! + 0.1);
  }
});

it("starts with gradients near the input on which batches agree in the residual network and not in the plain one", () => {
  const nearInput = (kind: Kind) => found.signals[kind].slice(0, deep / 2).map(({ agreement }) => agreement);
  expect(Math.abs(meanOf(nearInput("plain")))).toBeLessThan(0.02);
  expect(meanOf(nearInput("residual"))).toBeGreaterThan(0.05);
});

it("prints the tables and writes the report", () => {
  const { stdout, stderr } = printed;
  expect(stdout).toMatch(/^network +training loss +training error +test error$/m);
  for (const kind of kinds)
    expect(stdout).toMatch(new RegExp(`^${kind}-44 +\\d\\.\\d\\d +\\d+\\.\\d +\\d+\\.\\d$`, "m"));
  expect(stdout).toMatch(/^residual: agreement( +-?\d\.\d{3}){5}$/m);
  expect(stdout).toMatch(/^learning rate +plain +residual\n0\.01( +\d\.\d\d){2}\n0\.05( +\d\.\d\d){2}$/m);
  expect(stderr).toMatch(/100% · network residual-8 · loss/);
  const page = readFileSync(/^.+report\.html$/m.exec(stdout)![0], "utf8");
  expect(page).toContain("<h1>Plain and residual networks of growing depth</h1>");
  expect(page).toContain(">Training loss against depth</h2>");
});
