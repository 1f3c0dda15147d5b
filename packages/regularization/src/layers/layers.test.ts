// Layers that disturb: what they leave, what they share, the moments they keep, and what they refuse.
import { apply, core, type Layer, layerFromJson } from "@hooke/core";
import { array, type HostArray, normal, randomKey, referenceBackend, run, type Tensor } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { alphaDropout, dropPath, gaussianNoise, regularization, spatialDropout } from "../index.ts";

const backend = referenceBackend();
const ones = (...shape: number[]): HostArray =>
  array(new Float32Array(shape.reduce((a, b) => a * b)).fill(1), { shape });

function moments(data: ArrayLike<number>): { mean: number; variance: number } {
  const values = Array.from(data);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length };
}

function output(layer: Layer, x: HostArray, training = true): Promise<HostArray> {
  const forward = (value: Tensor, key: Tensor): Tensor =>
    apply(layer, { params: {}, state: {} }, value, { training, key }).output;
  return run(backend, forward, x, randomKey(3));
}

describe.each<[string, Layer]>([
  ["spatialDropout", spatialDropout({ rate: 0.25 })],
  ["alphaDropout", alphaDropout({ rate: 0.25 })],
  ["dropPath", dropPath({ rate: 0.25 })],
  ["gaussianNoise", gaussianNoise({ standardDeviation: 0.5 })],
])("%s", (_, layer) => {
  it("is the identity at inference, and in training the same for the same key", async () => {
    const x = ones(4, 3, 5);
    expect((await output(layer, x, false)).data).toEqual(x.data);
    const once = await output(layer, x);
    expect(once.data).not.toEqual(x.data);
    expect((await output(layer, x)).data).toEqual(once.data);
  });

  it("survives JSON", () => {
    const json = JSON.parse(JSON.stringify(layer));
    expect(JSON.parse(JSON.stringify(layerFromJson(json, [core, regularization])))).toEqual(json);
  });
});

it("spatialDropout drops whole channels of a sample", async () => {
  const { data } = await output(spatialDropout({ rate: 0.5 }), ones(50, 4, 8));
  let dropped = 0;
  for (let row = 0; row < 50; row++) {
    for (let channel = 0; channel < 8; channel++) {
      const values = [0, 1, 2, 3].map((place) => data[(row * 4 + place) * 8 + channel]!);
      expect(new Set(values).size).toBe(1);
      expect([0, 2]).toContain(values[0]);
      if (values[0] === 0) dropped++;
    }
  }
  // Four standard deviations of 400 draws.
  expect(Math.abs(dropped - 200)).toBeLessThan(40);
});

it("dropPath drops whole samples", async () => {
  const { data } = await output(dropPath({ rate: 0.2 }), ones(400, 3));
  const rows = Array.from({ length: 400 }, (_, row) => [...data.subarray(3 * row, 3 * row + 3)]);
  for (const row of rows) expect(new Set(row).size).toBe(1);
  const dropped = rows.filter(([value]) => value === 0).length;
  expect(Math.abs(dropped - 80)).toBeLessThan(32);
  expect(Math.max(...data)).toBeCloseTo(1.25, 6);
});

it.each([0.05, 0.3])(
  "alphaDropout of rate %d keeps mean 0 and variance 1, in closed form and in a sample",
  async (rate) => {
    const count = 40_000;
    const x = await run(backend, (key: Tensor) => normal(key, [count, 1], "f64"), randomKey(1));
    const { data } = await output(alphaDropout({ rate }), x);
    // y is a x + b with probability 1 - p and the constant d otherwise, x standard normal. The affine map is read off
    // the sample.
    const dropped = [...data].find((value, i) => [...data.subarray(i + 1, i + 400)].includes(value))!;
    const kept = [...data.keys()].filter((i) => data[i] !== dropped);
    const [i, j] = [kept[0]!, kept[1]!];
    const a = (data[i]! - data[j]!) / (x.data[i]! - x.data[j]!);
    const b = data[i]! - a * x.data[i]!;
    expect((1 - rate) * b + rate * dropped).toBeCloseTo(0, 9);
    expect((1 - rate) * (a ** 2 + b ** 2) + rate * dropped ** 2).toBeCloseTo(1, 9);
    const { mean, variance } = moments(data);
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(count));
    expect(Math.abs(variance - 1)).toBeLessThan(0.05);
  },
);

it("gaussianNoise has the standard deviation asked for", async () => {
  const { data } = await output(gaussianNoise({ standardDeviation: 0.5 }), ones(10_000, 1));
  const { mean, variance } = moments(data);
  expect(Math.abs(mean - 1)).toBeLessThan(0.02);
  expect(Math.sqrt(variance)).toBeCloseTo(0.5, 1);
});

it.each<[string, () => unknown, string]>([
  ["a rate of 1", () => dropPath({ rate: 1 }), 'dropPath: option "rate" is 1; expected a number in [0, 1).'],
  ["a missing rate", () => alphaDropout({} as never), 'alphaDropout: option "rate" is missing'],
  ["a negative deviation", () => gaussianNoise({ standardDeviation: -1 }), "expected a number of at least 0"],
])("refuse %s", (_, make, message) => {
  expect(make).toThrow(message);
});

it("spatialDropout refuses rows without space", async () => {
  await expect(output(spatialDropout({ rate: 0.5 }), ones(4, 3))).rejects.toThrow(
    "spatialDropout: expected [batch, ...space, channels], received f32[4, 3].",
  );
});
