// What `npm start` does, and the published number on the 20 standard splits.
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { meanOf, runSplits } from "./splits.ts";

it("trains, prints held-out metrics and leaves a run folder", async () => {
  const folder = mkdtempSync(join(tmpdir(), "hooke-concrete-"));
  try {
    const main = fileURLToPath(new URL("main.ts", import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [main, folder]);
    expect(stdout).toMatch(/rmse +\d+\.\d+ MPa/);
    const run = /^(.+-concrete)\/$/m.exec(stdout)?.[1];
    expect(run).toBeDefined();
    for (const name of ["report.html", "model.safetensors", "history.json"]) {
      expect(existsSync(join(run!, name)), name).toBe(true);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);

it("reaches a mean test RMSE of at most 5.45 MPa over the 20 standard splits", async () => {
  const errors = await runSplits(() => {});
  expect(errors).toHaveLength(20);
  expect(meanOf(errors).mean).toBeLessThanOrEqual(5.45);
}, 300_000);
