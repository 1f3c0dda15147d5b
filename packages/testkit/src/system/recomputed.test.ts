// Networks whose blocks are computed again, on the WebAssembly backend: the bits of a training, in a fraction of the memory.
import { transformerEncoder } from "@hooke/attention";
import { explainingBackend, type ProgramMemory } from "@hooke/backend-wasm/explain";
import {
  activation,
  adam,
  batchNorm,
  createTrainer,
  dense,
  dropout,
  flatten,
  initialize,
  type Layer,
  layerNorm,
  mse,
  recomputed,
  residual,
  sequential,
} from "@hooke/core";
import { conv2d } from "@hooke/layers-conv";
import { array, type HostArray, treeLeaves } from "@hooke/runtime";
import { expect, it } from "vitest";

const same = (layer: Layer): Layer => layer;
type Around = typeof same;

const blocks = 8;
const stack = (around: Around, block: () => Layer): Layer =>
  sequential([...Array.from({ length: blocks }, () => around(residual(block()))), flatten(), dense({ units: 1 })]);

const networks: Record<string, { model: (around: Around) => Layer; shape: [number, ...number[]]; most: number }> = {
  "dense layers with dropout": {
    model: (around) =>
      stack(around, () =>
        sequential([
          layerNorm(),
          dense({ units: 64, activation: "gelu" }),
          dropout({ rate: 0.1 }),
          dense({ units: 16 }),
        ]),
      ),
    shape: [128, 16],
    most: 0.3,
  },
  "convolutions with statistics of batches": {
    model: (around) => {
      const convolution = () => sequential([conv2d({ filters: 8, kernelSize: 3, padding: "same" }), batchNorm()]);
      return stack(around, () => sequential([convolution(), activation("relu"), convolution(), activation("relu")]));
    },
    shape: [8, 16, 16, 8],
    most: 0.55,
  },
  Transformer: {
    model: (around) =>
      sequential([
        transformerEncoder({ width: 16, heads: 4, blocks, dropout: 0.1, recompute: around === recomputed }),
        flatten(),
        dense({ units: 1 }),
      ]),
    shape: [8, 32, 16],
    most: 0.3,
  },
};

const waves = (shape: readonly number[], step: number): HostArray => {
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  return array(
    Float32Array.from({ length: size }, (_, i) => Math.sin(i * step)),
    { shape: [...shape] },
  );
};

/** Losses of three updates, what they leave, and the memory of one. */
async function trained(model: Layer, shape: readonly [number, ...number[]]) {
  const memory: ProgramMemory[] = [];
  const backend = explainingBackend((plan) => memory.push(plan.memory));
  const variables = await initialize(backend, model, shape.slice(1), 0);
  const trainer = createTrainer({ backend, model, variables, loss: mse(), optimizer: adam(), seed: 0 });
  const batch = { inputs: waves(shape, 0.7), targets: waves([shape[0], 1], 1.3) };
  const step = await trainer.prepare(batch);
  const losses: number[] = [];
  for (let i = 1; i <= 3; i++) {
    const loss = step.run(batch, { step: i, learningRate: 1e-3 });
    losses.push((await backend.read(loss)).data[0]!);
    backend.free(loss);
  }
  const state = treeLeaves<HostArray>((await trainer.read()) as never).map(({ path, value }) => [path, value]);
  trainer.free();
  const { peak, parts } = memory.at(-1)!;
  return { losses, state, beyondInputs: peak - parts.inputs };
}

it.each(Object.entries(networks))("%s", async (_, { model, shape, most }) => {
  const [kept, again] = [await trained(model(same), shape), await trained(model(recomputed), shape)];
  expect(again.losses).toEqual(kept.losses);
  expect(again.state).toEqual(kept.state);
  expect(again.beyondInputs).toBeLessThan(most * kept.beyondInputs);
});
