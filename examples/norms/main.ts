// Trains one network with four norms on loads from 1 to 1000 kN/m; prints and plots what each does to which loads.
//
//   node examples/norms/main.ts [--small] [folder for run folders, default runs/ in the repository]
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { wasmBackend } from "@hooke/backend-wasm";
import { progressLine } from "@hooke/core/node";
import { createRunFolder, displayPath } from "@hooke/data/node";
import { writeReport } from "@hooke/report/node";
import { errorRows, modeRows, normsReport, spreadRows } from "./page.ts";
import { full, small, study } from "./study.ts";

const { values, positionals } = parseArgs({ options: { small: { type: "boolean" } }, allowPositionals: true });
const settings = values.small ? small : full;

const line = progressLine({ label: "norms", unit: "epochs" });
const found = await study(wasmBackend(), settings, (completed, total, training, loss) =>
  line.update({ completed, total, fields: { training, loss } }),
);
line.finish();

console.log("Standard deviation over the loads of a decade (kN/m) after the first norm, before training");
for (const row of spreadRows(found)) console.log(row);
console.log("\nMedian relative test error by decade of the load (kN/m), mean over repetitions");
for (const row of errorRows(found)) console.log(row);
console.log("\nMedian relative test error of moment per load, with the statistics of each batch and with running ones");
for (const row of modeRows(found)) console.log(row);

const folder = await createRunFolder(positionals[0] ?? fileURLToPath(new URL("../../runs", import.meta.url)), "norms");
await writeReport(join(folder, "report.html"), normsReport(found, settings));
console.log(`\nPlotted in:\n${displayPath(join(folder, "report.html"))}`);
