// Trains a network on few samples with and without each part of its regularisation; prints and plots it.
//
//   node examples/regularized-mlp/main.ts [--small] [folder for run folders, default runs/ in the repository]
//   node examples/regularized-mlp/main.ts [--small] --resume RUN_FOLDER
//
// Trainings are kept in the run folder as they finish; stopped by Ctrl-C or killed, the second form goes on from there.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { wasmBackend } from "@hooke/backend-wasm";
import { progressLine, runInterruptible } from "@hooke/core/node";
import { createRunFolder, displayPath } from "@hooke/data/node";
import { writeReport } from "@hooke/report/node";
import { openTrials } from "@hooke/sweep";
import { noise } from "./data.ts";
import { errorRows, regularizationReport } from "./page.ts";
import { full, small } from "./regularized.ts";
import { study } from "./study.ts";

const { values, positionals } = parseArgs({
  options: { small: { type: "boolean" }, resume: { type: "string" } },
  allowPositionals: true,
});
const settings = values.small ? small : full;
const runs = positionals[0] ?? fileURLToPath(new URL("../../runs", import.meta.url));
const folder = values.resume ?? (await createRunFolder(runs, "regularized-mlp"));
const command = `node examples/regularized-mlp/main.ts${values.small ? " --small" : ""}`;

await runInterruptible(main, `${command} --resume ${displayPath(folder)}`);

async function main(signal: AbortSignal): Promise<void> {
  const { run } = await openTrials(folder, { settings, signal });
  const line = progressLine({ label: "regularized-mlp", unit: "trainings" });
  const found = await study(wasmBackend(), settings, run, (completed, total, variant, loss) =>
    line.update({ completed, total, fields: { variant, loss } }),
  ).finally(() => line.finish());

  console.log(
    `${settings.trainRows} rows, noise of deviation ${noise}, ${settings.repetitions} repetitions; no noise in the test.`,
  );
  console.log("Mean ± standard deviation; the difference, on the same data, ± its standard error.\n");
  for (const row of errorRows(found)) console.log(row);
  console.log("Answering the mean has a test RMSE of 2.");

  await writeReport(join(folder, "report.html"), regularizationReport(found, settings));
  console.log(`\nPlotted in:\n${displayPath(join(folder, "report.html"))}`);
}
