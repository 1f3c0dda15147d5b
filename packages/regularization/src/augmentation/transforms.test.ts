// Options of transforms are checked when they are made.
import { expect, it } from "vitest";
import { adjustIntensity, flip, rotate, rotate90 } from "./transforms.ts";

it.each<[string, () => unknown, string]>([
  ["a plane", () => rotate90({ plane: "yx" as never }), 'rotate90: option "plane" is "yx"; expected one of "xy"'],
  ["an edge", () => rotate({ beyond: "mirror" as never }), 'rotate: option "beyond" is "mirror"; expected one of'],
  ["an angle", () => rotate({ degrees: 0 }), "expected an angle above 0 and up to 180 degrees"],
  ["axes", () => flip({ axes: [] }), 'expected a list of "x", "y", "z"'],
  // A factor of 1 - 2 would exchange dark and bright.
  ["a gain", () => adjustIntensity({ gain: 2 }), 'adjustIntensity: option "gain" is 2; expected a number in [0, 1).'],
])("refuse %s", (_, make, message) => {
  expect(make).toThrow(message);
});
