// A training as its user writes it, for tests that start it under mpirun: `node train.fixture.ts '{"out": "path", ...}'`.
import { readFileSync, writeFileSync } from "node:fs";
import { wasmBackend } from "@hooke/backend-wasm";
import { adam, batchNorm, dense, dropout, type FitOptions, fit, mse, sequential } from "@hooke/core";
import { encodeModel } from "@hooke/core/checkpoint";
import { checkpointFile } from "@hooke/core/node";
import { dataset } from "@hooke/data";
import { array } from "@hooke/runtime";
import { mpi } from "./mpi.ts";

/** What a test asks for. */
export interface Asked {
  /** Where rank 0 writes the model. */
  readonly out: string;
  readonly epochs: number;
  readonly statistics?: "reduced" | "perRank";
  /** Where checkpoints are kept, one an epoch. */
  readonly checkpoint?: string;
  readonly resume?: boolean;
  /** What the rank of this number does at the end of its second epoch. */
  readonly rank?: number;
  readonly does?: "throw" | "exit" | "kill" | "other data" | "other program" | "stop" | "no training";
}

const asked = JSON.parse(process.argv[2]!) as Asked;
const ranks = await mpi(asked.statistics ? { statistics: asked.statistics } : {});
const odd = asked.rank === ranks.rank;
if (odd && asked.does === "no training") process.exit(0);

const rows = 60;
const inputs = Float32Array.from({ length: rows * 3 }, (_, i) => Math.sin(1.7 * i));
const targets = Float32Array.from({ length: rows }, (_, i) => Math.abs(inputs[3 * i]!) - 0.5 * inputs[3 * i + 1]!);
const inputNames = odd && asked.does === "other data" ? ["a", "b", "d"] : ["a", "b", "c"];
const all = { inputs: array(inputs, { shape: [rows, 3] }), targets: array(targets, { shape: [rows, 1] }), inputNames };
const train = dataset(all);
const units = odd && asked.does === "other program" ? 9 : 8;
const stopping = new AbortController();

const options: FitOptions = {
  backend: wasmBackend(),
  model: sequential([dense({ units, activation: "tanh" }), batchNorm(), dropout({ rate: 0.2 }), dense({ units: 1 })]),
  data: { train, validation: train },
  loss: mse(),
  optimizer: adam(),
  learningRate: 1e-3,
  epochs: asked.epochs,
  batchSize: 12,
  seed: 1,
  ranks,
  signal: stopping.signal,
  ...(asked.checkpoint && { checkpoint: { every: "epoch" as const, ...checkpointFile(asked.checkpoint) } }),
  ...(asked.resume && { resume: readFileSync(asked.checkpoint!) }),
  callbacks: [
    {
      onValidation({ epoch }) {
        if (!odd || epoch !== 1) return;
        if (asked.does === "throw") throw new Error("the disk is full");
        if (asked.does === "exit") process.exit(0);
        if (asked.does === "kill") process.kill(process.pid, "SIGKILL");
        if (asked.does === "stop") stopping.abort();
      },
    },
  ],
};

const { model, history, stopReason } = await fit(options);
if (ranks.rank === 0) {
  writeFileSync(asked.out, encodeModel(model));
  console.log(`${ranks.size} ranks, ${stopReason}, ${history.length} epochs, loss ${history.at(-1)!.loss}`);
}
