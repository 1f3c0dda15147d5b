// "Better" at either sign, in either direction, and where there is nothing to compare.
import { expect, test } from "vitest";
import { isBetter, type Margin } from "./better.ts";
import type { Direction } from "./metric.ts";

const share: Margin = { by: 0.1, mode: "relative" };

test.each<[Direction, number, number | undefined, Margin, boolean]>([
  ["minimize", 1, 2, {}, true],
  ["minimize", 2, 2, {}, false],
  ["maximize", 3, 2, {}, true],
  ["maximize", 2, 2, {}, false],
  // A tenth of the magnitude, above 0 and below.
  ["minimize", 2.69, 3, share, true],
  ["minimize", 2.71, 3, share, false],
  ["minimize", -3.29, -3, share, false],
  ["minimize", -3.31, -3, share, true],
  ["maximize", 3.31, 3, share, true],
  ["maximize", 3.29, 3, share, false],
  ["maximize", -2.71, -3, share, false],
  ["maximize", -2.69, -3, share, true],
  ["minimize", -1e-300, 0, share, true],
  ["minimize", 0, 0, share, false],
  // In its units.
  ["minimize", -3.09, -3, { by: 0.1 }, false],
  ["minimize", -3.11, -3, { by: 0.1 }, true],
  ["maximize", 0.6, 0.4, { by: 0.1 }, true],
  // Nothing to compare with; nothing to compare.
  ["minimize", 1e300, undefined, share, true],
  ["maximize", -1e300, undefined, share, true],
  ["minimize", Number.NaN, undefined, {}, false],
  ["maximize", Number.NaN, 1, {}, false],
  ["minimize", Number.POSITIVE_INFINITY, undefined, {}, false],
  ["maximize", Number.NEGATIVE_INFINITY, undefined, share, false],
  ["minimize", Number.NEGATIVE_INFINITY, -1, share, true],
  ["minimize", -1, Number.NEGATIVE_INFINITY, share, false],
])("%s: %d after %d, margin %o: %s", (direction, value, best, margin, expected) => {
  expect(isBetter(direction, value, best, margin)).toBe(expected);
});
