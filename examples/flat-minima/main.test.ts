// The eigenvalue against a closed form, the bound that gradient descent keeps, and what main.ts prints.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { wasmBackend } from "@hooke/backend-wasm";
import { dense } from "@hooke/core";
import { dataset } from "@hooke/data";
import { array } from "@hooke/runtime";
import { expect, it } from "vitest";
import { minimum, surroundings } from "./minima.ts";
import { full, small, study } from "./study.ts";

const backend = wasmBackend();

it("of a line through rows, the Hessian is twice the mean of products of inputs, wherever one stands", async () => {
  // The means of x0^2, x0 x1 and x1^2 are 5, 0 and 1: eigenvalues of 10 and 2.
  const root = Math.sqrt(5);
  const inputs = array([
    [root, 1],
    [root, -1],
    [-root, 1],
    [-root, -1],
  ]);
  const rows = dataset({ inputs, targets: array([[1], [2], [3], [4]]) });
  const { sharpness, walk } = surroundings(backend, dense({ units: 1, bias: false }));
  const params = { kernel: array([[0.3], [-2]]) };
  const { eigenvalue, along } = await sharpness(params, rows);
  expect(eigenvalue).toBeCloseTo(10, 3);
  const { data } = (along as { kernel: typeof inputs }).kernel;
  expect([Math.abs(data[0]!), data[1]!]).toEqual([expect.closeTo(1, 2), expect.closeTo(0, 1)]);
  // A parabola: its second difference over steps of a half is the eigenvalue over 4.
  const [left, middle, right] = (await walk(params, along, [-0.5, 0, 0.5], rows)) as [number, number, number];
  expect(left - 2 * middle + right).toBeCloseTo(10 / 4, 2);
});

it("with all rows gradient descent ends where the largest eigenvalue is 2 over the rate; small batches end far below", async () => {
  const found = await study(backend, { ...small, updates: 8000, seeds: 1 });
  const [few, all] = found.map(({ ends }) => ends[0]!);
  expect(all!.sharpness).toBeGreaterThan(17);
  expect(all!.sharpness).toBeLessThan(21);
  expect(few!.sharpness).toBeLessThan(0.75 * all!.sharpness);
});

it("is left alone where it is no longer asked for", async () => {
  const stop = new AbortController();
  let looks = 0;
  const setting = { ...full, updates: 400, rate: 0.05, batch: 10, seed: 0 };
  for await (const { updates } of minimum(backend, setting, { looks: 4, signal: stop.signal })) {
    expect(updates).toBe(100 * ++looks);
    if (looks === 2) stop.abort();
  }
  expect(looks).toBe(2);
});

it("prints the table and writes the report", async () => {
  const folder = mkdtempSync(join(tmpdir(), "hooke-flat-minima-"));
  try {
    const main = fileURLToPath(new URL("main.ts", import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [main, "--small", folder]);
    expect(stdout).toMatch(/rate +batch +largest eigenvalue/);
    expect(stdout).toMatch(/^ +0\.1 +100 +\d+\.\d \(/m);
    expect(stdout).toMatch(/report\.html$/m);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);
