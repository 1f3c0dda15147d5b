// Training steps of the larger networks: what they are and what they see.
import { sequenceTransformer } from "@hooke/attention";
import { adam, createTrainer, initialize, type Layer, mse } from "@hooke/core";
import { microstructureCNN } from "@hooke/layers-conv";
import { crackGrowthLSTM } from "@hooke/layers-seq";
import { array, type Backend, sizeOf } from "@hooke/runtime";
import { learningRate, values } from "./problem.ts";
import type { Task } from "./protocol.ts";

interface Network {
  readonly model: Layer;
  /** Of a batch. */
  readonly shape: readonly [batch: number, ...row: number[]];
}

export const networks = {
  cnn: { model: microstructureCNN(), shape: [8, 64, 64, 1] },
  lstm: { model: crackGrowthLSTM(), shape: [64, 20, 3] },
  transformer: {
    model: sequenceTransformer({ outputs: 1, width: 64, heads: 4, blocks: 2, feedForwardSize: 256 }),
    shape: [8, 64, 8],
  },
} as const satisfies Readonly<Record<string, Network>>;

/** Updates of a network with Adam. Weights are drawn by each peer for itself: there is nothing to compare but the time. */
export async function networkStep(backend: Backend, { model, shape }: Network): Promise<Task> {
  const [rows, ...row] = shape;
  const batch = {
    inputs: array(values(sizeOf(shape), 1), { shape: [...shape] }),
    targets: array(values(rows, 2), { shape: [rows, 1] }),
  };
  const variables = await initialize(backend, model, row, 0);
  const trainer = createTrainer({ backend, model, variables, loss: mse(), optimizer: adam(), seed: 0 });
  const prepared = await trainer.prepare(batch);
  let made = 0;
  const call = () => prepared.run(batch, { step: ++made, learningRate });
  return {
    async run(count) {
      for (let i = 1; i < count; i++) backend.free(call());
      const last = call();
      await backend.read(last);
      backend.free(last);
    },
    check: [],
  };
}
