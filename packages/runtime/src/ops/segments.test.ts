// What segments give: padding adds nothing, empty ones are 0, ties share; gradients are compared with PyTorch's in testkit.
import { expect, it } from "vitest";
import type { HostArray } from "../array.ts";
import { run } from "../compile.ts";
import { referenceBackend } from "../interpret.ts";
import { array } from "../make-array.ts";
import type { Tensor } from "../tensor.ts";
import { grad } from "../transforms/grad.ts";
import { mul } from "./elementwise.ts";
import { sum } from "./reduction.ts";
import { segmentMax, segmentMean, segmentSoftmax, segmentSum } from "./segments.ts";

type Reduction = typeof segmentSum;
const { NaN: none } = Number;
/** Unordered; segment 2 is empty, two rows belong to none. */
const segments = array([1, 0, 1, 7, -1, 3, 1], { dtype: "i32" });
const values = [1, 2, 3, 90, 90, -5, 3];
const of = async (fn: Reduction, x: HostArray = array(values), ids = segments, count = 4): Promise<number[]> => [
  ...(await run(referenceBackend(), (t: Tensor) => fn(t, ids, count), x)).data,
];
const slopes = async (fn: Reduction, x: number[], weights: number[]): Promise<number[]> => {
  const scalar = (t: Tensor): Tensor => sum(mul(fn(t, segments, 4), array(weights)));
  return [...(await run(referenceBackend(), (t: Tensor) => grad(scalar)(t), array(x))).data];
};

it("reduces the rows of each segment, 0 where there are none", async () => {
  expect(await of(segmentSum)).toEqual([2, 7, 0, -5]);
  expect(await of(segmentMean)).toEqual([2, Math.fround(7 / 3), 0, -5]);
  expect(await of(segmentMax)).toEqual([2, 3, 0, -5]);
  const rows = array([
    [1, -1],
    [2, -2],
    [3, -3],
  ]);
  expect(await of(segmentMax, rows, array([1, 1, 0], { dtype: "i32" }), 2)).toEqual([3, -3, 2, -1]);
  expect(await of(segmentSum, array([4, 5, 6], { dtype: "i32" }), array([1, 1, 0], { dtype: "i32" }), 2)).toEqual([
    6, 9,
  ]);
  const nothing = array([], { dtype: "i32" });
  for (const fn of [segmentSum, segmentMean, segmentMax]) expect(await of(fn, array([]), nothing, 2)).toEqual([0, 0]);
  expect(await of(segmentSoftmax, array([]), nothing, 2)).toEqual([]);
});

it("a segment's softmax sums to 1, whatever the size of its values, and padding gets 0", async () => {
  const total = Math.exp(-2) + 2;
  const expected = [Math.exp(-2) / total, 1, 1 / total, 0, 0, 1, 1 / total];
  for (const shift of [0, 1e6, -1e6]) {
    const found = await of(segmentSoftmax, array(values.map((value) => value + shift)));
    for (const [i, value] of found.entries()) expect(value).toBeCloseTo(expected[i]!, 6);
  }
  const dark = values.map((value, i) => (i === 1 ? -Infinity : value));
  expect((await of(segmentSoftmax, array(dark)))[1]).toBe(0);
});

it("ties share the derivative of the maximum, NaN is the largest, and infinities have none", async () => {
  expect(await slopes(segmentMax, values, [1, 2, 3, 4])).toEqual([0, 1, 1, 0, 0, 4, 1]);
  expect(await slopes(segmentMax, [1, 2, Infinity, 9, 9, -5, 3], [1, 2, 3, 4])).toEqual([0, 1, 0, 0, 0, 4, 0]);
  expect(await of(segmentMax, array([1, 2, none, 9, none, -5, 3]))).toEqual([2, none, 0, -5]);
  expect(await of(segmentMax, array([-Infinity, 2, -Infinity, 9, 9, -5, -Infinity]))).toEqual([2, -Infinity, 0, -5]);
});

it("padding may hold anything, and no derivative reaches it", async () => {
  const padded = [1, 2, 3, Infinity, 1e30, -5, 3];
  const softmax = await slopes((...all) => segmentSum(segmentSoftmax(...all), segments, 4), padded, [1, 2, 3, 4]);
  for (const slope of softmax) expect(slope).toBeCloseTo(0, 6);
  expect(await slopes(segmentMean, padded, [3, 3, 3, 3])).toEqual([1, 3, 1, 0, 0, 3, 1]);
});

it("refuses what does not fit", async () => {
  await expect(of(segmentSum, array([1, 2]))).rejects.toThrow(
    "segmentSum: received f32[2] and segments i32[7]; expected i32[2].",
  );
  await expect(of(segmentMax, array([1]), array([0]))).rejects.toThrow("segments f32[1]; expected i32[1].");
  await expect(of(segmentMean, array([1], { dtype: "i32" }), array([0], { dtype: "i32" }))).rejects.toThrow(
    "segmentMean: received i32[1]",
  );
  await expect(of(segmentSoftmax, array(values), segments, -1)).rejects.toThrow(
    "received -1 as the number of segments",
  );
});
