// Trains plain and residual networks of growing depth on the same micrographs; prints and plots what becomes of them.
//
//   node examples/residual-depth/main.ts [--small] [folder for run folders, default runs/ in the repository]
//   node examples/residual-depth/main.ts [--small] --resume RUN_FOLDER
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
import { depthReport } from "./page.ts";
import { full, small } from "./settings.ts";
import { study } from "./study.ts";
import { bareByDepth, byRate, depthRows, pairRows, signalRows } from "./tables.ts";

const { values, positionals } = parseArgs({
  options: { small: { type: "boolean" }, resume: { type: "string" } },
  allowPositionals: true,
});
const settings = values.small ? small : full;
const runs = positionals[0] ?? fileURLToPath(new URL("../../runs", import.meta.url));
const folder = values.resume ?? (await createRunFolder(runs, "residual-depth"));
const command = `node examples/residual-depth/main.ts${values.small ? " --small" : ""}`;

await runInterruptible(main, `${command} --resume ${displayPath(folder)}`);

async function main(signal: AbortSignal): Promise<void> {
  const { run } = await openTrials(folder, { settings, signal });
  const line = progressLine({ label: "residual-depth", unit: "layer updates" });
  const found = await study(wasmBackend(), settings, run, (completed, total, { kind, depth }, loss) =>
    line.update({ completed, total, fields: { network: `${kind}-${depth}`, loss } }),
  ).finally(() => line.finish());

  const { directions } = settings.ensemble;
  console.log(
    `By depth: training loss of the last epoch (nat; guessing has ${Math.log(directions).toFixed(2)}), errors (%)`,
  );
  for (const row of depthRows(found, settings)) console.log(row);
  console.log(`\nBefore training, depth ${settings.depths.at(-1)}: gradients of the loss in the kernels`);
  for (const row of signalRows(found)) console.log(row);
  console.log(
    `\nBy learning rate, depth ${settings.depths.at(-1)}: training loss of the last epoch (nat), one training each`,
  );
  for (const row of pairRows("learning rate", byRate(found, settings))) console.log(row);
  console.log("\nWithout normalisation in the blocks: training loss of the last epoch (nat), one training each");
  for (const row of pairRows("depth", bareByDepth(found))) console.log(row);
  const slowest = Math.max(...found.found.map(({ secondsToFirstUpdate }) => secondsToFirstUpdate));
  console.log(`\nRecording, differentiating and compiling took at most ${slowest.toFixed(1)} s.`);

  await writeReport(join(folder, "report.html"), depthReport(found, settings));
  console.log(`\nPlotted in:\n${displayPath(join(folder, "report.html"))}`);
}
