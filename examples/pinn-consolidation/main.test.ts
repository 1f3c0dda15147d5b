// The series against the layer of early times, and what a small network reaches.
import { wasmBackend } from "@hooke/backend-wasm";
import { expect, it } from "vitest";
import { errorOf, pressure, small, solveConsolidation } from "./consolidation.ts";

it("the series is the load where the drained surface is not felt yet, and its first term late", () => {
  expect(pressure(2, 40)).toBeCloseTo(0.1, 12);
  expect(pressure(0, 400)).toBeCloseTo(0, 15);
  const late = 0.1 * (4 / Math.PI) * Math.exp((-(Math.PI ** 2) / 4) * 1e-3 * (8000 / 4));
  expect(pressure(2, 8000) / late).toBeCloseTo(1, 8);
});

it("a network finds it", async () => {
  expect(await errorOf(await solveConsolidation(wasmBackend(), small, 0))).toBeLessThan(3e-3);
});
