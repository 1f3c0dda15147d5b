// What a small DeepONet finds of a family of problems without any solution.
import { wasmBackend } from "@hooke/backend-wasm";
import { expect, it } from "vitest";
import { errorsOf, exact, small, solveFamily } from "./family.ts";

it("the exact solution fulfils the equation", () => {
  const [a, h, x] = [[0.3, -0.8, 0.5], 1e-4, 0.37];
  const second = (exact(a, x - h) - 2 * exact(a, x) + exact(a, x + h)) / h ** 2;
  const source = a.reduce((sum, each, k) => sum + each * Math.sin((k + 1) * Math.PI * x), 0);
  expect(second + source).toBeCloseTo(0, 6);
});

it("one network answers for sources it was never shown", async () => {
  const solved = await solveFamily(wasmBackend(), small, 0);
  const { median, worst } = await errorsOf(solved);
  expect(median).toBeLessThan(2e-3);
  expect(worst).toBeLessThan(2e-2);
  expect(solved.report.warnings).toEqual([]);
}, 120_000);
