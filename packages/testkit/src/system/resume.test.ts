// A training on the WebAssembly backend, resumed from every one of its checkpoints, ends with the bytes of the uninterrupted one.
import { wasmBackend } from "@hooke/backend-wasm";
import { adamw, batchNorm, dense, dropout, fit, mse, sequential } from "@hooke/core";
import { dataset, split } from "@hooke/data";
import { array } from "@hooke/runtime";
import { expect, it } from "vitest";

const rows = Array.from({ length: 50 }, (_, i) => [Math.sin(i), Math.cos(2 * i)]);
const data = split(
  dataset({ inputs: array(rows), targets: array(rows.map(([a, b]) => [a! * b!])) }),
  { train: "rest", validation: 0.2 },
  0,
);

/** Every checkpoint of a training, one after each update, oldest first. */
async function checkpoints(resume?: Uint8Array): Promise<Uint8Array[]> {
  const saved: Uint8Array[] = [];
  await fit({
    backend: wasmBackend(),
    model: sequential([
      dense({ units: 8, activation: "gelu" }),
      batchNorm(),
      dropout({ rate: 0.2 }),
      dense({ units: 1 }),
    ]),
    data,
    loss: mse(),
    optimizer: adamw(),
    learningRate: 1e-2,
    epochs: 3,
    batchSize: 12,
    seed: 5,
    checkpoint: { every: 1, save: (bytes) => void saved.push(bytes) },
    ...(resume && { resume }),
  });
  return saved;
}

it("from every batch index", async () => {
  const whole = await checkpoints();
  expect(whole.length).toBeGreaterThanOrEqual(12);
  for (const [index, bytes] of whole.entries()) {
    const resumed = await checkpoints(bytes);
    expect(Buffer.compare(resumed.at(-1)!, whole.at(-1)!), `resumed from checkpoint ${index}`).toBe(0);
  }
});
