// Statistics against closed forms and simulation.
import { randomFrom } from "@hooke/baselines";
import { randomKey } from "@hooke/runtime";
import { expect, it } from "vitest";
import { estimateOf, expectedRange, oddsOf } from "./statistics.ts";

it("corrects the variance of a mean for rows that folds share", () => {
  const { mean, standardError, degrees } = estimateOf([1, 2, 3, 4], 0.25);
  expect(mean).toBe(2.5);
  expect(standardError).toBeCloseTo(Math.sqrt((5 / 3) * (1 / 4 + 0.25)), 12);
  expect(degrees).toBe(3);
  expect(estimateOf([1], 0.25).standardError).toBe(Number.POSITIVE_INFINITY);
});

it("gives odds that add up, and are certain where nothing scatters", () => {
  const odds = oddsOf(estimateOf([0.1, -0.2, 0.3, 0.05], 0.25), 0.02);
  expect(odds.better + odds.same + odds.worse).toBeCloseTo(1, 12);
  expect(oddsOf({ mean: -1, standardError: 0, degrees: 3 }, 0.5)).toEqual({ better: 1, same: 0, worse: 0 });
  // Student's t with 1 degree of freedom: half of it lies within 1.
  expect(oddsOf({ mean: 1, standardError: 1, degrees: 1 }, 0).worse).toBeCloseTo(0.75, 12);
});

it("expects a new fold's error where independent errors fall in 9 of 10 cases", () => {
  const random = randomFrom(randomKey(1), "errors");
  const error = () => Math.exp(0.2 * (random.uniform() + random.uniform() + random.uniform() - 1.5));
  let inside = 0;
  for (let i = 0; i < 2000; i++) {
    const errors = [error(), error(), error(), error(), error()];
    const [low, high] = expectedRange(errors, { ratio: 0, rows: 200, level: 0.9 });
    const next = error();
    if (low <= next && next <= high) inside++;
  }
  expect(inside / 2000).toBeGreaterThan(0.88);
  expect(inside / 2000).toBeLessThan(0.94);
  // Of equal errors it is not sure either.
  const [low, high] = expectedRange([1, 1, 1, 1, 1], { ratio: 0.25, rows: 32, level: 0.9 });
  expect(high).toBeGreaterThan(1.3);
  expect(low).toBeCloseTo(1 / high, 12);
});

it("expects folds that are unlike each other to differ as they usually do, where five happen to agree", () => {
  const random = randomFrom(randomKey(2), "families");
  // Of deviation 0.5 in logarithms.
  const error = () => Math.exp(random.uniform() + random.uniform() + random.uniform() - 1.5);
  const share = (given: object) => {
    let inside = 0;
    for (let i = 0; i < 2000; i++) {
      const errors = [error(), error(), error(), error(), error()];
      const [low, high] = expectedRange(errors, { ratio: 0.25, rows: 30, level: 0.9, ...given });
      const next = error();
      if (low <= next && next <= high) inside++;
    }
    return inside / 2000;
  };
  expect(share({})).toBeLessThan(0.9);
  expect(share({ apart: 0.2 })).toBeGreaterThan(0.92);
});

it("expects of folds without errors what as many rows cannot rule out", () => {
  const given = { ratio: 0.25, rows: 40, level: 0.9 };
  const none = [0, 0, 0, 0, 0];
  expect(expectedRange(none, given)).toEqual([0, 0]);
  // About one of 40, where none of 200 was wrong.
  const [low, high] = expectedRange(none, { ...given, least: 1 / 80 });
  expect(low).toBe(0);
  expect(high).toBeGreaterThan(1 / 60);
  expect(high).toBeLessThan(1 / 30);
  const some = expectedRange([0, 0, 0.025, 0, 0], { ...given, least: 1 / 80 });
  expect(some[0]).toBe(0);
  expect(some[1]).toBeGreaterThan(high);
});
