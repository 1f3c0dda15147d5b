// What an LSTM forgets, what attention cannot tell, and what training teaches.
import { expect, test } from "vitest";
import { compute, type Reading } from "./compute.ts";

const computing = { signal: new AbortController().signal, show: () => {} };
const reading: Reading = { length: 60, place: 20, forgetBias: 0, trained: false };
const fall = (slopes: readonly number[]): number => Math.abs(slopes.at(-1)! / slopes[0]!);

test("an LSTM forgets unless its forget gate is near one; attention does not", async () => {
  const { slopes, gates, weights } = await compute(reading, computing);
  expect(fall(slopes.lstm)).toBeGreaterThan(1e8);
  expect(Math.max(...gates.forget.map((value) => Math.abs(value - 0.5)))).toBeLessThan(0.15);
  expect(weights.reduce((sum, weight) => sum + weight)).toBeCloseTo(1, 12);
  const kept = await compute({ ...reading, forgetBias: 4 }, computing);
  expect(fall(kept.slopes.lstm)).toBeLessThan(1e3);
  expect(kept.gates.forget[0]).toBeGreaterThan(0.95);
  expect(kept.slopes.attention).toEqual(slopes.attention);
});

test("attention without positions does not notice where the overload stands, an LSTM does", async () => {
  const [early, late] = [await compute(reading, computing), await compute({ ...reading, place: 90 }, computing)];
  expect([early.at, late.at]).toEqual([12, 54]);
  expect(late.said.attention).toBeCloseTo(early.said.attention, 12);
  expect(late.weights[late.at]).toBeCloseTo(early.weights[early.at]!, 12);
  expect(Math.abs(late.said.lstm - early.said.lstm)).toBeGreaterThan(1e-4);
});

test("training teaches attention to look at the overload", async () => {
  const { weights, at, said } = await compute({ ...reading, length: 20, trained: true }, computing);
  expect(weights[at]).toBeGreaterThan(0.8);
  expect(Math.abs(said.attention - 1.8)).toBeLessThan(0.05);
});
