// Compares what predicts the displacements and stresses of two-phase cells: uniform phases, linear regressions, a U-Net; and what the solver costs.
//
//   node examples/full-field/main.ts [--small] [folder for run folders, default runs/ in the repository]
//   node examples/full-field/main.ts [--small] --resume RUN_FOLDER
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
import { rows, studyReport } from "./report.ts";
import { full, small, study } from "./study.ts";

const { values, positionals } = parseArgs({
  options: { small: { type: "boolean" }, resume: { type: "string" } },
  allowPositionals: true,
});
const settings = values.small ? small : full;
const runs = positionals[0] ?? fileURLToPath(new URL("../../runs", import.meta.url));
const folder = values.resume ?? (await createRunFolder(runs, "full-field"));
const command = `node examples/full-field/main.ts${values.small ? " --small" : ""}`;

await runInterruptible(main, `${command} --resume ${displayPath(folder)}`);

async function main(signal: AbortSignal): Promise<void> {
  const trials = await openTrials(folder, { settings, signal });
  const results = await study(wasmBackend(), settings, trials.run, signal, (label, total) => {
    const line = progressLine({ label, unit: label === "solving" ? "cells" : "epochs" });
    return (completed) => {
      line.update({ completed, total });
      if (completed === total) line.finish();
    };
  });
  for (const row of rows(settings, results)) console.log(row);

  await writeReport(join(folder, "report.html"), studyReport(settings, results, trials.seconds));
  console.log(`\nReport:\n${displayPath(join(folder, "report.html"))}`);
}
