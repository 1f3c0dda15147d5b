// Readings, by hand.
import { expect, test } from "vitest";
import { agreement, axisOf, bytes, decimals, duration, inUnit, number, roundStep } from "./readings.ts";

test("agreement of predictions", () => {
  expect(agreement([1, 2, 3], [1, 2, 3])).toEqual({ r2: 1, rmse: 0 });
  // Residuals 1, 0, -1 against deviations -1, 0, 1.
  expect(agreement([1, 2, 3], [2, 2, 2])).toEqual({ r2: 0, rmse: Math.sqrt(2 / 3) });
});

test("durations and sizes in words", () => {
  expect([0.2, 59, 61, 7500].map(duration)).toEqual(["1 s", "59 s", "1 min 1 s", "2 h 5 min"]);
  expect([2 ** 32, 512 * 2 ** 20].map(bytes)).toEqual(["4 GiB", "512 MiB"]);
});

test("numbers with the digits that say something", () => {
  expect([0, -2.5, 0.123456, 123456, 1e6, -1.5e-7, Infinity].map(number)).toEqual([
    "0",
    "−2.5",
    "0.1235",
    "123500",
    "10⁶",
    "−1.5 · 10⁻⁷",
    "Infinity",
  ]);
  expect([0.5, -1, 123456789].map((value) => decimals(value, 3))).toEqual(["0.500", "−1.000", "1.235 · 10⁸"]);
});

test("quantities with their units", () => {
  expect([inUnit("4.5", "MPa"), inUnit("4.5", "")]).toEqual(["4.5 MPa", "4.5"]);
  expect([axisOf("strength", "MPa"), axisOf("ratio", "")]).toEqual(["strength (MPa)", "ratio (no unit)"]);
});

test("steps are one, two or five units of a power of ten", () => {
  expect([0.013, 0.02, 3, 5.1, 1000].map(roundStep)).toEqual([0.02, 0.02, 5, 10, 1000]);
});
