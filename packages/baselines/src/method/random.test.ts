// Draws: rows once each, in a random order or in their own.
import { randomKey } from "@hooke/runtime";
import { expect, it } from "vitest";
import { randomFrom } from "./random.ts";

it.each([
  [1, 1],
  [50, 20],
  [50, 50],
  [50, 0],
])("of %i rows gives %i, none twice; a subset is the same rows in order", (total, count) => {
  const draw = () => randomFrom(randomKey(0), "rows");
  const chosen = draw().choose(total, count);
  expect(new Set(chosen).size).toBe(count);
  expect(chosen.every((row) => row >= 0 && row < total)).toBe(true);
  expect(draw().subset(total, count)).toEqual(chosen.toSorted());
});
