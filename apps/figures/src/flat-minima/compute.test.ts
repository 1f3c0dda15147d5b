// The bound that steps with all rows keep, and what small batches do instead.
import { expect, test } from "vitest";
import { compute, steps } from "./compute.ts";

const computing = { signal: new AbortController().signal, show: () => {} };

test("all rows climb to 2 over the rate, four rows end flatter; where training ends is the least along the direction", async () => {
  const all = await compute({ batch: "100", rate: 0.1, seed: 0 }, computing);
  const four = await compute({ batch: "4", rate: 0.1, seed: 0 }, computing);
  expect(all.updates.at(-1)).toBe(9000);
  expect(all.sharpness.at(-1)).toBeGreaterThan(18);
  expect(all.sharpness.at(-1)).toBeLessThan(21);
  expect(four.sharpness.at(-1)).toBeLessThan(0.75 * all.sharpness.at(-1)!);
  const least = all.known.indexOf(Math.min(...all.known));
  expect(Math.abs(steps[least]!)).toBeLessThanOrEqual(0.1);
});
