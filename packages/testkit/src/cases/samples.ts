// Deterministic inputs: the same arrays for every backend, whatever the order of the tests.
import { allocate, array, type DType, type HostArray, type Shape, sizeOf } from "@hooke/runtime";

/** A seeded stream of numbers in [0, 1): a 32-bit Weyl sequence, mixed. */
export function stream(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e3779b1);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Options of {@link sample}. */
export interface SampleOptions {
  /** Default -2. */
  readonly low?: number;
  /** Default 2. */
  readonly high?: number;
  /** Default 1. */
  readonly seed?: number;
}

/** Uniform numbers between `low` and `high`; whole numbers for integer dtypes (from 0 for u32), a coin for bool. */
export function sample(shape: Shape, dtype: DType = "f32", options: SampleOptions = {}): HostArray {
  const isFloat = dtype === "f32" || dtype === "f64";
  const { seed = 1, low = isFloat ? -2 : dtype === "u32" ? 0 : -9, high = isFloat ? 2 : 9 } = options;
  const next = stream(seed);
  const data = allocate(dtype, sizeOf(shape));
  for (let i = 0; i < data.length; i++) {
    const value = low + (high - low) * next();
    data[i] = dtype === "bool" ? Number(next() < 0.5) : isFloat ? value : Math.round(value);
  }
  return { shape, dtype, data };
}

/** Values at which functions branch, overflow, lose digits or are not defined. */
export function specials(dtype: DType): HostArray {
  switch (dtype) {
    case "f32":
    case "f64": {
      const far =
        dtype === "f32" ? [88.5, 89, -87, -104, 3e38, 1e-38, 1e-42] : [709, 710, -708, -746, 1e308, 1e-308, 1e-320];
      const plain = [
        0, 1, -1, 0.5, -0.5, 1.5, -1.5, 2.5, 1e-4, -1e-4, 1e-9, 3, -3, 5.9, -5.9, 9, -9, 20, -20, 100, -100,
      ];
      const edges = [-0, Number.NaN, Infinity, -Infinity];
      return array([...plain, ...edges, ...far], { dtype });
    }
    case "i32":
      return array([0, 1, -1, 2, -2, 7, 31, 32, 33, 65536, -65537, 2147483647, -2147483648, -2147483647], { dtype });
    case "u32":
      return array([0, 1, 2, 7, 31, 32, 33, 65536, 65537, 2147483647, 2147483648, 4294967295], { dtype });
    case "bool":
      return array([false, true, true, false]);
  }
}

/** Every pair of special values, as two arrays. */
export function specialPairs(dtype: DType): readonly [HostArray, HostArray] {
  const { data } = specials(dtype);
  const count = data.length;
  const left = allocate(dtype, count * count);
  const right = allocate(dtype, count * count);
  for (let i = 0; i < count * count; i++) {
    left[i] = data[Math.floor(i / count)]!;
    right[i] = data[i % count]!;
  }
  return [
    { shape: [count, count], dtype, data: left },
    { shape: [count, count], dtype, data: right },
  ];
}

/** Few distinct values, so that many are equal. */
export function ties(shape: Shape, dtype: DType = "f32"): HostArray {
  return array(sample(shape, "i32", { low: 0, high: 3, seed: 5 }).data, { shape, dtype });
}

/** A shape of every rank from 0 to 6, with odd lengths and ones in between. */
export const shapesByRank: readonly Shape[] = [
  [],
  [5],
  [3, 5],
  [3, 1, 5],
  [3, 2, 1, 5],
  [3, 1, 2, 2, 5],
  [2, 3, 1, 2, 1, 3],
];

/** Whole numbers of 2^24 and more that come close to each other: as floats of 32 bits, many would change or be equal. */
export function largeIntegers(shape: Shape, dtype: "i32" | "u32", seed = 1): HostArray {
  const far = dtype === "i32" ? [-(2 ** 31), 2 ** 31 - 4] : [2 ** 31, 2 ** 32 - 4];
  const starts = [2 ** 24, 2 ** 30, ...far];
  const next = stream(seed);
  const data = allocate(dtype, sizeOf(shape));
  for (let i = 0; i < data.length; i++) data[i] = starts[Math.floor(4 * next())]! + Math.floor(4 * next());
  return { shape, dtype, data };
}
