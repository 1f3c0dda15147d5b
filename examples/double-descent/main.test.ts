// The fits against their closed form, the descent itself, and what main.ts prints.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { wasmBackend } from "@hooke/backend-wasm";
import { expect, it } from "vitest";
import { featureFits } from "./features.ts";
import { full, leastPenalty } from "./study.ts";

const backend = wasmBackend();
const settings = { ...full, testRows: 200, noise: 0.3, penalty: leastPenalty };
const testOf = async (width: number, changes: Partial<typeof settings> = {}) => {
  const fits = await featureFits(backend, { ...settings, ...changes }, width, [0, 1, 2, 3, 4]);
  return fits.map(({ test }) => test).sort((a, b) => a - b)[2]!;
};

it("fits every row from the threshold on, and none exactly before", async () => {
  const [before] = await featureFits(backend, settings, 60, [0]);
  const [after] = await featureFits(backend, settings, 200, [0]);
  expect(before!.train).toBeGreaterThan(0.1);
  expect(after!.train).toBeLessThan(1e-4);
});

it("without noise and with enough units it comes near the truth on the line", async () => {
  const [fit] = await featureFits(backend, { ...settings, trainRows: 400, noise: 0 }, 4000, [0]);
  expect(fit!.shown[10]! - fit!.shown[30]!).toBeCloseTo(4, -0.5); // 2 |x2| rises by 4 from 0 to -2
});

it("the error falls, rises to the threshold, and falls below where it was; a penalty takes the peak away", async () => {
  const [few, best, threshold, many] = [await testOf(5), await testOf(40), await testOf(100), await testOf(1000)];
  expect(few).toBeGreaterThan(2 * best);
  expect(threshold).toBeGreaterThan(4 * best);
  expect(many).toBeLessThan(best);
  expect(await testOf(100, { penalty: 0.01 })).toBeLessThan(1.1 * best);
});

it("prints the tables and writes the report", async () => {
  const folder = mkdtempSync(join(tmpdir(), "hooke-double-descent-"));
  try {
    const main = fileURLToPath(new URL("main.ts", import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [main, "--small", folder]);
    expect(stdout).toMatch(/Random features, noise 0\.3\n\nwidth +train +test/);
    expect(stdout).toMatch(/^ 1000 +\S+ +0\.\d+ +\(/m);
    expect(stdout).toMatch(/report\.html$/m);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);
