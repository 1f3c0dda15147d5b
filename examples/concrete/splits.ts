// The 20 standard splits: settings chosen on each split's training rows, one training on all of them, the error on its test rows.
//
//   node examples/concrete/splits.ts [folder for run folders, default runs/ in the repository]
//   node examples/concrete/splits.ts --resume RUN_FOLDER
//
// Splits are kept in the run folder as they finish; stopped by Ctrl-C or killed, the second form goes on from there.
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { wasmBackend } from "@hooke/backend-wasm";
import { progressLine, runInterruptible } from "@hooke/core/node";
import { createRunFolder, displayPath } from "@hooke/data/node";
import { openTrials, type RunTrial, runDirectly } from "@hooke/sweep";
import {
  candidates,
  chooseSettings,
  holdOut,
  loadConcrete,
  loadSplits,
  testError,
  trainConcrete,
} from "./surrogate.ts";

/** Test RMSE in MPa for every split, or the first `count`. */
export async function runSplits(
  report: (done: number, total: number, error: number) => void,
  run: RunTrial = runDirectly,
  count?: number,
): Promise<number[]> {
  const backend = wasmBackend();
  const data = await loadConcrete();
  const splits = (await loadSplits()).slice(0, count);
  const errors: number[] = [];
  for (const [i, testRows] of splits.entries()) {
    const error = await run(`split ${i + 1}`, async (signal) => {
      const { train, test } = holdOut(data, testRows);
      const settings = await chooseSettings(backend, train, signal);
      const { model } = await trainConcrete(backend, { train }, settings, { signal });
      return testError(backend, model, test);
    });
    errors.push(error);
    report(errors.length, splits.length, error);
  }
  return errors;
}

/** Mean and standard error. */
export function meanOf(errors: readonly number[]): { mean: number; standardError: number } {
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  const variance = errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / (errors.length - 1);
  return { mean, standardError: Math.sqrt(variance / errors.length) };
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({ options: { resume: { type: "string" } }, allowPositionals: true });
  const runs = positionals[0] ?? fileURLToPath(new URL("../../runs", import.meta.url));
  const folder = values.resume ?? (await createRunFolder(runs, "concrete-splits"));
  const main = async (signal: AbortSignal): Promise<void> => {
    const { run } = await openTrials(folder, { settings: { candidates }, signal });
    const line = progressLine({ label: "concrete", unit: "splits" });
    const errors = await runSplits(
      (completed, total, rmse) => line.update({ completed, total, fields: { rmse } }),
      run,
    ).finally(() => line.finish());
    const { mean, standardError } = meanOf(errors);
    console.log(`test RMSE over ${errors.length} splits: ${mean.toFixed(2)} ± ${standardError.toFixed(2)} MPa`);
    console.log("published, one hidden layer of 50 units, without averaging over dropout: 5.45 ± 0.19 MPa");
  };
  await runInterruptible(main, `node examples/concrete/splits.ts --resume ${displayPath(folder)}`);
}
