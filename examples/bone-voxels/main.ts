// Compares what predicts the stiffness of trabecular structures: BV/TV, the descriptors of morphometry, and a network on voxels.
//
//   node examples/bone-voxels/main.ts [--small] [folder for run folders, default runs/ in the repository]
//   node examples/bone-voxels/main.ts [--small] --resume RUN_FOLDER
//
// Moduli and trainings are kept in the run folder as they finish; stopped by Ctrl-C or killed, the second form goes on from there.
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
const folder = values.resume ?? (await createRunFolder(runs, "bone-voxels"));
const command = `node examples/bone-voxels/main.ts${values.small ? " --small" : ""}`;

await runInterruptible(main, `${command} --resume ${displayPath(folder)}`);

async function main(signal: AbortSignal): Promise<void> {
  const trials = await openTrials(folder, { settings, signal });
  const results = await study(wasmBackend(), settings, trials.run, (label, total) => {
    const line = progressLine({ label, unit: label === "homogenising" ? "structures" : "epochs" });
    return (completed) => {
      line.update({ completed, total });
      if (completed === total) line.finish();
    };
  });
  for (const row of rows(settings, results)) console.log(row);

  await writeReport(join(folder, "report.html"), studyReport(settings, results, trials.seconds));
  console.log(`\nReport:\n${displayPath(join(folder, "report.html"))}`);
}
