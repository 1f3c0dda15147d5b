// Trains the network for grey micrographs on generated textures, writes its weights, and asks what they are worth.
//
//   node examples/texture-backbone/main.ts [--small] [--without KINDS] [folder for run folders, default runs/ in the repository]
//   node examples/texture-backbone/main.ts [--small] [--without KINDS] --resume RUN_FOLDER
//
// KINDS, such as grains,fibres,cracked, are kept from the training; the network is then asked to tell them apart with few labels.
// Epochs and moduli are kept in the run folder as they finish; stopped by Ctrl-C or killed, the second form goes on from there.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { wasmBackend } from "@hooke/backend-wasm";
import { initialize } from "@hooke/core";
import { checkpointFile, progressLine, runInterruptible } from "@hooke/core/node";
import { createRunFolder, displayPath, writeFileAtomic } from "@hooke/data/node";
import { textureNet } from "@hooke/layers-conv";
import { fail, quoted } from "@hooke/runtime";
import { openTrials } from "@hooke/sweep";
import { compareKinds } from "./kind-probe.ts";
import { kinds } from "./kinds/index.ts";
import { compareModuli, drawModuli } from "./modulus.ts";
import { bodyOf, pretrain } from "./pretrain.ts";
import { showScore } from "./probe.ts";
import { full, small } from "./settings.ts";
import { drawTextures } from "./textures.ts";
import { encodeWeights } from "./weights-file.ts";

const { values, positionals } = parseArgs({
  options: { small: { type: "boolean" }, without: { type: "string" }, resume: { type: "string" } },
  allowPositionals: true,
});
const settings = values.small ? small : full;
const runs = positionals[0] ?? fileURLToPath(new URL("../../runs", import.meta.url));
const folder = values.resume ?? (await createRunFolder(runs, "texture-backbone"));
const without = values.without?.split(",") ?? [];
const command = [
  "node examples/texture-backbone/main.ts",
  ...(values.small ? ["--small"] : []),
  ...(values.without ? ["--without", values.without] : []),
].join(" ");

await runInterruptible(main, `${command} --resume ${displayPath(folder)}`);

async function main(signal: AbortSignal): Promise<void> {
  const backend = wasmBackend();
  const unknown = without.find((name) => !kinds.some((kind) => kind.name === name));
  if (unknown !== undefined) {
    fail("texture-backbone", `received --without ${unknown}; kinds are ${quoted(kinds.map(({ name }) => name))}.`);
  }
  const trained = kinds.filter(({ name }) => !without.includes(name));
  const { run } = await openTrials(folder, { settings: { ...settings, without }, signal });
  const { side, count } = settings.textures;

  const drawing = progressLine({ label: "drawing", unit: "textures" });
  const onDrawn = (completed: number): void => drawing.update({ completed, total: count });
  const textures = await drawTextures({ kinds: trained, ...settings.textures, signal, onDrawn }).finally(() =>
    drawing.finish(),
  );

  const training = progressLine({ label: "training", unit: "epochs" });
  const path = join(folder, "training", "checkpoint.safetensors");
  const { epochs } = settings.training;
  const { variables } = await pretrain(backend, textures, {
    ...settings.training,
    signal,
    checkpoint: { every: "epoch", ...checkpointFile(path) },
    ...(existsSync(path) && { resume: await readFile(path) }),
    callbacks: [
      { onEpoch: ({ epoch, loss }) => training.update({ completed: epoch + 1, total: epochs, fields: { loss } }) },
    ],
  }).finally(() => training.finish());
  signal.throwIfAborted();

  const weights = encodeWeights(bodyOf(variables), {
    source: "examples/texture-backbone",
    settings: JSON.stringify({ ...settings, without }),
  });
  const file = join(folder, "texture-net.safetensors");
  await writeFileAtomic(file, weights);
  console.log(`Weights: ${displayPath(file)}, SHA-256 ${createHash("sha256").update(weights).digest("hex")}`);

  const nets = {
    "random network": await initialize(backend, textureNet(), [side, side, 1], 0),
    "texture network": bodyOf(variables),
  };
  const asked = without.length > 1 ? kinds.filter((kind) => !trained.includes(kind)) : kinds;
  const { labels } = settings.kinds;
  console.log(`\nKinds (${asked.map(({ name }) => name).join(", ")}) found with ${labels} labels:\n`);
  for (const [name, score] of Object.entries(await compareKinds(backend, asked, nets, settings.kinds))) {
    console.log(name.padEnd(22) + showScore(score));
  }

  const { modulus } = settings;
  const homogenising = progressLine({ label: "homogenising", unit: "images" });
  const follow = (completed: number): void => homogenising.update({ completed, total: modulus.count });
  const sample = await drawModuli(backend, modulus, run, follow).finally(() => homogenising.finish());
  console.log(
    `\nR² of the modulus on ${modulus.test} images, by labels (mean and deviation of ${modulus.seeds} draws):\n`,
  );
  console.log(["".padEnd(22), ...modulus.labels.map((count) => String(count).padEnd(15))].join(""));
  for (const [name, scores] of Object.entries(await compareModuli(backend, sample, nets, modulus))) {
    console.log([name.padEnd(22), ...scores.map((score) => showScore(score).padEnd(15))].join(""));
  }
}
