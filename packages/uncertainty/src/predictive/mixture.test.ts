// Mixtures against closed forms: moments, quantiles, the likeliest noise, classes.
import { array, type HostArray } from "@hooke/runtime";
import { expect, it } from "vitest";
import { classMixtureOf } from "./class-mixture.ts";
import { mixtureOf } from "./mixture.ts";
import { fitNoise } from "./noise.ts";
import { mixtureBounds } from "./quantiles.ts";

const draws = array([
  [
    [1, 10],
    [2, 20],
  ],
  [
    [3, 10],
    [2, 26],
  ],
]);

it("has the moments of its components, by column", () => {
  const { mean, deviation, modelDeviation } = mixtureOf(draws, { noise: [1, 4] });
  expect([...mean.data]).toEqual([2, 10, 2, 23]);
  expect([...modelDeviation.data]).toEqual([1, 0, 0, 3]);
  expect([...deviation.data]).toEqual([Math.sqrt(2), 4, 1, 5]);
});

it("has the bounds of a normal distribution where it is one, and those of two far apart where it has two", () => {
  const { lower, upper } = mixtureBounds(mixtureOf(array([[5]]), { noise: 2 }), { level: 0.95 });
  expect(upper.data[0]).toBeCloseTo(5 + 2 * 1.959963984540054, 9);
  expect(lower.data[0]).toBeCloseTo(5 - 2 * 1.959963984540054, 9);
  // Of two that do not meet, the bounds of 0.8 leave out a fifth of each.
  const apart = mixtureBounds(mixtureOf(array([[-100], [100]]), { noise: 1 }), { level: 0.8 });
  expect(apart.upper.data[0]).toBeCloseTo(100 + 0.8416212335729143, 8);
});

it("finds the noise that makes targets likeliest: no other is likelier", () => {
  const members = [0, 0.5, -0.2].map((shift) => Array.from({ length: 40 }, (_, i) => Math.sin(i) + shift));
  const targets = Array.from({ length: 40 }, (_, i) => Math.sin(i) + 0.8 * Math.sin(1e4 * i + 1));
  const [noise] = fitNoise(array(members), array(targets));
  const likelihood = (sigma: number) =>
    targets.reduce((sum, target, i) => {
      const density = members.reduce((all, m) => all + Math.exp(-0.5 * ((target - m[i]!) / sigma) ** 2) / sigma, 0);
      return sum + Math.log(density);
    }, 0);
  for (const other of [0.98, 1.02]) expect(likelihood(noise!)).toBeGreaterThan(likelihood(noise! * other));
  const columns = fitNoise(
    array([
      [
        [0, 0],
        [0, 0],
      ],
    ]),
    array([
      [1, 10],
      [-1, -10],
    ]),
  );
  expect(columns.map((value) => Number(value.toFixed(5)))).toEqual([1, 10]);
});

it("divides the doubt about classes into the model's own and the rest", () => {
  const logit = (p: number) => [Math.log(p), Math.log(1 - p)];
  const { probabilities, entropy, disagreement } = classMixtureOf(
    array([
      [logit(0.5), logit(0.9)],
      [logit(0.5), logit(0.1)],
    ]),
  );
  expect([...probabilities.data].map((p) => p.toFixed(6))).toEqual(["0.500000", "0.500000", "0.500000", "0.500000"]);
  expect(entropy.data[0]).toBeCloseTo(Math.LN2, 6);
  expect(disagreement.data[0]).toBeCloseTo(0, 6);
  expect(disagreement.data[1]).toBeCloseTo(Math.LN2 + 0.9 * Math.log(0.9) + 0.1 * Math.log(0.1), 6);
});

it.each([
  ["labels", () => mixtureOf(array([[1, 2]], { dtype: "i32" })), "which look like labels of classes"],
  ["negative noise", () => mixtureOf(draws, { noise: -1 }), "standard deviations of at least 0"],
  [
    "noise of other columns",
    () => mixtureOf(draws, { noise: [1, 2, 3] }),
    "received 3 deviations of noise for 2 columns",
  ],
  ["NaN", () => mixtureOf(array([[Number.NaN]])), "the draws hold NaN in row 0"],
  ["no draws", () => mixtureOf(array([1, 2])), "they are [draws, rows, ...]"],
  ["logits of one class", () => classMixtureOf(array([[[1]]])), "logits of two classes at least"],
  ["exact draws", () => fitNoise(array([[1]]), array([1])), "must be above 0"],
  ["other rows", () => fitNoise(array([[1, 2]]), array([1]) as HostArray), "they have the same shape"],
])("refuses %s", (_, call, message) => {
  expect(call).toThrow(message);
});
