// exp and log against those of the engine, over all sizes of numbers.
import { expect, it } from "vitest";
import { exp, log } from "./exp-log.ts";

const ulps = (found: number, expected: number): number =>
  found === expected ? 0 : Math.abs(found - expected) / Math.max(Math.abs(expected) * 2 ** -52, Number.MIN_VALUE);

it("exp is within 2 units of the last place", () => {
  for (let x = -746; x < 710; x += 0.0837) expect(ulps(exp(x), Math.exp(x)), `${x}`).toBeLessThanOrEqual(2);
  expect([exp(0), exp(-800), exp(800), exp(Number.NaN)]).toEqual([1, 0, Number.POSITIVE_INFINITY, Number.NaN]);
  expect([exp(Number.NEGATIVE_INFINITY), exp(Number.POSITIVE_INFINITY)]).toEqual([0, Number.POSITIVE_INFINITY]);
});

it("log is within 2 units of the last place", () => {
  for (let k = -1074; k < 1024; k += 0.371) {
    const x = 2 ** k;
    expect(ulps(log(x), Math.log(x)), `${x}`).toBeLessThanOrEqual(2);
  }
  for (let x = 0.5; x < 2; x += 0.00037) expect(ulps(log(x), Math.log(x)), `${x}`).toBeLessThanOrEqual(2);
  expect([log(1), log(0), log(-1), log(Number.NaN)]).toEqual([0, Number.NEGATIVE_INFINITY, Number.NaN, Number.NaN]);
  expect(log(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
});
