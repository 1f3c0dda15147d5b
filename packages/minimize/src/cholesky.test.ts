// Positive definite systems, whose solutions are known.
import { expect, test } from "vitest";
import { positiveSolver } from "./cholesky.ts";

test("one factor solves for any number of right sides, which it leaves as they are", () => {
  // Only the lower triangle is read: [[4, 2, 0], [2, 5, 2], [0, 2, 5]], whose factor is [[2], [1, 2], [0, 1, 2]].
  const solve = positiveSolver(Float64Array.of(4, 9, 9, 2, 5, 9, 0, 2, 5), 3)!;
  const right = Float64Array.of(8, 18, 19);
  expect([...solve(right)]).toEqual([1, 2, 3]);
  expect([...right]).toEqual([8, 18, 19]);
  expect([...solve(Float64Array.of(4, 2, 0))]).toEqual([1, 0, 0]);
});

test.each([
  ["indefinite", [1, 0, 2, 1]],
  ["singular", [1, 0, 1, 1]],
  ["not a number", [1, 0, Number.NaN, 1]],
])("a matrix that is %s has no solver", (_, matrix) => {
  expect(positiveSolver(Float64Array.from(matrix), 2)).toBeUndefined();
});
