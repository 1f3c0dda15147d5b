// What small networks reach, from the stress and from the energy.
import { wasmBackend } from "@hooke/backend-wasm";
import { expect, it } from "vitest";
import { errorOf, small, solveBlock } from "./block.ts";

it.each([
  ["stress", 1e-4],
  ["energy", 2e-4],
] as const)(
  "a network finds the block from its %s",
  async (form, most) => {
    expect(await errorOf(await solveBlock(form)(wasmBackend(), small, 0))).toBeLessThan(most);
  },
  60_000,
);
