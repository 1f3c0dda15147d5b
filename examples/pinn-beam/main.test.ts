// The exact deflection, and what a small network reaches.
import { wasmBackend } from "@hooke/backend-wasm";
import { expect, it } from "vitest";
import { deflection, errorOf, small, solveCantilever } from "./cantilever.ts";

it("the exact deflection is that of textbooks: 1/8 at the tip, flat where it is clamped", () => {
  expect(deflection(1)).toBeCloseTo(1 / 8, 15);
  expect([deflection(0), deflection(1e-5) / 1e-5]).toEqual([0, expect.closeTo(0, 5)]);
});

it("a network finds it", async () => {
  const solved = await solveCantilever(wasmBackend(), small, 0);
  expect(await errorOf(solved)).toBeLessThan(1e-6);
  expect(solved.report.warnings).toEqual([]);
});
