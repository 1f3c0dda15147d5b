// Chances of correlations of ranks, beside those that are known of few.
import { expect, it } from "vitest";
import { correlationChance } from "./rank-chance.ts";

const ranks = (...values: number[]): Float64Array => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Float64Array.from(values, (value) => value - mean);
};

it.each<[string, number[], number[], number]>([
  ["all of five", [1, 2, 3, 4, 5], [1, 2, 3, 4, 5], 1 / 120],
  ["all but two neighbours of four", [1, 2, 3, 4], [1, 2, 4, 3], 4 / 24],
  ["two that are equal count for either order", [1.5, 1.5, 3], [1, 2, 3], 2 / 6],
  ["none where all are equal", [1, 1, 1], [1, 2, 3], 1],
])("of few are counted: %s", (_, a, b, chance) => {
  expect(correlationChance(ranks(...a), ranks(...b), [a.length])).toBeCloseTo(chance, 12);
});

it("of parts count orders within them", () => {
  const [a, b] = [Float64Array.of(-1, 0, 1, -1, 0, 1), Float64Array.of(-1, 0, 1, -1, 0, 1)];
  expect(correlationChance(a, b, [3, 6])).toBeCloseTo(1 / 36, 12);
});

it("goes on where more are not counted, and is never below 0", () => {
  const order = (count: number): Float64Array => ranks(...Array.from({ length: count }, (_, i) => i));
  // Two neighbours exchanged, of nine and of eight: 9 and 8 of so many orders are as good or better.
  const exchanged = (count: number): Float64Array => ranks(1, 0, ...Array.from({ length: count - 2 }, (_, i) => i + 2));
  expect(correlationChance(order(8), exchanged(8), [8])).toBeCloseTo(8 / 40_320, 12);
  expect(correlationChance(order(9), exchanged(9), [9])).toBeLessThan(9 / 362_880);
  expect(correlationChance(order(100_000), exchanged(100_000), [100_000])).toBe(0);
  for (let count = 9; count < 60; count++)
    expect(correlationChance(order(count), order(count), [count])).toBeGreaterThanOrEqual(0);
});
