// Training steps of the larger networks, and their outputs: what they are and what they see.
import { sequenceTransformer } from "@hooke/attention";
import {
  adam,
  apply,
  type Batch,
  createTrainer,
  type InputShape,
  initialize,
  type Layer,
  mse,
  type Variables,
} from "@hooke/core";
import { microstructureCNN, mobileNetV2, resnet18, unet2d, voxelCNN } from "@hooke/layers-conv";
import { crackGrowthLSTM } from "@hooke/layers-seq";
import { array, type Backend, type HostArray, optimize, record, sizeOf, type Tensor, treeLeaves } from "@hooke/runtime";
import { learningRate, values } from "./problem.ts";
import type { Task } from "./protocol.ts";

interface Network {
  readonly model: Layer;
  /** Of a batch. */
  readonly shape: readonly [batch: number, ...row: number[]];
  /** Of a row of targets. Default: one number. */
  readonly target?: readonly number[];
}

export const networks = {
  cnn: { model: microstructureCNN(), shape: [8, 64, 64, 1] },
  cnnMany: { model: microstructureCNN(), shape: [64, 64, 64, 1] },
  voxel: { model: voxelCNN(), shape: [2, 32, 32, 32, 1] },
  unet: { model: unet2d(), shape: [1, 64, 64, 1], target: [64, 64, 1] },
  resnet: { model: resnet18({ outputs: 1 }), shape: [8, 64, 64, 3] },
  resnetOutput: { model: resnet18(), shape: [1, 224, 224, 3] },
  mobileNetOutput: { model: mobileNetV2(), shape: [1, 224, 224, 3] },
  lstm: { model: crackGrowthLSTM(), shape: [64, 20, 3] },
  transformer: {
    model: sequenceTransformer({ outputs: 1, width: 64, heads: 4, blocks: 2, feedForwardSize: 256 }),
    shape: [8, 64, 8],
  },
} as const satisfies Readonly<Record<string, Network>>;

/** Updates of a network with Adam. Weights are drawn by each peer for itself: there is nothing to compare but the time. */
export async function networkStep(backend: Backend, { model, shape, target = [1] }: Network): Promise<Task> {
  const [rows, ...row] = shape;
  const batch = {
    inputs: array(values(sizeOf(shape), 1), { shape: [...shape] }),
    targets: array(values(rows * sizeOf(target), 2), { shape: [rows, ...target] }),
  };
  return updates(backend, model, row, batch);
}

/** Updates of a model on one batch. @param input one row of it */
export async function updates(
  backend: Backend,
  model: Layer,
  input: InputShape,
  batch: Batch<HostArray>,
): Promise<Task> {
  const variables = await initialize(backend, model, input, 0);
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

/** Outputs of a network that is not trained, from numbers in host memory to numbers in host memory. */
export async function networkOutput(backend: Backend, { model, shape }: Network): Promise<Task> {
  const [, ...row] = shape;
  const inputs = array(values(sizeOf(shape), 1), { shape: [...shape] });
  const given = { ...(await initialize(backend, model, row, 0)) };
  const output = (given: Variables, x: Tensor): Tensor => apply(model, given, x).output;
  const { program } = record(output as (...inputs: unknown[]) => Tensor, given, inputs);
  const executable = await backend.prepare(optimize(program));
  const buffers = [...treeLeaves<HostArray>(given).map(({ value }) => value), inputs].map((each) =>
    backend.upload(each),
  );
  return {
    async run(count) {
      for (let i = 0; i < count; i++) {
        backend.write(buffers.at(-1)!, inputs);
        const [output] = executable.run(buffers);
        await backend.read(output!);
        backend.free(output!);
      }
    },
    check: [],
  };
}
