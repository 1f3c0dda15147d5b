// Compares what predicts the effective modulus where 25 to 200 micrographs are labelled, and recommends the simplest that ties with the best.
//
//   node examples/few-micrographs/main.ts [--small] [--mobile-net FILE] [folder for run folders, default runs/ in the repository]
//   node examples/few-micrographs/main.ts [--small] [--mobile-net FILE] --resume RUN_FOLDER
//
// FILE has the weights of Keras' MobileNetV2, which took ImageNet to train; without it that network is left out. Moduli, features and scores are
// kept in the run folder as they are found; stopped by Ctrl-C or killed, the second form goes on from there.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { wasmBackend } from "@hooke/backend-wasm";
import { progressLine, runInterruptible } from "@hooke/core/node";
import { createRunFolder, displayPath } from "@hooke/data/node";
import { writeReport } from "@hooke/report/node";
import { openTrials } from "@hooke/sweep";
import { featureFolder } from "@hooke/transfer/node";
import { mobileNetBackbone, textureBackbone } from "./backbone.ts";
import { rows, studyReport } from "./report.ts";
import { drawMicrographs, full, small, study } from "./study.ts";

const { values, positionals } = parseArgs({
  options: { small: { type: "boolean" }, "mobile-net": { type: "string" }, resume: { type: "string" } },
  allowPositionals: true,
});
const settings = values.small ? small : full;
const runs = positionals[0] ?? fileURLToPath(new URL("../../runs", import.meta.url));
const folder = values.resume ?? (await createRunFolder(runs, "few-micrographs"));
const file = values["mobile-net"];
const mobileNet = file === undefined ? "" : ` --mobile-net ${file}`;
const command = `node examples/few-micrographs/main.ts${values.small ? " --small" : ""}${mobileNet}`;

await runInterruptible(main, `${command} --resume ${displayPath(folder)}`);

async function main(signal: AbortSignal): Promise<void> {
  const backend = wasmBackend();
  const { side } = settings.ensemble;
  const backbones = [await textureBackbone(side)];
  if (file !== undefined) backbones.push(await mobileNetBackbone(side, file));
  else console.log("MobileNetV2 is left out: no file with its weights, --mobile-net FILE, was given.");
  const { run } = await openTrials(folder, { settings: { ...settings, mobileNet: file ?? null }, signal });
  const drawing = progressLine({ label: "homogenising", unit: "images" });
  const onSample = (completed: number) => drawing.update({ completed, total: settings.count });
  const sample = await drawMicrographs(backend, settings, run, onSample).finally(() => drawing.finish());
  const computing = progressLine({ label: "features", unit: "images" });
  const fitting = progressLine({ label: "methods", unit: "fits" });
  const cache = featureFolder(join(folder, "features"));
  const results = await study(
    backend,
    backbones,
    sample,
    settings,
    run,
    { cache, signal },
    {
      onFeatures(completed, total) {
        computing.update({ completed, total });
        if (completed === total) computing.finish();
      },
      onTrial: (completed, total) => fitting.update({ completed, total }),
    },
  ).finally(() => fitting.finish());
  for (const row of rows(settings, results)) console.log(row);

  await writeReport(join(folder, "report.html"), studyReport(settings, results));
  console.log(`\nReport:\n${displayPath(join(folder, "report.html"))}`);
}
