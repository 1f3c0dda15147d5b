// Forecasts of crack growth by the law of Paris, an LSTM and a Transformer, for specimens held out whole.
//
//   node examples/crack-growth/main.ts [--small] [folder for run folders, default runs/ in the repository]
//   node examples/crack-growth/main.ts [--small] --resume RUN_FOLDER
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
import { allMethods, compare, full, lstmName, small, toBeat, trainingCount, transformerName } from "./experiment.ts";
import type { Candidate } from "./networks.ts";
import { linearRegression } from "./regression.ts";
import { crackGrowthReport } from "./report.ts";
import { betterOn, scoreOf, scoreTable } from "./scores.ts";
import { loadSpecimens } from "./specimens.ts";

const { values, positionals } = parseArgs({
  options: { small: { type: "boolean" }, resume: { type: "string" } },
  allowPositionals: true,
});
const settings = values.small ? small : full;
const runs = positionals[0] ?? fileURLToPath(new URL("../../runs", import.meta.url));
const folder = values.resume ?? (await createRunFolder(runs, "crack-growth"));
const command = `node examples/crack-growth/main.ts${values.small ? " --small" : ""}`;

await runInterruptible(main, `${command} --resume ${displayPath(folder)}`);

async function main(signal: AbortSignal): Promise<void> {
  const trials = await openTrials(folder, { settings, signal });
  const specimens = await loadSpecimens();
  console.log(
    `${specimens.length} specimens: from the crack's length every 20,000 cycles up to 100,000, its length up to 200,000.`,
  );
  console.log(`Each is held out once, in ${settings.folds} folds; networks choose their settings on the others alone.`);

  const line = progressLine({ label: "crack-growth", unit: "trainings" });
  const chosen: Candidate[] = [];
  let trained = 0;
  const methods = allMethods(wasmBackend(), settings, trials.run, {
    onTrained: () => line.update({ completed: ++trained, total: trainingCount(settings) }),
    onChosen: (candidate) => chosen.push(candidate),
  });
  const comparison = await compare(methods, specimens, settings).finally(() => line.finish());
  const { seconds } = trials;

  const scores = comparison.results.map((result) => scoreOf(comparison, result));
  console.log();
  for (const row of scoreTable(scores, toBeat)) console.log(row);
  console.log();
  const easy = scores.find(({ method }) => method === linearRegression.name)!;
  for (const network of scores.filter(({ method }) => method === lstmName || method === transformerName)) {
    console.log(
      `${network.method} beats ${easy.method} on ${betterOn(network, easy)} of ${specimens.length} specimens.`,
    );
  }
  console.log(`The networks took ${seconds.toFixed(0)} s.`);

  await writeReport(join(folder, "report.html"), crackGrowthReport({ comparison, scores, chosen, settings, seconds }));
  console.log(`\nCurves and errors by step:\n${displayPath(join(folder, "report.html"))}`);
}
