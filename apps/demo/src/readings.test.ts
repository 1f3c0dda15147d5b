// Readings, by hand.
import { expect, test } from "vitest";
import { agreement, bytes, duration } from "./readings.ts";

test("agreement of predictions", () => {
  expect(agreement([1, 2, 3], [1, 2, 3])).toEqual({ r2: 1, rmse: 0 });
  // Residuals 1, 0, -1 against deviations -1, 0, 1.
  expect(agreement([1, 2, 3], [2, 2, 2])).toEqual({ r2: 0, rmse: Math.sqrt(2 / 3) });
});

test("durations and sizes in words", () => {
  expect([0.2, 59, 61, 7500].map(duration)).toEqual(["1 s", "59 s", "1 min 1 s", "2 h 5 min"]);
  expect([2 ** 32, 512 * 2 ** 20].map(bytes)).toEqual(["4 GiB", "512 MiB"]);
});
