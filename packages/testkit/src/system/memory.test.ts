// Memory stays flat over 100,000 training steps: the JavaScript heap and the WebAssembly memory.
import { wasmBackend } from "@hooke/backend-wasm";
import { adam, batchNorm, createTrainer, dense, dropout, initialize, mse, sequential } from "@hooke/core";
import { array } from "@hooke/runtime";
import { expect, it } from "vitest";

const heap = (): number => {
  globalThis.gc!();
  return process.memoryUsage().heapUsed;
};

it("100,000 steps leave the heap and the WebAssembly memory as they were", async () => {
  const backend = wasmBackend();
  const model = sequential([
    dense({ units: 8, activation: "tanh" }),
    batchNorm(),
    dropout({ rate: 0.1 }),
    dense({ units: 1 }),
  ]);
  const variables = await initialize(backend, model, [4], 0);
  const trainer = createTrainer({ backend, model, loss: mse(), optimizer: adam(), seed: 0, variables });
  const batch = {
    inputs: array(
      Float32Array.from({ length: 64 }, (_, i) => Math.sin(i)),
      { shape: [16, 4] },
    ),
    targets: array(
      Float32Array.from({ length: 16 }, (_, i) => Math.cos(i)),
      { shape: [16, 1] },
    ),
  };
  const step = await trainer.prepare(batch);
  const steps = async (from: number, to: number): Promise<number> => {
    let last = 0;
    for (let i = from; i < to; i++) {
      const loss = step.run(batch, { step: i + 1, learningRate: 1e-3 });
      if (i % 100 === 0) last = (await backend.read(loss)).data[0]!;
      backend.free(loss);
    }
    return last;
  };
  await steps(0, 10_000);
  const [heapBefore, wasmBefore] = [heap(), backend.usedBytes];
  expect(Number.isFinite(await steps(10_000, 110_000))).toBe(true);
  expect(backend.usedBytes).toBe(wasmBefore);
  expect(heap() - heapBefore).toBeLessThan(256 * 1024);
  trainer.free();
}, 120_000);
