// The planted causes are where they are said to be; at small size every method is asked, and what main.ts leaves.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { wasmBackend } from "@hooke/backend-wasm";
import { array } from "@hooke/runtime";
import { runDirectly } from "@hooke/sweep";
import { afterAll, expect, it } from "vitest";
import { histories } from "./histories.ts";
import { micrographs } from "./micrographs.ts";
import { explainReport } from "./report.ts";
import { full, study } from "./study.ts";
import { placeOfLargest } from "./task.ts";

const folder = mkdtempSync(join(tmpdir(), "hooke-explain-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("plants one dark pore, and the target is its size", () => {
  const { data, isCause } = micrographs.draw(20, 0);
  const [, height, width] = data.inputs.shape as [number, number, number];
  for (let row = 0; row < data.count; row++) {
    const image = data.inputs.data.subarray(row * height * width, (row + 1) * height * width);
    const dark = [...image.keys()].filter((i) => Number(image[i]) < 0.3);
    expect(dark.every((i) => isCause(row, [Math.floor(i / width), i % width]))).toBe(true);
    // The area of the pore, in pixels.
    const area = (Math.PI * (400 - Number(data.targets.data[row]))) / 20;
    expect(Math.abs(dark.length - area)).toBeLessThan(0.35 * area);
    expect(isCause(row, [dark[0]! < (height * width) / 2 ? height - 1 : 0, 0])).toBe(false);
  }
});

it("plants one overload, and the target is its size", () => {
  const { data, isCause } = histories.draw(20, 0);
  const steps = data.inputs.shape[1]!;
  for (let row = 0; row < data.count; row++) {
    const loads = Array.from(data.inputs.data.subarray(row * steps, (row + 1) * steps), Number);
    const largest = loads.indexOf(Math.max(...loads));
    expect(isCause(row, [largest])).toBe(true);
    expect(loads.filter((_, step) => isCause(row, [step])).length).toBeLessThanOrEqual(3);
    expect(Math.abs(Number(data.targets.data[row]) - 100 - 60 * (loads[largest]! - 1))).toBeLessThan(60 * 0.3);
  }
});

it("finds the largest place of a coarse map in pixels of the input", () => {
  const map = array([0, 0, 0, -5, 1, 0, 0, 0], { shape: [2, 2, 2] });
  expect(placeOfLargest(map, 0, [8, 8, 1])).toEqual([5.5, 5.5]);
  expect(placeOfLargest(map, 1, [8, 8, 1])).toEqual([1.5, 1.5]);
});

it("main.ts asks every method, and writes a report with their maps", async () => {
  const main = fileURLToPath(new URL("main.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [main, folder, "--small"]);
  for (const [network, methods] of [
    ["CNN", 8],
    ["LSTM", 4],
    ["Transformer", 9],
  ] as const) {
    const part = stdout.split("\n\n").find((text) => text.trim().startsWith(network))!;
    expect(
      part
        .trim()
        .split("\n")
        .filter((line) => line.includes("%")).length,
    ).toBe(methods);
  }
  const file = /Report:\n(.+)$/m.exec(stdout)![1]!;
  const page = readFileSync(file.replace(/^~/, process.env.HOME ?? ""), "utf8");
  expect(page).toContain("Transformer: attention rollout");
  expect(page.match(/class="strips"/g)!.length).toBe(13);
}, 120_000);

// Minutes of computing: what the README says of a single network of each kind.
it.runIf(process.env.HOOKE_TESTS === "full")(
  "finds the cause in 95 of 100 cases, by each method that is said to",
  async () => {
    const settings = { ...full, repetitions: 1 };
    const trials = await study(wasmBackend(), settings, runDirectly);
    expect(explainReport(trials, settings).figures!.length).toBe(22);
    const sure = ["integrated gradients", "SmoothGrad", "occlusion", "kernel Shapley"];
    for (const { findings, network } of trials) {
      for (const { method, found } of findings.filter((each) => sure.includes(each.method))) {
        expect(found, `${network}, ${method}`).toBeGreaterThanOrEqual(95);
      }
    }
  },
  3_600_000,
);
