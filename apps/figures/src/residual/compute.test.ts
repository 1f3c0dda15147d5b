// What depth does to a plain network, and does not to a residual one.
import { expect, test } from "vitest";
import { compute, epochs } from "./compute.ts";

const computing = { signal: new AbortController().signal, show: () => {} };

test("thirty plain layers hardly leave the start; with shortcuts they train like four plain ones or better", async () => {
  const deep = await compute({ depth: 30, logRate: -3, seed: 0 }, computing);
  const shallow = await compute({ depth: 4, logRate: -3, seed: 0 }, computing);
  expect(deep.plain).toHaveLength(epochs);
  expect(deep.plain.at(-1)).toBeGreaterThan(0.8);
  expect(shallow.plain.at(-1)).toBeLessThan(0.3);
  expect(deep.residual.at(-1)).toBeLessThan(shallow.plain.at(-1)!);
});
