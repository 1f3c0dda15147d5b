// Orders where elements are equal, NaN or at the ends of their type, and what products of nothing are.
import { expect, it } from "vitest";
import type { DType } from "../array.ts";
import { run } from "../compile.ts";
import { referenceBackend } from "../interpret.ts";
import { array } from "../make-array.ts";
import type { Tensor } from "../tensor.ts";
import { grad } from "../transforms/grad.ts";
import { mul } from "./elementwise.ts";
import { argMin, argSort, sort, topK } from "./ordering.ts";
import { prod, sum } from "./reduction.ts";
import { cumprod, cumsum } from "./running.ts";

const { NaN: none, POSITIVE_INFINITY: up } = Number;
const of = async (
  fn: (x: Tensor) => Tensor,
  values: number[] | number[][],
  dtype: DType = "f64",
): Promise<number[]> => [...(await run(referenceBackend(), fn, array(values, { dtype }))).data];

it("descending: NaN first, equal elements in their order", async () => {
  const values = [1, none, 3, 1, -up, 3, up];
  expect(await of((x) => sort(x, 0, { descending: true }), values)).toEqual([none, up, 3, 3, 1, 1, -up]);
  expect(await of((x) => argSort(x, 0, { descending: true }), values)).toEqual([1, 6, 2, 5, 0, 3, 4]);
  expect(await of((x) => topK(x, 3).indices, values)).toEqual([1, 6, 2]);
  // The derivatives of equal elements go where argSort says.
  const weighted = (x: Tensor): Tensor =>
    sum(mul(sort(x, 0, { descending: true }), array([1, 2, 3], { dtype: "f64" })));
  expect(await of((x) => grad(weighted)(x), [7, 7, 9])).toEqual([2, 3, 1]);
});

it("the ends of whole numbers", async () => {
  const ends = [0, 2 ** 31 - 1, -(2 ** 31), -1];
  expect(await of((x) => argSort(x, 0, { descending: true }), ends, "i32")).toEqual([1, 0, 3, 2]);
  expect(await of((x) => argMin(x), ends, "i32")).toEqual([2]);
  expect(await of((x) => argMin(x), [3, 2 ** 32 - 1, 1], "u32")).toEqual([2]);
  expect(await of((x) => argMin(x), [3, none, 1, none])).toEqual([1]);
});

it("along axes", async () => {
  const rows = [
    [1, 5, 2],
    [4, 3, 6],
  ];
  expect(await of((x) => topK(x, 1, 0).values, rows)).toEqual([4, 5, 6]);
  expect(await of((x) => topK(x, 2).indices, rows)).toEqual([1, 2, 2, 0]);
  expect(await of((x) => argMin(x, 0), rows)).toEqual([0, 1, 0]);
  expect(await of((x) => prod(x, { axes: [-1, 0] }), rows)).toEqual([720]);
  expect(await of((x) => cumsum(x, 1, { exclusive: true, reverse: true }), rows)).toEqual([7, 2, 0, 9, 6, 0]);
  expect(await of((x) => cumprod(x, -1, { exclusive: true }), rows)).toEqual([1, 1, 5, 1, 4, 12]);
});

it("products of nothing are 1, modulo 2^32 of whole numbers", async () => {
  expect(await of((x) => prod(x), [])).toEqual([1]);
  expect(await of((x) => cumprod(x, 0, { exclusive: true }), [])).toEqual([]);
  expect(await of((x) => prod(x), [65537, 65537], "i32")).toEqual([131073]);
});

it("refuses what has no order or product", async () => {
  const first = (k: number) => of((x) => topK(x, k).values, [1, 2]);
  await expect(first(3)).rejects.toThrow("topK: received 3 as k and f64[2]; it takes a whole number from 1 to 2.");
  await expect(first(0.5)).rejects.toThrow("topK: received 0.5 as k");
  for (const fn of [prod, cumprod, cumsum, sort, argMin])
    await expect(of(fn, [1], "bool")).rejects.toThrow(`${fn.name}: received bool[1]; it takes numbers.`);
  await expect(of((x) => sort(x, 0, { decending: true } as object), [1])).rejects.toThrow('Did you mean "descending"?');
  await expect(of((x) => prod(x, { axis: 0 } as object), [1])).rejects.toThrow(
    'prod: received the unknown option "axis"',
  );
  await expect(of((x) => cumprod(x, 1), [1])).rejects.toThrow("cumprod: axis 1 does not exist");
});
