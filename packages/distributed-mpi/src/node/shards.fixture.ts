// A training on files of rows that ranks share: `node shards.fixture.ts '{"folder": "...", "out": "..."}'`. Each rank writes which files it read.
import { writeFileSync } from "node:fs";
import { wasmBackend } from "@hooke/backend-wasm";
import { adam, dense, fit, mse, sequential } from "@hooke/core";
import { encodeModel } from "@hooke/core/checkpoint";
import { localFiles } from "@hooke/io/node";
import { type ByteFile, openShards } from "@hooke/io/shards";
import { mpi } from "./mpi.ts";

const { folder, out } = JSON.parse(process.argv[2]!) as { readonly folder: string; readonly out: string };
const ranks = await mpi();
const read = new Set<string>();
const noted = (file: ByteFile): ByteFile => ({
  ...file,
  read(begin, end, signal) {
    read.add(file.name);
    return file.read(begin, end, signal);
  },
});
const batchSize = 8;
const options = { inputs: "x", targets: "y", shuffle: "pieces", ranks: { size: 2, batchSize } } as const;
const train = await openShards((await localFiles(folder)).map(noted), options);
// Headers and targets are read by all.
read.clear();
const { model } = await fit({
  backend: wasmBackend(),
  model: sequential([dense({ units: 8, activation: "tanh" }), dense({ units: 1 })]),
  data: { train },
  loss: mse(),
  optimizer: adam(),
  learningRate: 1e-3,
  ...{ epochs: 2, batchSize, seed: 3, ranks },
});
writeFileSync(`${out}-files-${ranks.rank}.json`, JSON.stringify([...read]));
if (ranks.rank === 0) writeFileSync(out, encodeModel(model));
