// One rank of the training that main.ts measures, as a program of its own: `node ranks/train.ts '{"rows": 8, ...}'`.
import { wasmBackend } from "@hooke/backend-wasm";
import { adam, dense, type Layer, mse, sequential, train } from "@hooke/core";
import { dataset } from "@hooke/data";
import { mpi } from "@hooke/distributed-mpi";
import { resnet18 } from "@hooke/layers-conv";
import { array, sizeOf } from "@hooke/runtime";
import { values } from "../peers/problem.ts";

/** What is trained. */
export interface Asked {
  readonly network: keyof typeof networks;
  /** Rows of a batch for each rank. */
  readonly rows: number;
  readonly updates: number;
  readonly statistics: "reduced" | "perRank";
}

/** What one rank took for an update, in milliseconds. */
export interface Took {
  readonly rank: number;
  readonly size: number;
  readonly wall: number;
  readonly processor: number;
  readonly waiting: number;
  readonly adding: number;
}

const mlp = (): Layer =>
  sequential([
    dense({ units: 256, activation: "tanh" }),
    dense({ units: 256, activation: "tanh" }),
    dense({ units: 1 }),
  ]);
const networks = {
  resnet: { model: () => resnet18({ outputs: 1 }), row: [64, 64, 3] },
  mlp: { model: mlp, row: [10] },
} as const;

const { network, rows, updates, statistics } = JSON.parse(process.argv[2]!) as Asked;
const { model, row } = networks[network];
const ranks = await mpi({ statistics });
const count = rows * ranks.size;
const shape = [count, ...row];
const part = dataset({
  inputs: array(values(sizeOf(shape), 1), { shape }),
  targets: array(values(count, 2), { shape: [count, 1] }),
});

/** Updates before the clock starts: programs are compiled, and memory is used for the first time. */
const before = 2;
const now = () => {
  const { user, system } = process.cpuUsage();
  return { wall: performance.now(), processor: (user + system) / 1000, ...ranks.spent };
};
let from = now();
const options = {
  backend: wasmBackend(),
  model: model(),
  data: { train: part },
  loss: mse(),
  optimizer: adam(),
  learningRate: 1e-4,
};
for await (const event of train({ ...options, epochs: before + updates, batchSize: count, seed: 0, ranks })) {
  if (event.type !== "step") continue;
  if (event.step === before) from = now();
  if (event.step < before + updates) continue;
  const to = now();
  const per = (name: keyof typeof to): number => (to[name] - from[name]) / updates;
  const took: Took = {
    rank: ranks.rank,
    size: ranks.size,
    wall: per("wall"),
    processor: per("processor"),
    waiting: per("waiting"),
    adding: per("adding"),
  };
  console.log(JSON.stringify(took));
}
