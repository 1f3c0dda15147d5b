// Compares what predicts the effective modulus where 25 to 200 micrographs are labelled, and recommends the simplest that ties with the best.
//
//   node examples/few-micrographs/main.ts [--small] [--mobile-net FILE] [folder for run folders, default runs/ in the repository]
//   node examples/few-micrographs/main.ts [--small] [--mobile-net FILE] --resume RUN_FOLDER
//
// FILE has the weights of Keras' MobileNetV2, which took ImageNet to train; without it that network is left out. Moduli, features and scores are
// kept in the run folder as they are found; stopped by Ctrl-C or killed, the second form goes on from there.
import { join } from "node:path";
import { wasmBackend } from "@hooke/backend-wasm";
import { followed, untilComplete } from "@hooke/example-study-frame/progress.ts";
import { runStudy } from "@hooke/example-study-frame/study.ts";
import { featureFolder } from "@hooke/transfer/node";
import { mobileNetBackbone, textureBackbone } from "./backbone.ts";
import { rows, studyReport } from "./report.ts";
import { drawMicrographs, full, small, study } from "./study.ts";

const flags = { "mobile-net": { type: "string" } } as const;
const options = { full, small, flags };

await runStudy("few-micrographs", options, async ({ settings, given, folder, trials, signal, report }) => {
  const backend = wasmBackend();
  const { run } = trials;
  const { side } = settings.ensemble;
  const file = given["mobile-net"];
  const backbones = [await textureBackbone(side)];
  if (file !== undefined) backbones.push(await mobileNetBackbone(side, file));
  else console.log("MobileNetV2 is left out: no file with its weights, --mobile-net FILE, was given.");
  const sample = await followed({ label: "homogenising", unit: "images" }, (update) =>
    drawMicrographs(backend, settings, run, (completed) => update({ completed, total: settings.count })),
  );
  const cache = featureFolder(join(folder, "features"));
  const results = await followed({ label: "methods", unit: "fits" }, (update) => {
    const onFeatures = untilComplete({ label: "features", unit: "images" });
    const onTrial = (completed: number, total: number): void => update({ completed, total });
    return study(backend, backbones, sample, settings, run, { cache, signal }, { onFeatures, onTrial });
  });
  for (const row of rows(settings, results)) console.log(row);

  await report(studyReport(settings, results));
});
