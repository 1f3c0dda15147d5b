// Gradients against the bound that the sizes of windows give.
import { expect, test } from "vitest";
import { compute, size } from "./compute.ts";

const computing = { signal: new AbortController().signal, show: () => {} };

test.each([
  { layers: 1, pooling: false, field: 3 },
  { layers: 6, pooling: false, field: 13 },
  { layers: 3, pooling: true, field: 10 }, // 5 of two convolutions, one more by pooling, then 2 x 2 more
  { layers: 6, pooling: true, field: 32 }, // 5, 6, 14, 16, 32: each step adds two points, which pooling has made two, then four apart
])("$layers layers, pooling $pooling: nothing from beyond $field points, all of them reach", async (settings) => {
  const { pull, bound, used, phases } = await compute({ ...settings, seed: 0 }, computing);
  const [low, high] = bound;
  const reached = pull.flatMap((value, point) => (value > 0 ? [point % size, Math.floor(point / size)] : []));
  expect([Math.min(...reached), Math.max(...reached)]).toEqual([low, high]);
  expect(high - low + 1).toBe(settings.field);
  if (settings.layers > 1) expect(used).toBeLessThan(settings.field);
  const share = phases.reduce((sum, phase) => sum + phase, 0) / size ** 2;
  expect(Math.abs(share - 0.5)).toBeLessThan(0.2);
});
