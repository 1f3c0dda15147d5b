// The network that nobody trained, what training comes to, and what main.ts prints.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { wasmBackend } from "@hooke/backend-wasm";
import { expect, it } from "vitest";
import { approximate, folded, parametersOf, places, type Shape, targets } from "./approximate.ts";

it("three folds are the zigzag", () => {
  for (const x of places) expect(folded(x, 3)).toBeCloseTo(targets.zigzag(x), 12);
});

it("counts parameters", () => {
  expect(parametersOf({ target: "wave", activation: "tanh", width: 4, depth: 1 })).toBe(13);
});

async function errorOf(shape: Shape): Promise<number> {
  let last = Number.NaN;
  const looks = approximate(wasmBackend(), shape, { steps: 1000, looks: 10, seed: 0 });
  for await (const { error } of looks) last = error;
  return last;
}

it("a smooth curve takes a few units", async () => {
  expect(await errorOf({ target: "wave", activation: "tanh", width: 16, depth: 1 })).toBeLessThan(0.01);
});

it("the zigzag takes wide ones, though a narrow one exists", async () => {
  expect(await errorOf({ target: "zigzag", activation: "relu", width: 64, depth: 1 })).toBeLessThan(0.05);
  expect(await errorOf({ target: "zigzag", activation: "relu", width: 2, depth: 3 })).toBeGreaterThan(0.1);
});

it("prints the tables and writes the report", async () => {
  const folder = mkdtempSync(join(tmpdir(), "hooke-approximation-"));
  try {
    const main = fileURLToPath(new URL("main.ts", import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [main, "--small", folder]);
    expect(stdout).toMatch(/The zigzag, relu\n\nhidden layers +parameters/);
    expect(stdout).toMatch(/^1 of 4 +13 +0\.\d+ +0\.\d+ +0\.\d+$/m);
    expect(stdout).toMatch(/report\.html$/m);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);
