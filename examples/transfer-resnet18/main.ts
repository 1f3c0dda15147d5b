// Trains a new head on a frozen ResNet-18: micrographs go through it once, the head's epochs run on what it made of them.
//
//   node examples/transfer-resnet18/main.ts [--small] [WEIGHTS] [folder for run folders, default runs/ in the repository]
//   node examples/transfer-resnet18/main.ts [--small] [WEIGHTS] --resume RUN_FOLDER
//
// WEIGHTS: --weights FILE, --weights ADDRESS --sha256 CHECKSUM, or --texture-net for that network instead. None: random ones.
//
// Moduli and features are kept in the run folder as they are found; stopped by Ctrl-C or killed, the second form goes on from there.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { wasmBackend } from "@hooke/backend-wasm";
import { summary } from "@hooke/core";
import { encodeModel } from "@hooke/core/checkpoint";
import { progressLine, runInterruptible } from "@hooke/core/node";
import { createRunFolder, displayPath, writeFileAtomic } from "@hooke/data/node";
import { type Backend, fail } from "@hooke/runtime";
import { openTrials } from "@hooke/sweep";
import { featureFolder } from "@hooke/transfer/node";
import { type Backbone, buildTransferModel, resnetBackbone, textureBackbone } from "./model.ts";
import { full, micrographs, small, study } from "./study.ts";

const { values, positionals } = parseArgs({
  options: {
    small: { type: "boolean" },
    weights: { type: "string" },
    sha256: { type: "string" },
    "texture-net": { type: "boolean" },
    resume: { type: "string" },
  },
  allowPositionals: true,
});
const settings = values.small ? small : full;
const runs = positionals[0] ?? fileURLToPath(new URL("../../runs", import.meta.url));
const folder = values.resume ?? (await createRunFolder(runs, "transfer-resnet18"));
const flags = [
  values.small && "--small",
  values["texture-net"] && "--texture-net",
  values.weights !== undefined && `--weights ${values.weights}`,
  values.sha256 !== undefined && `--sha256 ${values.sha256}`,
].filter((flag) => typeof flag === "string");
const command = ["node examples/transfer-resnet18/main.ts", ...flags].join(" ");

await runInterruptible(main, `${command} --resume ${displayPath(folder)}`);

async function main(signal: AbortSignal): Promise<void> {
  const backend = wasmBackend();
  const backbone = await chosenBackbone(backend, signal);
  const { layer, inputShape } = await buildTransferModel(backend, backbone);
  const { trainedParameters, parameters } = summary(layer, inputShape);
  const digits = (count: number): string => count.toLocaleString("en-US");
  console.log(`Backbone: ${backbone.origin}`);
  console.log(`Trainable / Total: ${digits(trainedParameters)} / ${digits(parameters)}`);

  const { run } = await openTrials(folder, { settings, signal });
  const count = settings.sizes.train + settings.sizes.validation + settings.sizes.test;
  const drawing = progressLine({ label: "homogenising", unit: "images" });
  const images = await micrographs(backend, settings, run, (completed) => drawing.update({ completed, total: count }));
  drawing.finish();
  const computing = progressLine({ label: "features", unit: "images" });
  const cache = featureFolder(join(folder, "features"));
  const { model, r2, seconds } = await study(backend, backbone, images, settings, cache, signal, ({ completed }) =>
    computing.update({ completed, total: count }),
  ).finally(() => computing.finish());

  const file = join(folder, "model.safetensors");
  await writeFileAtomic(file, encodeModel(model));
  console.log(
    `Features of ${count} images: ${seconds.features.toFixed(1)} s, once; ${settings.epochs} epochs of the head: ${seconds.head.toFixed(1)} s`,
  );
  console.log(
    `R2 of the modulus on ${settings.sizes.test} micrographs held out: ${r2.toFixed(3)} (${backbone.origin})`,
  );
  console.log(`\nModel:\n${displayPath(file)}`);
}

async function chosenBackbone(backend: Backend, signal: AbortSignal): Promise<Backbone> {
  const { side, seed } = settings;
  const { weights: source, sha256 } = values;
  if (values["texture-net"]) {
    if (source !== undefined)
      fail("transfer-resnet18", "received --weights and --texture-net, whose own come along; give one.");
    return textureBackbone(side);
  }
  if (source === undefined) return resnetBackbone(backend, side, seed);
  const downloading = progressLine({ label: "downloading", unit: "bytes" });
  const onProgress = ({ completed, total = completed }: { completed: number; total: number | undefined }): void =>
    downloading.update({ completed, total });
  const given = sha256 === undefined ? {} : { sha256 };
  return resnetBackbone(backend, side, seed, { source, signal, onProgress, ...given }).finally(() =>
    downloading.finish(),
  );
}
