// Rounding, remainders and bounds where floats, whole numbers and NaN differ; derivatives are compared with PyTorch's in testkit.
import { describe, expect, it } from "vitest";
import type { DType } from "../array.ts";
import { run } from "../compile.ts";
import { referenceBackend } from "../interpret.ts";
import { array } from "../make-array.ts";
import type { Tensor } from "../tensor.ts";
import { grad } from "../transforms/grad.ts";
import { isFinite as finite, isNaN as missing, pow, rem, sub } from "./elementwise.ts";
import { atan2 } from "./inverse.ts";
import { sum } from "./reduction.ts";
import { clip, mod, round } from "./rounding.ts";

const { NaN: none, POSITIVE_INFINITY: up } = Number;
const of = async (fn: (x: Tensor) => Tensor, values: number[], dtype: DType = "f64"): Promise<number[]> =>
  // The sign of a zero does not matter.
  Array.from((await run(referenceBackend(), fn, array(values, { dtype }))).data, (value) => value + 0);
const slope = (fn: (x: Tensor) => Tensor) => (x: Tensor) => grad((y: Tensor) => sum(fn(y)))(x);

it("rounds halves to even, whatever their size", async () => {
  const odd = 2 ** 51 + 1;
  expect(await of(round, [0.5, 1.5, -2.5, 0.49999999999999994, odd + 0.5, 2 ** 60, -up, none])).toEqual([
    0,
    2,
    -2,
    0,
    odd + 1,
    2 ** 60,
    -up,
    none,
  ]);
});

describe("mod", () => {
  it("has the sign of the divisor", async () => {
    expect(await of((x) => mod(x, 3), [-7, -3, -1, 5, up])).toEqual([2, 0, 2, 2, none]);
    expect(await of((x) => mod(x, -3), [-7, -3, 1, 5])).toEqual([-1, 0, -2, -1]);
    expect(await of((x) => mod(x, 3), [-7, -3, -1, 5], "i32")).toEqual([2, 0, 2, 2]);
    expect(await of((x) => mod(x, -3), [-7, -3, 1, 5], "i32")).toEqual([-1, 0, -2, -1]);
    expect(await of((x) => mod(x, 0), [-7, 3], "i32")).toEqual([0, 0]);
    expect(await of((x) => mod(x, 7), [2 ** 32 - 1], "u32")).toEqual([(2 ** 32 - 1) % 7]);
    expect(await of((x) => mod(-1, x), [up])).toEqual([up]);
  });

  it("and rem count whole divisors in their derivative where the quotient rounds up to one more", async () => {
    expect(1 / 0.1).toBe(10);
    expect(
      await of(
        slope((b) => mod(1, b)),
        [0.1],
      ),
    ).toEqual([-9]);
    expect(
      await of(
        slope((b) => rem(-1, b)),
        [0.1],
      ),
    ).toEqual([9]);
  });
});

describe("clip", () => {
  it("keeps NaN, and whole numbers on one side", async () => {
    expect(await of((x) => clip(x, -1, 2), [-up, -1, 0, 5, none])).toEqual([-1, -1, 0, 2, none]);
    expect(await of((x) => clip(0, x, 1), [none, -1])).toEqual([none, 0]);
    expect(await of((x) => clip(x, 0, Infinity), [-5, 2 ** 31 - 1], "i32")).toEqual([0, 2 ** 31 - 1]);
    expect(await of((x) => clip(0, 1, x), [2, 0.5])).toEqual([1, 0.5]);
  });

  it("refuses bounds that leave nothing", async () => {
    await expect(of((x) => clip(x, 2, 1), [0])).rejects.toThrow("clip: received the bounds 2 and 1;");
    await expect(of((x) => clip(x, none, 1), [0])).rejects.toThrow("clip: received the bounds NaN and 1;");
    await expect(of((x) => clip(x, 0, 0.5), [0], "i32")).rejects.toThrow(/0\.5, which is not a value of i32/);
  });
});

it("tells what is a number, and what is finite", async () => {
  expect(await of(missing, [0, none, up, -up])).toEqual([0, 1, 0, 0]);
  expect(await of(finite, [0, none, up, -up])).toEqual([1, 0, 0, 0]);
  expect(await of(missing, [0, 2 ** 31 - 1], "i32")).toEqual([0, 0]);
  expect(await of(finite, [0, 2 ** 31 - 1], "i32")).toEqual([1, 1]);
});

describe("whole powers", () => {
  it("of whole numbers are exact, modulo 2^32", async () => {
    expect(await of((x) => pow(x, 3), [-3, 1290], "i32")).toEqual([-27, Math.imul(1290 ** 2, 1290)]);
    expect(await of((x) => pow(x, 20), [3], "u32")).toEqual([3486784401]);
    expect(await of((x) => pow(x, 0), [0, 5], "i32")).toEqual([1, 1]);
    await expect(of((x) => pow(x, -1), [2], "i32")).rejects.toThrow("pow: received i32[1] and the exponent -1;");
  });

  it("have all their derivatives at 0 and below, without a logarithm", async () => {
    let fn = (x: Tensor): Tensor => pow(x, 5);
    for (const expected of [
      [0, 5],
      [0, -20],
      [0, 60],
      [0, -120],
      [120, 120],
      [0, 0],
    ]) {
      fn = slope(fn);
      expect(await of(fn, [0, -1])).toEqual(expected);
    }
  });
});

it("atan2 sees all quadrants, axes and infinities", async () => {
  const y = [0, 1, 1, 1, 0, -1, -1, -1, 0, up, -up];
  const x = [1, 1, 0, -1, -1, -1, 0, 1, 0, -up, up];
  const expected = y.map((value, i) => Math.atan2(value, x[i]!));
  const found = await of((v) => atan2(v, array(x, { dtype: "f64" })), y);
  for (const [i, truth] of expected.entries()) expect(found[i]).toBeCloseTo(truth, 15);
  expect(
    await of(
      slope((v) => atan2(v, sub(v, v))),
      [1e-300, -1e300, 0],
    ),
  ).toEqual([0, 0, 0]);
});
