// The curves against closed forms.
import { expect, test } from "vitest";
import { compute, type Elementwise, points } from "./compute.ts";

const logistic = (z: number): number => 1 / (1 + Math.exp(-z));

test.each<[Elementwise, (z: number) => readonly [number, number, number]]>([
  ["sigmoid", (z) => [logistic(z), logistic(z) * logistic(-z), logistic(z) * logistic(-z) * (1 - 2 * logistic(z))]],
  ["tanh", (z) => [Math.tanh(z), 1 - Math.tanh(z) ** 2, -2 * Math.tanh(z) * (1 - Math.tanh(z) ** 2)]],
  ["relu", (z) => [Math.max(z, 0), z > 0 ? 1 : 0, 0]],
  ["softplus", (z) => [Math.log1p(Math.exp(z)), logistic(z), logistic(z) * logistic(-z)]],
])("%s", async (activation, closed) => {
  const { value, first, second } = await compute({ activation });
  for (const [i, z] of points.entries()) {
    const expected = closed(z);
    for (const [order, found] of [value[i]!, first[i]!, second[i]!].entries())
      expect(Math.abs(found - expected[order]!), `derivative ${order} at ${z}`).toBeLessThanOrEqual(1e-12);
  }
});

test("no slope of sigmoid is above 1/4", async () => {
  const { first } = await compute({ activation: "sigmoid" });
  expect(Math.max(...first)).toBeCloseTo(0.25, 14);
});
