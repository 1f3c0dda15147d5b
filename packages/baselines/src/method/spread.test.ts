// Weighted means and deviations, against numbers that are repeated as often as they weigh.
import { expect, test } from "vitest";
import { spreadOf } from "./spread.ts";

test("a weight counts as so many repetitions", () => {
  expect(spreadOf([1, 2, 3])).toEqual({ mean: 2, scale: Math.sqrt(2 / 3) });
  expect(spreadOf([1, 5], [3, 1])).toEqual(spreadOf([1, 1, 1, 5]));
  expect(spreadOf([7, 1, 5], [0, 3, 1])).toEqual({ mean: 2, scale: Math.sqrt(3) });
});

test("what is the same everywhere has no spread, whatever rounding makes of its mean", () => {
  expect(spreadOf([0.1, 0.1, 0.1]).scale).toBe(0);
});
