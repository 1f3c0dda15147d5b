// What it costs in accuracy that gradients read activations as bfloat16: the same trainings with whole and with packed ones, from several seeds.
//
//   node packed/main.ts [seeds, default 5]
import { wasmBackend } from "@hooke/backend-wasm";
import { adam, crossEntropy, fit, type TrainOptions } from "@hooke/core";
import { dataset, metrics } from "@hooke/data";
import { microstructureCNN } from "@hooke/layers-conv";
import { cosineAnnealing, l2 } from "@hooke/regularization";
import { array, foldHost, packed, randomKey, threefryWords } from "@hooke/runtime";
import { median } from "../rounds.ts";

const seeds = Number(process.argv[2] ?? 5);
const [size, classes, rows, batchSize, epochs] = [32, 4, 256, 32, 8];

/** Images of stripes in four directions under noise four times as strong: some remain in doubt. */
function stripes(count: number, seed: number) {
  const key = foldHost(randomKey(seed), "stripes");
  const words = threefryWords(key.data as Uint32Array, count * (size * size + 1));
  let next = 0;
  const uniform = (): number => words[next++]! / 2 ** 32;
  const labels = new Int32Array(count);
  const pixels = new Float32Array(count * size * size);
  for (let row = 0; row < count; row++) {
    labels[row] = row % classes;
    const angle = ((row % classes) * Math.PI) / classes;
    const phase = 2 * Math.PI * uniform();
    for (let at = 0; at < size * size; at++) {
      const along = Math.cos(angle) * (at % size) + Math.sin(angle) * Math.floor(at / size);
      pixels[row * size * size + at] = 0.3 * Math.sin(0.9 * along + phase) + 3 * (uniform() - 0.5);
    }
  }
  return dataset({ inputs: array(pixels, { shape: [count, size, size, 1] }), targets: array(labels) });
}

const data = { train: stripes(rows, 1), validation: stripes(384, 2) };
const backend = wasmBackend();
/** Trainings that differ. What is disturbed by less than what f32 rounds shows how far apart any two trainings end. */
const ways: Readonly<Record<string, Pick<TrainOptions, "activations" | "penalty">>> = {
  whole: {},
  "whole, disturbed": { penalty: l2({ strength: 1e-7 }) },
  packed: { activations: packed },
};
const found = new Map<string, number[][]>(Object.keys(ways).map((way) => [way, []]));
console.log(
  "| seed | activations | first loss | last loss | validation loss | accuracy |\n| --- | --- | --- | --- | --- | --- |",
);
for (let seed = 0; seed < seeds; seed++) {
  for (const [way, options] of Object.entries(ways)) {
    const { history } = await fit({
      backend,
      model: microstructureCNN({ outputs: classes }),
      data,
      loss: crossEntropy(),
      optimizer: adam(),
      learningRate: cosineAnnealing({ learningRate: 1e-3, length: epochs }),
      batchSize,
      epochs,
      seed,
      metrics: [metrics.accuracy],
      ...options,
    });
    const [first, last] = [history[0]!, history.at(-1)!];
    const row = [first.loss, last.loss, last.validation!.loss, last.validation!.metrics.accuracy!];
    found.get(way)!.push(row);
    console.log(`| ${seed} | ${way} | ${row.map((value) => value.toPrecision(6)).join(" | ")} |`);
  }
}
for (const [way, all] of found) {
  const column = (at: number): number[] => all.map((row) => row[at]!);
  const text = [2, 3].map(
    (at) =>
      `${median(column(at)).toPrecision(4)} (${Math.min(...column(at)).toPrecision(4)} to ${Math.max(...column(at)).toPrecision(4)})`,
  );
  console.log(`${way}: validation loss ${text[0]}, accuracy ${text[1]}`);
}
