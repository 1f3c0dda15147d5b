// How far the network is from photographs: from which of several pictures a piece of 64 x 64 points was cut, with few labels.
//
//   node examples/texture-backbone/photographs.ts WEIGHTS FOLDER [labels, default 30]
//
// WEIGHTS is the file that main.ts writes; FOLDER holds a grey picture for each class, as binary PGM.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { wasmBackend } from "@hooke/backend-wasm";
import { initialize } from "@hooke/core";
import { textureNet } from "@hooke/layers-conv";
import { array } from "@hooke/runtime";
import { compareClasses } from "./compare-classes.ts";
import { showScore } from "./probe.ts";
import { decodeWeights } from "./weights-file.ts";

const side = 64;
/** Pieces of each picture, so that classes are equally many. */
const pieces = 36;
const [weights, folder, labels = "30"] = process.argv.slice(2);
if (weights === undefined || folder === undefined) {
  throw new Error(
    "photographs: received no weights or no folder; give WEIGHTS FOLDER, the file of main.ts and PGM pictures.",
  );
}

/** Pieces without overlap, spread over the picture. @throws if it is too small or no binary PGM of 8 bits */
function cut(name: string): number[][] {
  const bytes = readFileSync(join(folder!, name));
  const header = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(bytes.subarray(0, 40).toString("latin1"));
  if (header === null) throw new Error(`photographs: ${name} is no binary PGM of 8 bits without comments; convert it.`);
  const [head, width, height] = [header[0].length, Number(header[1]), Number(header[2])];
  const [columns, rows] = [Math.floor(width / side), Math.floor(height / side)];
  if (columns * rows < pieces) {
    throw new Error(
      `photographs: ${name} has ${width} x ${height} points, room for ${columns * rows} pieces; it takes ${pieces}.`,
    );
  }
  return Array.from({ length: pieces }, (_, piece) => {
    const place = Math.floor((piece * columns * rows) / pieces);
    const [left, top] = [(place % columns) * side, Math.floor(place / columns) * side];
    return Array.from(
      { length: side * side },
      (_, i) => bytes[head + (top + Math.floor(i / side)) * width + left + (i % side)]! / 255,
    );
  });
}

const names = readdirSync(folder)
  .filter((name) => name.endsWith(".pgm"))
  .sort();
const images = names.flatMap(cut);
const classes = names.flatMap((_, c) => Array.from({ length: pieces }, () => c));
const backend = wasmBackend();
const nets = {
  "random network": await initialize(backend, textureNet(), [side, side, 1], 0),
  "texture network": decodeWeights(readFileSync(weights)),
};
const draws = {
  labels: Number(labels),
  test: Math.floor(images.length / 2),
  seeds: 8,
  paddingMode: "reflect",
} as const;
const labelled = {
  images: array(Float32Array.from(images.flat()), { shape: [images.length, side, side, 1] }),
  classes,
};
console.log(`Of ${names.length} pictures (${names.join(", ")}), found with ${labels} labels:`);
for (const [name, score] of Object.entries(await compareClasses(backend, labelled, nets, draws))) {
  console.log(`${name.padEnd(22)}${showScore(score)}`);
}
