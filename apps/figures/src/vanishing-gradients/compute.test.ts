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

test("with small weights, each layer leaves the gain times the slope at 0, on average over random matrices", async () => {
  const gain = 0.01;
  const { sigmoid, tanh } = await compute({ depth: 7, gain, shortcuts: false });
  const factors = (norms: readonly number[]) => norms.slice(1).map((norm, i) => norms[i]! / norm);
  for (const factor of factors(sigmoid)) expect(Math.abs(factor / (gain / 4) - 1)).toBeLessThan(0.3);
  for (const factor of factors(tanh)) expect(Math.abs(factor / gain - 1)).toBeLessThan(0.3);
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
