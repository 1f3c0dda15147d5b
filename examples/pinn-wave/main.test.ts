// The exact solution against the equation, and what small networks reach in windows of time.
import { wasmBackend } from "@hooke/backend-wasm";
import { expect, it } from "vitest";
import { errorOf, exact, small, solveWave } from "./wave.ts";

it("the exact solution fulfils the equation, and is at rest at the start", () => {
  const h = 1e-3;
  const at = (x: number, t: number): number => exact({ x, t });
  for (const [x, t] of [
    [0.3, 0.2],
    [0.6, 0.5],
  ] as const) {
    const second = (low: number, high: number): number => (low - 2 * at(x, t) + high) / (h * h);
    const residual = second(at(x, t - h), at(x, t + h)) - 4 * second(at(x - h, t), at(x + h, t));
    // Central differences of second order; sixth derivatives are of the size of 1e5.
    expect(Math.abs(residual)).toBeLessThan(0.05);
  }
  expect(Math.abs(at(0.3, h) - at(0.3, -h))).toBeLessThan(1e-14);
});

it("windows go on in value and in velocity, to an error below 1e-3", async () => {
  const solved = await solveWave(wasmBackend(), small, 0);
  expect(solved.report.warnings).toEqual([]);
  expect(await errorOf(solved)).toBeLessThan(1e-3);
}, 120_000);
