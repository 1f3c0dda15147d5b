// Viscosity and convection from fewer points in fewer steps.
import { wasmBackend } from "@hooke/backend-wasm";
import { outcomes } from "@hooke/example-pinn-frame/coverage.ts";
import { expect, it } from "vitest";
import { identify, truth } from "./identify.ts";

it("viscosity and convection are found from noisy points alone", async () => {
  const solved = await identify(wasmBackend(), { points: 600, steps: [300, 1500] }, 0);
  const { nu, convection } = outcomes(solved, truth);
  expect(convection.error).toBeLessThan(0.02);
  expect(nu.error).toBeLessThan(0.1);
  expect(nu.low95).toBeGreaterThan(0);
  expect(String(solved.report)).toMatch(/\nconvection +\S+ +\S+ +\S+ +0\nnu +/);
}, 120_000);
