// A training on shards, in a process of its own: `node shards.fixture.ts FOLDER rows|pieces` prints its rows and the most memory that it took.
import { wasmBackend } from "@hooke/backend-wasm";
import { dense, fit, flatten, mse, sequential, sgd } from "@hooke/core";
import { localFiles } from "@hooke/io/node";
import { openShards } from "@hooke/io/shards";

const [folder, shuffle] = process.argv.slice(2) as [string, "rows" | "pieces"];
const train = await openShards(await localFiles(folder), { inputs: "images", targets: "stiffness", shuffle });
// Not what the system calls the largest: on Linux that begins with what the process that started this one had.
let peak = 0;
function look(): void {
  peak = Math.max(peak, process.memoryUsage.rss());
}
const backend = wasmBackend();
await fit({
  backend,
  model: sequential([flatten(), dense({ units: 1 })]),
  data: { train },
  loss: mse(),
  optimizer: sgd(),
  learningRate: 0.01,
  batchSize: 64,
  epochs: 1,
  seed: 0,
  callbacks: [{ onStep: look }],
});
process.stdout.write(JSON.stringify({ rows: train.count, megabytes: peak / 2 ** 20 }));
