// The schedule interface and the schedule that a number stands for.
import { expect, test } from "vitest";
import { constant } from "./schedule.ts";

test("constant is the same at every moment, and JSON", () => {
  const schedule = constant(1e-3);
  expect(schedule.at({ step: 1, epoch: 0, stepsPerEpoch: 10, epochs: 5, history: [] })).toBe(1e-3);
  expect(schedule.at({ step: 50, epoch: 4, stepsPerEpoch: 10, epochs: 5, history: [] })).toBe(1e-3);
  expect(JSON.parse(JSON.stringify(schedule))).toEqual({ type: "constant", config: { learningRate: 1e-3 } });
});

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("constant refuses %d", (rate) => {
  expect(() => constant(rate)).toThrow(`learningRate: received ${rate}; it is a finite number above 0`);
});
