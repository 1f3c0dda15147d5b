// The spectral reference converges and fulfils the equation, and what small networks reach.
import { wasmBackend } from "@hooke/backend-wasm";
import { expect, it } from "vitest";
import { errorOf, small, solveAllenCahn } from "./allen-cahn.ts";
import { allenCahn, diffusion } from "./reference.ts";

const largest = (a: Float64Array, b: Float64Array): number =>
  b.reduce((most, value, i) => Math.max(most, Math.abs(value - a[(i * a.length) / b.length]!)), 0);

it("the reference converges with order four in time, and faster than any order in space", () => {
  const at = (modes: number, steps: number): Float64Array => allenCahn(modes, steps, 1)[1]!;
  const best = at(256, 320);
  const [coarse, fine] = [largest(at(256, 20), best), largest(at(256, 40), best)];
  expect(coarse / fine).toBeGreaterThan(12);
  expect(coarse / fine).toBeLessThan(20);
  expect(largest(at(512, 100), at(256, 100))).toBeLessThan(1e-3);
  expect(largest(at(1024, 100), at(512, 100))).toBeLessThan(5e-6);
});

it("the reference fulfils the equation", () => {
  // Differences of second order in time at t = 0.5; in space at a smooth place.
  const [modes, times] = [1024, 400];
  const values = allenCahn(modes, 400, times);
  const [before, now, after] = [values[199]!, values[200]!, values[201]!];
  for (const i of [512, 400, 700]) {
    const u = now[i]!;
    const ut = ((after[i]! - before[i]!) * times) / 2;
    const uxx = (now[i - 1]! - 2 * u + now[i + 1]!) * (modes / 2) ** 2;
    expect(Math.abs(ut - diffusion * uxx - 5 * u * (1 - u * u))).toBeLessThan(2e-3);
  }
});

it("windows of time find it: the full size has an error below 5e-3", async () => {
  const solved = await solveAllenCahn(wasmBackend(), small, 0);
  expect(await errorOf(solved)).toBeLessThan(2e-2);
}, 120_000);
