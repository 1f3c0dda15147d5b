// What main.ts prints at small size, and the published numbers on some of the splits, or on all.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { wasmBackend } from "@hooke/backend-wasm";
import { meanOf } from "@hooke/example-study-frame/statistics.ts";
import { expect, it } from "vitest";
import { judge, type MethodName } from "./methods.ts";
import { holdOut, loadSet, type SetName, sets } from "./sets.ts";
import { full } from "./study.ts";

const backend = wasmBackend();
const all = process.env.HOOKE_TESTS === "full";

it("prints the tables and writes the report", async () => {
  const folder = mkdtempSync(join(tmpdir(), "hooke-uncertainty-"));
  try {
    const main = fileURLToPath(new URL("main.ts", import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [main, "--small", folder]);
    expect(stdout).toMatch(/^concrete, 1 of the 20 standard splits$/m);
    expect(stdout).toMatch(/^dropout, published +4\.82 ± 0\.16 +2\.93 ± 0\.02$/m);
    expect(stdout).toMatch(/^last-layer Laplace +\d\.\d\d ± \d\.\d\d +\d\.\d\d ± \d\.\d\d +\d\d % +0\.\d\d\d$/m);
    expect(stdout).toMatch(/report\.html$/m);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);

const cases = (Object.keys(sets) as SetName[]).flatMap((set): [SetName, MethodName][] => [
  [set, "ensemble of 5"],
  ...(all ? [[set, "dropout"] as [SetName, MethodName]] : []),
]);

it.each(cases)(
  "%s: %s reaches what is published of dropout",
  async (set, method) => {
    const { data, splits } = await loadSet(set);
    const results: Awaited<ReturnType<typeof judge>>[] = [];
    for (const testRows of splits.slice(0, all ? 20 : 1)) {
      const work = { backend, settings: full, signal: new AbortController().signal, ...holdOut(data, testRows) };
      results.push(await judge(method, work));
    }
    const { rmse, nll } = sets[set].published[0]!;
    const mean = (of: "rmse" | "negativeLogLikelihood") => meanOf(results.map(({ scores }) => scores[of]));
    // Of all splits the ensemble's error is below the published one, dropout's within its standard error. One split may be two standard deviations off.
    const errors = all ? (method === "dropout" ? 1 : 0) : 2 * Math.sqrt(20);
    expect(mean("rmse")).toBeLessThanOrEqual(rmse[0] + errors * rmse[1]);
    if (method !== "dropout")
      expect(mean("negativeLogLikelihood")).toBeLessThanOrEqual(nll[0] + Math.max(1, errors) * nll[1]);
  },
  1_200_000,
);
