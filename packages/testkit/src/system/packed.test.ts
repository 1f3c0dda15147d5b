// Trainings that keep activations packed: the same first loss, nearly the same training, and much less memory.
import { wasmBackend } from "@hooke/backend-wasm";
import { explainingBackend } from "@hooke/backend-wasm/explain";
import { adam, createTrainer, dense, fit, initialize, type Layer, mse, sequential } from "@hooke/core";
import { dataset } from "@hooke/data";
import { array, type HostArray, packed, sizeOf } from "@hooke/runtime";
import { expect, test } from "vitest";

const waves = (shape: readonly number[], factor: number): HostArray =>
  array(
    Float32Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(factor * i)),
    { shape: [...shape] },
  );
const [rows, width] = [512, 64];
/** The target is the first of the inputs. */
const batch = { inputs: waves([rows, 8], 1.7), targets: waves([rows, 1], 8 * 1.7) };
const layers = (count: number): Layer =>
  sequential([
    ...Array.from({ length: count }, () => dense({ units: width, activation: "relu" })),
    dense({ units: 1 }),
  ]);

test("trains nearly as with whole activations, from the same loss", async () => {
  const losses = async (keeping: object): Promise<number[]> => {
    const common = {
      backend: wasmBackend(),
      model: layers(2),
      loss: mse(),
      optimizer: adam(),
      seed: 0,
      shuffle: false,
    };
    const data = { train: dataset(batch) };
    const { history } = await fit({ ...common, data, batchSize: rows, epochs: 60, learningRate: 1e-2, ...keeping });
    return history.map(({ loss }) => loss);
  };
  const [whole, packedLosses] = await Promise.all([losses({}), losses({ activations: packed })]);
  expect(packedLosses[0]).toBe(whole[0]);
  expect(packedLosses).not.toEqual(whole);
  expect(whole.at(-1)!).toBeLessThan(whole[0]! / 3);
  expect(Math.abs(packedLosses.at(-1)! / whole.at(-1)! - 1)).toBeLessThan(0.05);
});

test("takes half of the memory of activations", async () => {
  const temporaries = async (keeping: object): Promise<number> => {
    let bytes = 0;
    const backend = explainingBackend(({ memory }) => (bytes = memory.parts.temporaries), { threads: 1 });
    const model = layers(16);
    const variables = await initialize(backend, model, [8], 0);
    const trainer = createTrainer({ backend, model, variables, loss: mse(), optimizer: adam(), seed: 0, ...keeping });
    const step = await trainer.prepare(batch);
    await backend.read(step.run(batch, { step: 1, learningRate: 1e-3 }));
    trainer.free();
    return bytes;
  };
  const [whole, half] = [await temporaries({}), await temporaries({ activations: packed })];
  expect(half / whole).toBeLessThan(0.6);
});

test("refuses what does not say how to keep activations", async () => {
  const options = {
    model: layers(1),
    loss: mse(),
    optimizer: adam(),
    seed: 0,
    batchSize: 8,
    epochs: 1,
    learningRate: 1,
  };
  const training = fit({
    ...options,
    backend: wasmBackend(),
    data: { train: dataset(batch) },
    activations: "bf16" as never,
  });
  await expect(training).rejects.toThrow('option "activations" is "bf16"; expected packed of @hooke/runtime');
});
