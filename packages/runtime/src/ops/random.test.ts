import { describe, expect, it } from "vitest";
import type { HostArray } from "../array.ts";
import { run } from "../compile.ts";
import { referenceBackend } from "../interpret.ts";
import { array } from "../make-array.ts";
import { threefry, threefryWords } from "../primitives/threefry.ts";
import type { Tensor } from "../tensor.ts";
import { convert } from "./elementwise.ts";
import { bernoulli, fold, foldHost, normal, randomBits, randomKey, uniform } from "./random.ts";

const draw = (fn: (key: Tensor) => Tensor, seed = 42): Promise<HostArray> =>
  run(referenceBackend(), fn, randomKey(seed));

describe("threefry", () => {
  // Known answers of Random123 for threefry2x32 with 20 rounds.
  it.each([
    [
      [0, 0],
      [0, 0],
      [0x6b200159, 0x99ba4efe],
    ],
    [
      [0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x1cb996fc, 0xbb002be7],
    ],
    [
      [0x13198a2e, 0x03707344],
      [0x243f6a88, 0x85a308d3],
      [0xc4923a9c, 0x483df7a0],
    ],
  ] as const)("key %j, counter %j", (key, counter, expected) => {
    expect(threefry(key[0], key[1], counter[0], counter[1])).toEqual(expected);
  });

  it("words do not depend on how many are drawn", async () => {
    const words = threefryWords([1, 2], 9);
    expect(threefryWords([1, 2], 4)).toEqual(words.slice(0, 4));
    expect(words.slice(2, 4)).toEqual(Uint32Array.from(threefry(1, 2, 1, 0)));
    const key = array(Uint32Array.of(1, 2));
    expect((await run(referenceBackend(), (k: Tensor) => randomBits(k, [3, 3]), key)).data).toEqual(words);
  });
});

describe("keys", () => {
  it("hold every bit of the seed", () => {
    expect(randomKey(2 ** 32 + 5).data).toEqual(Uint32Array.of(1, 5));
    expect(randomKey(Number.MAX_SAFE_INTEGER).data).toEqual(Uint32Array.of(2 ** 21 - 1, 2 ** 32 - 1));
    for (const seed of [-1, 0.5, 2 ** 53, Number.NaN])
      expect(() => randomKey(seed)).toThrow(`received the seed ${seed}`);
  });

  it.each(["layers.0.mask", "", 0, 7, 4294967295])("fold and foldHost agree on %j", async (data) => {
    expect(await draw((key) => fold(key, data))).toEqual(foldHost(randomKey(42), data));
  });

  it("fold takes a step count, and other data gives other keys", async () => {
    const folded = await run(
      referenceBackend(),
      (key: Tensor, step: Tensor) => fold(key, convert(step, "u32")),
      randomKey(42),
      7,
    );
    expect(folded).toEqual(foldHost(randomKey(42), 7));
    const names = ["a", "b", "ab", "ba", "", "kernel", "bias", 0, 1, 2];
    expect(new Set(names.map((name) => String(foldHost(randomKey(1), name).data))).size).toBe(names.length);
  });
});

/** The largest distance between the distribution of a sample and `cdf` (Kolmogorov and Smirnov), times the root of its size. */
function distance({ data }: HostArray, cdf: (x: number) => number): number {
  const sorted = Float64Array.from(data).sort();
  let worst = 0;
  for (const [i, x] of sorted.entries()) {
    worst = Math.max(worst, Math.abs(cdf(x) - i / sorted.length), Math.abs(cdf(x) - (i + 1) / sorted.length));
  }
  return worst * Math.sqrt(sorted.length);
}

function moments({ data }: HostArray): { mean: number; variance: number } {
  let mean = 0;
  for (const x of data) mean += x / data.length;
  let variance = 0;
  for (const x of data) variance += (x - mean) ** 2 / data.length;
  return { mean, variance };
}

// Abramowitz & Stegun 26.2.17, exact to 1e-7.
function normalCdf(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const tail =
    (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return x > 0 ? 1 - tail : tail;
}

const count = 40_000;

describe.each(["f32", "f64"] as const)("distributions in %s", (dtype) => {
  it("uniform", async () => {
    const sample = await draw((key) => uniform(key, [count], { dtype }));
    expect(sample.dtype).toBe(dtype);
    expect(sample.data.every((x) => x >= 0 && x < 1)).toBe(true);
    expect(distance(sample, (x) => x)).toBeLessThan(1.63);
    expect(moments(sample).variance).toBeCloseTo(1 / 12, 2);
    const moved = await draw((key) => uniform(key, [count], { dtype, low: -3, high: 5 }));
    expect(distance(moved, (x) => (x + 3) / 8)).toBeLessThan(1.63);
  });

  it("normal", async () => {
    const sample = await draw((key) => normal(key, [count + 1], dtype));
    expect(sample.shape).toEqual([count + 1]);
    expect(Math.abs(moments(sample).mean)).toBeLessThan(0.015);
    expect(moments(sample).variance).toBeCloseTo(1, 1);
    expect(distance(sample, normalCdf)).toBeLessThan(1.63);
  });
});

it("uniform in f64 uses 53 bits, in f32 24", async () => {
  const wide = await draw((key) => uniform(key, [1000], { dtype: "f64" }));
  expect(wide.data.every((x) => Number.isInteger(x * 2 ** 53))).toBe(true);
  expect(wide.data.filter((x) => !Number.isInteger(x * 2 ** 52)).length).toBeGreaterThan(400);
  const narrow = await draw((key) => uniform(key, [1000]));
  expect(narrow.data.every((x) => Number.isInteger(x * 2 ** 24))).toBe(true);
});

it("bernoulli", async () => {
  const { data } = await draw((key) => bernoulli(key, 0.3, [count]));
  expect(Array.from(data).reduce((a, b) => a + b) / count).toBeCloseTo(0.3, 1);
});

it("empty and odd shapes", async () => {
  expect((await draw((key) => normal(key, [0, 3]))).shape).toEqual([0, 3]);
  expect((await draw((key) => uniform(key, []))).shape).toEqual([]);
  expect((await draw((key) => normal(key, [3, 5], "f64"))).data.every(Number.isFinite)).toBe(true);
});
