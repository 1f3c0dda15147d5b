// What fails without order in time, and what finds it.
import { wasmBackend } from "@hooke/backend-wasm";
import { expect, it } from "vitest";
import { errorOf, small, solveConvection } from "./convection.ts";

const backend = wasmBackend();

it("plain training settles on a solution that has forgotten its start, and the report says so", async () => {
  const { solution, report } = await solveConvection(backend, "plain", small.plain, 0);
  expect((await errorOf(solution)).relativeL2).toBeGreaterThan(0.3);
  expect(report.warnings).toEqual([expect.stringMatching(/^"equation" is .* at fresh points/)]);
}, 120_000);

it("causal weights find it", async () => {
  const { solution } = await solveConvection(backend, "causal", small.causal, 0);
  expect((await errorOf(solution)).relativeL2).toBeLessThan(0.02);
}, 120_000);

it("windows of time find it", async () => {
  const { solution, report } = await solveConvection(backend, "windows", small.windows, 0);
  expect(report.warnings).toEqual([]);
  expect((await errorOf(solution)).relativeL2).toBeLessThan(5e-3);
}, 120_000);
