// Forecasts of crack growth by the law of Paris, an LSTM and a Transformer, for specimens held out whole.
//
//   node examples/crack-growth/main.ts [folder for run folders, default runs/ in the repository] [--small]
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { wasmBackend } from "@hooke/backend-wasm";
import { progressLine } from "@hooke/core/node";
import { createRunFolder, displayPath } from "@hooke/data/node";
import { writeReport } from "@hooke/report/node";
import { allMethods, compare, full, lstmName, small, toBeat, trainingCount, transformerName } from "./experiment.ts";
import type { Candidate } from "./networks.ts";
import { linearRegression } from "./regression.ts";
import { crackGrowthReport } from "./report.ts";
import { betterOn, scoreOf, scoreTable } from "./scores.ts";
import { loadSpecimens } from "./specimens.ts";

const settings = process.argv.includes("--small") ? small : full;
const runs =
  process.argv.slice(2).find((argument) => !argument.startsWith("--")) ??
  fileURLToPath(new URL("../../runs", import.meta.url));

const specimens = await loadSpecimens();
console.log(
  `${specimens.length} specimens: from the crack's length every 20,000 cycles up to 100,000, its length up to 200,000.`,
);
console.log(`Each is held out once, in ${settings.folds} folds; networks choose their settings on the others alone.`);

const start = performance.now();
const line = progressLine({ label: "crack-growth", unit: "trainings" });
const chosen: Candidate[] = [];
let trained = 0;
const methods = allMethods(wasmBackend(), settings, {
  onTrained: () => line.update({ completed: ++trained, total: trainingCount(settings) }),
  onChosen: (candidate) => chosen.push(candidate),
});
const comparison = await compare(methods, specimens, settings);
line.finish();
const seconds = (performance.now() - start) / 1000;

const scores = comparison.results.map((result) => scoreOf(comparison, result));
console.log();
for (const row of scoreTable(scores, toBeat)) console.log(row);
console.log();
const easy = scores.find(({ method }) => method === linearRegression.name)!;
for (const network of scores.filter(({ method }) => method === lstmName || method === transformerName)) {
  console.log(`${network.method} beats ${easy.method} on ${betterOn(network, easy)} of ${specimens.length} specimens.`);
}
console.log(`All took ${seconds.toFixed(0)} s.`);

const folder = await createRunFolder(runs, "crack-growth");
await writeReport(join(folder, "report.html"), crackGrowthReport({ comparison, scores, chosen, settings, seconds }));
console.log(`\nCurves and errors by step:\n${displayPath(join(folder, "report.html"))}`);
