// The loads' deflections against the equation, and what the minimizers reach.
import { expect, test } from "vitest";
import { compute, type Found, loads } from "./compute.ts";

const computing = { signal: new AbortController().signal, show: () => {} };

test.each(Object.entries(loads))("%s: the deflection that is known solves the equation", (_, { line, tip, exact }) => {
  const h = 0.05;
  const difference = (x: number, weights: readonly number[], order: number): number =>
    weights.reduce((sum, weight, i) => sum + weight * exact(x + (i - (weights.length - 1) / 2) * h), 0) / h ** order;
  for (const x of [0.3, 0.5, 0.8]) expect(difference(x, [1, -4, 6, -4, 1], 4)).toBeCloseTo(line.at + line.slope * x, 6);
  expect(difference(1, [1, -2, 1], 2)).toBeCloseTo(tip === 0 ? (h ** 2 / 12) * (line.at + line.slope) : 0, 4);
});

test("second order reaches six digits, Adam alone does not", async () => {
  const shown: Found[] = [];
  const settings = { load: "uniform", seed: 0 } as const;
  const broyden = await compute(
    { ...settings, minimizer: "broyden" },
    { ...computing, show: (one) => shown.push(one) },
  );
  const plain = await compute({ ...settings, minimizer: "adam" }, computing);
  expect(broyden.errors.at(-1)).toBeLessThan(1e-6);
  expect(plain.errors.at(-1)).toBeGreaterThan(10 * broyden.errors.at(-1)!);
  expect(shown.length).toBeGreaterThan(5);
});
