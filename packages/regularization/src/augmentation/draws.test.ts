// Draws: decided by the key, equally likely where they should be, with the moments of their distributions.
import { array, randomKey, zeros } from "@hooke/runtime";
import { expect, it } from "vitest";
import { augment } from "./augment.ts";
import { randomStream } from "./random.ts";
import { adjustIntensity, flip, rotate90, translate } from "./transforms.ts";

const images = array([
  [
    [[1], [2]],
    [[3], [4]],
  ],
]);
const targets = zeros([1, 1]);

it("are decided by the key, and reach every element of the square's group equally often", () => {
  const square = augment({ symmetry: { material: "isotropic" }, transforms: [rotate90(), flip()] });
  const counts = new Map<string, number>();
  for (let seed = 0; seed < 4000; seed++) {
    const { inputs } = square({ inputs: images, targets }, randomKey(seed));
    expect(square({ inputs: images, targets }, randomKey(seed)).inputs.data).toEqual(inputs.data);
    counts.set(inputs.data.join(), (counts.get(inputs.data.join()) ?? 0) + 1);
  }
  expect(counts.size).toBe(8);
  // Binomial with 4000 draws of 1/8: standard deviation 21.
  for (const count of counts.values()) expect(Math.abs(count - 500)).toBeLessThan(100);
});

it("leave the batch they were given alone", () => {
  const all = augment({
    symmetry: { material: "isotropic", periodic: true, intensity: "uncalibrated" },
    transforms: [flip(), translate(), adjustIntensity({ gain: 0.5, offset: 1, noise: 0.1 })],
  });
  const before = [...images.data];
  const { inputs } = all({ inputs: images, targets }, randomKey(3));
  expect([...images.data]).toEqual(before);
  expect([...inputs.data]).not.toEqual(before);
});

it("have the moments of their distributions", () => {
  const random = randomStream(randomKey(5));
  const moments = (draw: () => number) => {
    const values = Array.from({ length: 20_000 }, draw);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length };
  };
  const normal = moments(() => random.normal());
  expect(Math.abs(normal.mean)).toBeLessThan(0.03);
  expect(Math.abs(normal.variance - 1)).toBeLessThan(0.05);
  for (const [a, b] of [
    [0.2, 0.2],
    [1, 1],
    [2, 5],
  ] as const) {
    const { mean, variance } = moments(() => random.beta(a, b));
    expect(Math.abs(mean - a / (a + b))).toBeLessThan(0.01);
    expect(Math.abs(variance - (a * b) / ((a + b) ** 2 * (a + b + 1)))).toBeLessThan(0.005);
  }
});
