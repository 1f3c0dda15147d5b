// Compares what predicts the effective modulus of a microstructure, and what augmentation buys.
//
//   node examples/micrograph-cnn/main.ts [--small] [folder for run folders, default runs/ in the repository]
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { wasmBackend } from "@hooke/backend-wasm";
import { progressLine } from "@hooke/core/node";
import { createRunFolder, displayPath } from "@hooke/data/node";
import { writeReport } from "@hooke/report/node";
import { rows, studyReport } from "./report.ts";
import { full, small, study } from "./study.ts";

const given = process.argv.slice(2);
const settings = given.includes("--small") ? small : full;
const runs = given.find((argument) => argument !== "--small") ?? fileURLToPath(new URL("../../runs", import.meta.url));

const start = performance.now();
const results = await study(wasmBackend(), settings, (label, total) => {
  const line = progressLine({ label, unit: label === "homogenising" ? "images" : "epochs" });
  return (completed) => {
    line.update({ completed, total });
    if (completed === total) line.finish();
  };
});
for (const row of rows(settings, results)) console.log(row);

const folder = await createRunFolder(runs, "micrograph-cnn");
const seconds = (performance.now() - start) / 1000;
await writeReport(join(folder, "report.html"), studyReport(settings, results, seconds));
console.log(`\nReport:\n${displayPath(join(folder, "report.html"))}`);
