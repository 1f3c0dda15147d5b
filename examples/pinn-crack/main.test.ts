// The exact profile, and what a small network reaches.
import { wasmBackend } from "@hooke/backend-wasm";
import { expect, it } from "vitest";
import { errorOf, least, profile, profileErrorOf, small, solveCrack } from "./crack.ts";

it("the profile is 1 at the crack, falls by e over its width, and takes half of Gc on a side", () => {
  expect(profile(0)).toBe(1);
  expect(profile(0.05) * Math.E).toBeCloseTo(1, 12);
  expect(least).toBeCloseTo(2.7 / 2, 12);
});

it("a network finds it, and its energy is the least there is", async () => {
  const solved = await solveCrack(wasmBackend(), small, 0);
  expect(await errorOf(solved)).toBeLessThan(1e-5);
  expect(await profileErrorOf(solved)).toBeLessThan(1e-2);
});
