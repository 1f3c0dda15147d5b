// A program with a sweep of real trainings: eight of them, of a network of two sizes from four seeds. `HOOKE_EPOCH_MILLISECONDS` makes them
// last; every epoch that is computed leaves a line in the trial's folder.
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { wasmBackend } from "@hooke/backend-wasm";
import { adam, type Callback, dense, fit, mse, sequential } from "@hooke/core";
import { dataset } from "@hooke/data";
import { array } from "@hooke/runtime";
import { gridTrials } from "./search/grid.ts";
import { defineSweep } from "./sweep.ts";

const backend = wasmBackend();
const x = Array.from({ length: 32 }, (_, i) => [i / 16 - 1]);
const train = dataset({ inputs: array(x), targets: array(x.map(([at]) => [at! ** 2])) });
const watched = (folder: string): Callback => ({
  async onEpoch({ epoch }) {
    await appendFile(join(folder, "epochs.txt"), `${epoch}\n`);
    await pause(Number(process.env.HOOKE_EPOCH_MILLISECONDS ?? 0));
  },
});

export default defineSweep({
  trials: gridTrials({ units: [2, 8], seed: [0, 1, 2, 3] }),
  settings: { epochs: 20 },
  async run({ units, seed }, { folder, signal, checkpoints }) {
    const { history } = await fit({
      backend,
      model: sequential([dense({ units, activation: "tanh" }), dense({ units: 1 })]),
      data: { train },
      loss: mse(),
      optimizer: adam(),
      learningRate: 1e-2,
      epochs: 20,
      batchSize: 8,
      seed,
      signal,
      callbacks: [watched(folder)],
      ...(await checkpoints("epoch")),
    });
    return { loss: history.at(-1)!.loss };
  },
});
