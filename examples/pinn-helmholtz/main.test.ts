// The wave solves the equation, and what a small run reaches.
import { wasmBackend } from "@hooke/backend-wasm";
import { expect, it } from "vitest";
import { errorOf, exact, small, solveHelmholtz, waveNumber } from "./helmholtz.ts";

it("the exact solution fulfils the equation and vanishes on the sides", () => {
  const h = 1e-4;
  const [x, y] = [0.31, 0.17];
  const laplacian = (exact(x + h, y) + exact(x - h, y) + exact(x, y + h) + exact(x, y - h) - 4 * exact(x, y)) / (h * h);
  const k2 = waveNumber ** 2;
  expect(Math.abs(laplacian + k2 * exact(x, y) + k2 * exact(x, y)) / k2).toBeLessThan(1e-5);
  for (const [a, b] of [
    [0, 0.3],
    [1, 0.3],
    [0.3, 0],
    [0.3, 1],
  ] as const)
    expect(Math.abs(exact(a, b))).toBeLessThan(1e-14);
});

it("sines find the wave", async () => {
  expect(await errorOf(await solveHelmholtz()(wasmBackend(), small, 0))).toBeLessThan(5e-3);
}, 120_000);
