// Trains one network with four norms on loads from 1 to 1000 kN/m; prints and plots what each does to which loads.
//
//   node examples/norms/main.ts [--small] [folder for run folders, default runs/ in the repository]
//   node examples/norms/main.ts [--small] --resume RUN_FOLDER
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
import { errorRows, modeRows, normsReport, spreadRows } from "./page.ts";
import { full, small, study } from "./study.ts";

const { values, positionals } = parseArgs({
  options: { small: { type: "boolean" }, resume: { type: "string" } },
  allowPositionals: true,
});
const settings = values.small ? small : full;
const runs = positionals[0] ?? fileURLToPath(new URL("../../runs", import.meta.url));
const folder = values.resume ?? (await createRunFolder(runs, "norms"));
const command = `node examples/norms/main.ts${values.small ? " --small" : ""}`;

await runInterruptible(main, `${command} --resume ${displayPath(folder)}`);

async function main(signal: AbortSignal): Promise<void> {
  const { run } = await openTrials(folder, { settings, signal });
  const line = progressLine({ label: "norms", unit: "epochs" });
  const found = await study(wasmBackend(), settings, run, (completed, total, training, loss) =>
    line.update({ completed, total, fields: { training, loss } }),
  ).finally(() => line.finish());

  console.log("Standard deviation over the loads of a decade (kN/m) after the first norm, before training");
  for (const row of spreadRows(found)) console.log(row);
  console.log("\nMedian relative test error by decade of the load (kN/m), mean over repetitions");
  for (const row of errorRows(found)) console.log(row);
  console.log(
    "\nMedian relative test error of moment per load, with the statistics of each batch and with running ones",
  );
  for (const row of modeRows(found)) console.log(row);

  await writeReport(join(folder, "report.html"), normsReport(found, settings));
  console.log(`\nPlotted in:\n${displayPath(join(folder, "report.html"))}`);
}
