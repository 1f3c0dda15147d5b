// What the figure claims of depth and gain, and slopes in closed form.
import { expect, test } from "vitest";
import { compute } from "./compute.ts";

const ratio = (norms: readonly number[]): number => norms[0]! / norms.at(-1)!;

test("sigmoids lose the gradient; ReLU keeps it at a gain of the root of 2", async () => {
  const { sigmoid, relu } = await compute({ depth: 12, gain: Math.SQRT2, shortcuts: false });
  expect(ratio(sigmoid)).toBeLessThan(1e-4);
  expect(ratio(relu)).toBeGreaterThan(0.2);
  expect(ratio(relu)).toBeLessThan(5);
});

test("the gradient of one layer is that of its closed form", async () => {
  // With weights of almost 0 every ReLU and GELU is at its kink: only the mean of their slopes, 1/2, counts. Sigmoid's slope is 1/4,
  // tanh's is 1, and the error is the target less 1/2 for sigmoid, less 0 for tanh.
  const { tanh, gelu } = await compute({ depth: 1, gain: 1e-6, shortcuts: false });
  expect(gelu[0]! / tanh[0]!).toBeCloseTo(0.5, 4);
});

test("shortcuts carry the gradient to the first of 40 layers", async () => {
  const plain = await compute({ depth: 40, gain: 1, shortcuts: false });
  const short = await compute({ depth: 40, gain: 1, shortcuts: true });
  expect(ratio(plain.sigmoid)).toBeLessThan(1e-20);
  expect(ratio(short.sigmoid)).toBeGreaterThan(0.01);
});

test("the same bits each time", async () => {
  const settings = { depth: 5, gain: 1, shortcuts: false } as const;
  expect(await compute(settings)).toEqual(await compute(settings));
});
