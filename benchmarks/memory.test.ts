// What steps take of memory on two threads, beside what their arrays need at one time: of all that the benchmark measures.
import { type Explanation, explainingBackend } from "@hooke/backend-wasm/explain";
import { expect, it } from "vitest";
import { hookeTasks } from "./peers/hooke-tasks.ts";

it.each([
  ["voxel", 1.05],
  ["unet", 1.05],
  ["resnet", 1.05],
  ["lstm", 1.05],
  ["transformer", 1.05],
  ["cnn", 1.05],
  ["cnnMany", 1.05],
] as const)("%s: at most %d of it", async (task, most) => {
  const plans: Explanation[] = [];
  const backend = explainingBackend((plan) => plans.push(plan), { threads: 2 });
  await hookeTasks(backend, async () => backend)[task]!();
  const { memory } = plans.reduce((a, b) => (a.memory.peak > b.memory.peak ? a : b));
  expect(memory.peak / memory.bound).toBeLessThan(most);
});
