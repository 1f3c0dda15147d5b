// Measures, prints and plots how far back gradients reach in recurrent networks and attention.
//
//   node examples/vanishing-gradients/main.ts [--small] [folder for run folders, default runs/ in the repository]
//   node examples/vanishing-gradients/main.ts [--small] --resume RUN_FOLDER
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
import { errorRows, gradientRows, gradientsReport, solvedBelow } from "./page.ts";
import { knowingNothing } from "./recall.ts";
import { full, small, study } from "./study.ts";

const { values, positionals } = parseArgs({
  options: { small: { type: "boolean" }, resume: { type: "string" } },
  allowPositionals: true,
});
const settings = values.small ? small : full;
const length = settings.lengths.at(-1)!;
const runs = positionals[0] ?? fileURLToPath(new URL("../../runs", import.meta.url));
const folder = values.resume ?? (await createRunFolder(runs, "vanishing-gradients"));
const command = `node examples/vanishing-gradients/main.ts${values.small ? " --small" : ""}`;

await runInterruptible(main, `${command} --resume ${displayPath(folder)}`);

async function main(signal: AbortSignal): Promise<void> {
  const { run } = await openTrials(folder, { settings, signal });
  const line = progressLine({ label: "vanishing-gradients", unit: "epochs" });
  const found = await study(wasmBackend(), settings, run, (completed, total, network, loss) =>
    line.update({ completed, total, fields: { network, loss } }),
  ).finally(() => line.finish());

  console.log(`Norm of d(last output) / d(input) by lag, histories of ${length} steps: before | after training`);
  for (const row of gradientRows(found, length)) console.log(row);
  console.log(`\nTest RMSE, loads in [-1, 1]; in parentheses the trainings that end below ${solvedBelow}`);
  for (const row of errorRows(found, settings.lengths)) console.log(row);
  console.log(`A model that always says 0 has ${knowingNothing.toFixed(3)}.`);

  await writeReport(join(folder, "report.html"), gradientsReport(found, settings));
  console.log(`\nPlotted in:\n${displayPath(join(folder, "report.html"))}`);
}
