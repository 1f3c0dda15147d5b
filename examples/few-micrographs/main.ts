// Compares what predicts the effective modulus where 25 to 200 micrographs are labelled, and recommends the simplest that ties with the best.
//
//   node examples/few-micrographs/main.ts [--small] [--weights FILE] [folder for run folders, default runs/ in the repository]
//   node examples/few-micrographs/main.ts [--small] [--weights FILE] --resume RUN_FOLDER
//
// FILE is what examples/texture-backbone writes; without it the network is random. Moduli, features and scores are kept in the run folder as they
// are found; stopped by Ctrl-C or killed, the second form goes on from there.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { wasmBackend } from "@hooke/backend-wasm";
import { progressLine, runInterruptible } from "@hooke/core/node";
import { createRunFolder, displayPath } from "@hooke/data/node";
import { writeReport } from "@hooke/report/node";
import { openTrials } from "@hooke/sweep";
import { featureFolder } from "@hooke/transfer/node";
import { textureBackbone } from "./backbone.ts";
import { rows, studyReport } from "./report.ts";
import { drawMicrographs, full, small, study } from "./study.ts";

const { values, positionals } = parseArgs({
  options: { small: { type: "boolean" }, weights: { type: "string" }, resume: { type: "string" } },
  allowPositionals: true,
});
const settings = values.small ? small : full;
const runs = positionals[0] ?? fileURLToPath(new URL("../../runs", import.meta.url));
const folder = values.resume ?? (await createRunFolder(runs, "few-micrographs"));
const weights = values.weights === undefined ? "" : ` --weights ${values.weights}`;
const command = `node examples/few-micrographs/main.ts${values.small ? " --small" : ""}${weights}`;

await runInterruptible(main, `${command} --resume ${displayPath(folder)}`);

async function main(signal: AbortSignal): Promise<void> {
  const backend = wasmBackend();
  const backbone = await textureBackbone(backend, settings.ensemble.side, values.weights);
  const { run } = await openTrials(folder, { settings: { ...settings, weights: values.weights ?? null }, signal });
  const drawing = progressLine({ label: "homogenising", unit: "images" });
  const onSample = (completed: number) => drawing.update({ completed, total: settings.count });
  const sample = await drawMicrographs(backend, settings, run, onSample).finally(() => drawing.finish());
  const line = progressLine({ label: "methods", unit: "fits" });
  const cache = featureFolder(join(folder, "features"));
  const results = await study(backend, backbone, sample, settings, run, cache, (completed, total) =>
    line.update({ completed, total }),
  ).finally(() => line.finish());
  for (const row of rows(settings, results)) console.log(row);

  await writeReport(join(folder, "report.html"), studyReport(settings, results));
  console.log(`\nReport:\n${displayPath(join(folder, "report.html"))}`);
}
