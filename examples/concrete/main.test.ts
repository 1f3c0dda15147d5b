// The surrogate with its run folder, and the published number on the first of the 20 standard splits, or on all.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { wasmBackend } from "@hooke/backend-wasm";
import { core } from "@hooke/core";
import { decodeModel } from "@hooke/core/checkpoint";
import { openTrials } from "@hooke/sweep";
import { expect, it, vi } from "vitest";
import { meanOf, runSplits } from "./splits.ts";
import { candidates, holdOut, loadConcrete, loadSplits, testError } from "./surrogate.ts";

it("stops at Ctrl-C, says how to go on, ends with held-out metrics and leaves a run folder", async () => {
  const folder = mkdtempSync(join(tmpdir(), "hooke-concrete-"));
  try {
    const main = fileURLToPath(new URL("main.ts", import.meta.url));
    const child = spawn(process.execPath, [main, folder], { stdio: ["ignore", "pipe", "ignore"] });
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
      if (String(chunk).includes("Training the first")) child.kill("SIGINT");
    });
    const [code] = await once(child, "close");
    expect(code).toBe(130);
    expect(output).toMatch(/^Stopped after \d+ of 400 epochs\. To go on:$/m);
    const run = /^node examples\/concrete\/main\.ts --resume (.+)$/m.exec(output)![1]!;

    const { stdout, stderr } = await promisify(execFile)(process.execPath, [main, "--resume", run]);
    expect(stdout).toMatch(/^metric +training \(\d+ rows\) +validation \(\d+ rows\) +test \(103 rows\)$/m);
    expect(stdout).toMatch(/^rmse( +\d+\.\d+ MPa){3}$/m);
    expect(stdout).toMatch(/^r2( +0\.\d+){3}/m);
    // The last epoch is reported even where nobody watches.
    expect(stderr).toMatch(/epoch 400\/400 · loss \d\.\d+ · val\. RMSE \d+\.\d+/);
    expect(/^(.+-concrete)\/$/m.exec(stdout)?.[1]).toBe(run);
    for (const name of ["report.html", "model.safetensors", "checkpoint.safetensors", "history.json"]) {
      expect(existsSync(join(run, name)), name).toBe(true);
    }
    expect(JSON.parse(readFileSync(join(run, "history.json"), "utf8"))).toHaveLength(400);
    const model = decodeModel(readFileSync(join(run, "model.safetensors")), { plugins: [core] });
    const { test } = holdOut(await loadConcrete(), (await loadSplits())[0]!);
    const rmse = Number(/([\d.]+) MPa$/.exec(/^rmse.*$/m.exec(stdout)![0])![1]);
    expect(await testError(wasmBackend(), model, test)).toBeCloseTo(rmse, 2);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);

// All of them take a minute of computing.
const count = process.env.HOOKE_TESTS === "full" ? 20 : 3;
it(`splits.ts keeps what is finished at Ctrl-C, and reaches a mean test RMSE of at most 5.45 MPa over ${count} of the 20 standard splits`, async () => {
  const runs = mkdtempSync(join(tmpdir(), "hooke-splits-"));
  try {
    const child = spawn(process.execPath, [fileURLToPath(new URL("splits.ts", import.meta.url)), runs]);
    let said = "";
    child.stderr.on("data", (chunk) => {
      said += chunk;
    });
    const kept = () => readdirSync(runs, { recursive: true }).filter((path) => /split \d+\.json$/.test(String(path)));
    await vi.waitFor(() => expect(kept()).not.toEqual([]), { timeout: 60_000, interval: 20 });
    child.kill("SIGINT");
    expect((await once(child, "close"))[0]).toBe(130);
    const resumed = /Stopped\. To go on: node examples\/concrete\/splits.ts --resume (.+)/.exec(said)?.[1];
    expect(kept().length).toBeGreaterThan(0);

    const { run } = await openTrials(resumed!, { settings: { candidates } });
    const errors = await runSplits(() => {}, run, count);
    expect(errors).toHaveLength(count);
    expect(meanOf(errors).mean).toBeLessThanOrEqual(5.45);
  } finally {
    rmSync(runs, { recursive: true, force: true });
  }
}, 300_000);
