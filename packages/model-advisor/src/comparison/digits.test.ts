import { expect, it } from "vitest";
import { digitsText } from "./digits.ts";

it.each([
  [687, 2, "690"],
  [-19_718, 4, "-19720"],
  [63_930, 2, "64000"],
  [0.206, 4, "0.2060"],
  [2170.4, 4, "2170"],
  [6e12, 2, "6.0e+12"],
  [3e-9, 2, "3.0e-9"],
])("writes %f with %i digits as %s", (value, count, text) => {
  expect(digitsText(value, count)).toBe(text);
});
