// The exact deflection, and what a small network reaches.
import { wasmBackend } from "@hooke/backend-wasm";
import { expect, it } from "vitest";
import { deflection, errorOf, small, solvePlate } from "./plate.ts";

it("the exact deflection carries the load", () => {
  // D (w_xxxx + 2 w_xxyy + w_yyyy) of sin sin is (2 pi^2)^2 of it.
  expect((2 * Math.PI ** 2) ** 2 * deflection(0.5, 0.5)).toBeCloseTo(1, 12);
});

it("a network finds it", async () => {
  expect(await errorOf(await solvePlate(wasmBackend(), small, 0))).toBeLessThan(2e-5);
});
