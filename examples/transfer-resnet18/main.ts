// Trains a new head on a frozen ResNet-18: micrographs go through it once, the head's epochs run on what it made of them.
//
//   node examples/transfer-resnet18/main.ts [--small] [WEIGHTS] [folder for run folders, default runs/ in the repository]
//   node examples/transfer-resnet18/main.ts [--small] [WEIGHTS] --resume RUN_FOLDER
//
// WEIGHTS: --weights FILE, --weights ADDRESS --sha256 CHECKSUM, or --texture-net for that network instead. None: random ones.
//
// Moduli and features are kept in the run folder as they are found; stopped by Ctrl-C or killed, the second form goes on from there.
import { join } from "node:path";
import { wasmBackend } from "@hooke/backend-wasm";
import { summary } from "@hooke/core";
import { encodeModel } from "@hooke/core/checkpoint";
import { displayPath, writeFileAtomic } from "@hooke/data/node";
import type { Given } from "@hooke/example-study-frame/command-line.ts";
import { followed } from "@hooke/example-study-frame/progress.ts";
import { runStudy } from "@hooke/example-study-frame/study.ts";
import { type Backend, fail } from "@hooke/runtime";
import { featureFolder } from "@hooke/transfer/node";
import { type Backbone, buildTransferModel, resnetBackbone, textureBackbone } from "./model.ts";
import { full, micrographs, type Settings, small, study } from "./study.ts";

const flags = { weights: { type: "string" }, sha256: { type: "string" }, "texture-net": { type: "boolean" } } as const;
const options = { full, small, flags };

await runStudy("transfer-resnet18", options, async ({ settings, given, folder, trials, signal }) => {
  const backend = wasmBackend();
  const backbone = await chosenBackbone(backend, settings, given, signal);
  const { layer, inputShape } = await buildTransferModel(backend, backbone);
  const { trainedParameters, parameters } = summary(layer, inputShape);
  const digits = (count: number): string => count.toLocaleString("en-US");
  console.log(`Backbone: ${backbone.origin}`);
  console.log(`Trainable / Total: ${digits(trainedParameters)} / ${digits(parameters)}`);

  const count = settings.sizes.train + settings.sizes.validation + settings.sizes.test;
  const images = await followed({ label: "homogenising", unit: "images" }, (update) =>
    micrographs(backend, settings, trials.run, (completed) => update({ completed, total: count })),
  );
  const cache = featureFolder(join(folder, "features"));
  const { model, r2, seconds } = await followed({ label: "features", unit: "images" }, (update) =>
    study(backend, backbone, images, settings, cache, signal, ({ completed }) => update({ completed, total: count })),
  );

  const file = join(folder, "model.safetensors");
  await writeFileAtomic(file, encodeModel(model));
  console.log(
    `Features of ${count} images: ${seconds.features.toFixed(1)} s, once; ${settings.epochs} epochs of the head: ${seconds.head.toFixed(1)} s`,
  );
  console.log(
    `R2 of the modulus on ${settings.sizes.test} micrographs held out: ${r2.toFixed(3)} (${backbone.origin})`,
  );
  console.log(`\nModel:\n${displayPath(file)}`);
});

async function chosenBackbone(
  backend: Backend,
  { side, seed }: Settings,
  { weights: source, sha256, "texture-net": textureNet }: Given<typeof flags>,
  signal: AbortSignal,
): Promise<Backbone> {
  if (textureNet) {
    if (source !== undefined)
      fail("transfer-resnet18", "received --weights and --texture-net, whose own come along; give one.");
    return textureBackbone(side);
  }
  if (source === undefined) return resnetBackbone(backend, side, seed);
  return followed({ label: "downloading", unit: "bytes" }, (update) => {
    const onProgress = ({ completed, total = completed }: { completed: number; total: number | undefined }): void =>
      update({ completed, total });
    return resnetBackbone(backend, side, seed, { source, signal, onProgress, ...(sha256 !== undefined && { sha256 }) });
  });
}
