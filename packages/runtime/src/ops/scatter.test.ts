// Who wins where updates meet, and what is refused; gradients are compared with PyTorch's in testkit.
import { expect, it } from "vitest";
import type { HostArray } from "../array.ts";
import { run } from "../compile.ts";
import { referenceBackend } from "../interpret.ts";
import { array } from "../make-array.ts";
import type { Tensor } from "../tensor.ts";
import { grad } from "../transforms/grad.ts";
import { mul } from "./elementwise.ts";
import { sum } from "./reduction.ts";
import { scatterMax, scatterSet } from "./scatter.ts";

type Scatter = typeof scatterSet;
const { NaN: none } = Number;
const at = (indices: number[] | number[][]): HostArray => array(indices, { dtype: "i32" });
const of = async (
  scatter: Scatter,
  x: HostArray,
  picks: HostArray,
  updates: HostArray,
  axis = 0,
): Promise<number[]> => [
  ...(await run(referenceBackend(), (t: Tensor, u: Tensor) => scatter(t, picks, u, axis), x, updates)).data,
];
const slopes = async (scatter: Scatter, x: number[], picks: HostArray, updates: number[]): Promise<number[][]> => {
  const weights = array(x.map((_, i) => i + 1));
  const scalar = (pair: readonly Tensor[]): Tensor => sum(mul(scatter(pair[0]!, picks, pair[1]!), weights));
  const found = await run(referenceBackend(), (...pair: Tensor[]) => grad(scalar)(pair), array(x), array(updates));
  return found.map(({ data }) => [...data]);
};

it("the last update for a place is what is written, and none out of range", async () => {
  const x = array([1, 2, 3]);
  expect(await of(scatterSet, x, at([2, 0, 2, -1, 3]), array([7, 8, none, 5, 6]))).toEqual([8, 2, none]);
  expect(await of(scatterSet, x, at([]), array([]))).toEqual([1, 2, 3]);
  expect(await slopes(scatterSet, [1, 2, 3], at([2, 0, 2, 5]), [7, 8, 9, 1])).toEqual([
    [0, 2, 0],
    [0, 1, 3, 0],
  ]);
});

it("writes booleans and rows, along axes, at indices of any rank", async () => {
  const flags = await of(scatterSet, array([true, false, true]), at([0, 1]), array([false, true]));
  expect(flags).toEqual([0, 1, 1]);
  const table = array([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  expect(await of(scatterSet, table, at([1]), array([[7, 8, 9]]))).toEqual([1, 2, 3, 7, 8, 9]);
  expect(await of(scatterSet, table, at([[2, 0]]), array([[[7, 8]], [[9, 10]]]), -1)).toEqual([8, 2, 7, 10, 5, 9]);
  expect(
    await of(
      scatterMax,
      table,
      at([2, 2]),
      array([
        [4, 3],
        [5, 7],
      ]),
      1,
    ),
  ).toEqual([1, 2, 4, 4, 5, 7]);
});

it("the largest is what is kept, NaN above all; of equal ones that of x, then the last update", async () => {
  const picks = at([0, 0, 1, 1, 2, 2]);
  expect(await of(scatterMax, array([1, none, 3]), picks, array([5, 4, 9, 9, none, 8]))).toEqual([5, none, none]);
  expect(await slopes(scatterMax, [5, 2, 3], at([0, 1, 1, 2, 9]), [5, 7, 7, 1, 8])).toEqual([
    [1, 0, 3],
    [0, 0, 2, 0, 0],
  ]);
});

it("refuses what does not fit", async () => {
  const x = array([1, 2, 3]);
  await expect(of(scatterSet, x, at([0]), array([1, 2]))).rejects.toThrow(
    "scatterSet: received f32[3], indices i32[1] along axis 0 and updates f32[2], which must be f32[1].",
  );
  await expect(of(scatterMax, x, at([0]), at([1]))).rejects.toThrow("updates i32[1], which must be f32[1].");
  await expect(of(scatterSet, x, array([0]), array([1]))).rejects.toThrow(
    "scatterSet: received indices f32[1]; they are i32.",
  );
  await expect(of(scatterSet, x, at([0]), array([1]), 1)).rejects.toThrow("scatterSet: axis 1 does not exist");
  await expect(of(scatterMax, array([true]), at([0]), array([true]))).rejects.toThrow("scatterMax: received bool[1]");
});
