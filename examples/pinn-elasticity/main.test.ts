// The exact displacements on the edges, and what a small network reaches.
import { wasmBackend } from "@hooke/backend-wasm";
import { expect, it } from "vitest";
import { displacement, errorOf, small, solveElasticity } from "./elasticity.ts";

it("displacements are zero where the problem says so", () => {
  for (const s of [0, 0.3, 1]) {
    for (const y of [0, 1]) expect(displacement.x({ x: s, y })).toBeCloseTo(0, 14);
    for (const x of [0, 1]) expect(displacement.y({ x, y: s })).toBeCloseTo(0, 14);
  }
});

it("a network finds them", async () => {
  expect(await errorOf(await solveElasticity(wasmBackend(), small, 0))).toBeLessThan(2e-3);
});
