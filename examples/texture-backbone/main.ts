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
import { wasmBackend } from "@hooke/backend-wasm";
import { initialize } from "@hooke/core";
import { checkpointFile } from "@hooke/core/node";
import { displayPath, writeFileAtomic } from "@hooke/data/node";
import { followed } from "@hooke/example-study-frame/progress.ts";
import { runStudy } from "@hooke/example-study-frame/study.ts";
import { textureNet } from "@hooke/layers-conv";
import { fail, quoted } from "@hooke/runtime";
import { compareKinds } from "./kind-probe.ts";
import { kinds } from "./kinds/index.ts";
import { compareModuli, drawModuli } from "./modulus.ts";
import { bodyOf, pretrain } from "./pretrain.ts";
import { showScore } from "./probe.ts";
import { full, small } from "./settings.ts";
import { drawTextures } from "./textures.ts";
import { encodeWeights } from "./weights-file.ts";

const flags = { without: { type: "string" } } as const;

await runStudy("texture-backbone", { full, small, flags }, async ({ settings, given, folder, trials, signal }) => {
  const backend = wasmBackend();
  const without = given.without?.split(",") ?? [];
  const unknown = without.find((name) => !kinds.some((kind) => kind.name === name));
  if (unknown !== undefined) {
    fail("texture-backbone", `received --without ${unknown}; kinds are ${quoted(kinds.map(({ name }) => name))}.`);
  }
  const trained = kinds.filter(({ name }) => !without.includes(name));
  const { side, count } = settings.textures;

  const textures = await followed({ label: "drawing", unit: "textures" }, (update) => {
    const onDrawn = (completed: number): void => update({ completed, total: count });
    return drawTextures({ kinds: trained, ...settings.textures, signal, onDrawn });
  });

  const path = join(folder, "training", "checkpoint.safetensors");
  const { epochs } = settings.training;
  const resume = existsSync(path) ? { resume: await readFile(path) } : {};
  const { variables } = await followed({ label: "training", unit: "epochs" }, (update) =>
    pretrain(backend, textures, {
      ...settings.training,
      ...resume,
      signal,
      checkpoint: { every: "epoch", ...checkpointFile(path) },
      callbacks: [{ onEpoch: ({ epoch, loss }) => update({ completed: epoch + 1, total: epochs, fields: { loss } }) }],
    }),
  );
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
  const sample = await followed({ label: "homogenising", unit: "images" }, (update) =>
    drawModuli(backend, modulus, trials.run, (completed) => update({ completed, total: modulus.count })),
  );
  console.log(
    `\nR² of the modulus on ${modulus.test} images, by labels (mean and deviation of ${modulus.seeds} draws):\n`,
  );
  console.log(["".padEnd(22), ...modulus.labels.map((count) => String(count).padEnd(15))].join(""));
  for (const [name, scores] of Object.entries(await compareModuli(backend, sample, nets, modulus))) {
    console.log([name.padEnd(22), ...scores.map((score) => showScore(score).padEnd(15))].join(""));
  }
});
