// Slices, cuts, repetitions, triangles and margins, as NumPy has them; gradients are compared with PyTorch's in testkit.
import { expect, it } from "vitest";
import { run } from "../compile.ts";
import { referenceBackend } from "../interpret.ts";
import { array } from "../make-array.ts";
import type { Tensor } from "../tensor.ts";
import { tile, tril, triu } from "./arrangement.ts";
import { convert } from "./elementwise.ts";
import { pad } from "./padding.ts";
import { type Bound, slice, sliceAxis, splitAxis } from "./slicing.ts";

const of = async (fn: (x: Tensor) => Tensor, values: number[] | number[][]): Promise<number[]> => [
  ...(await run(referenceBackend(), fn, array(values))).data,
];
const five = [0, 1, 2, 3, 4];
const rows = [
  [1, 2, 3],
  [4, 5, 6],
];

it.each<[Bound, Bound, number, number[]]>([
  [null, null, -1, [4, 3, 2, 1, 0]],
  [null, null, -2, [4, 2, 0]],
  [3, 0, -1, [3, 2, 1]],
  [3, null, -2, [3, 1]],
  [-1, -4, -1, [4, 3, 2]],
  [2, -6, -1, [2, 1, 0]],
  [1, 1, -1, []],
  [1, null, 2, [1, 3]],
  [null, -1, 3, [0, 3]],
])("slice from %s to %s by %d", async (start, limit, stride, expected) => {
  expect(await of((x) => slice(x, [start], [limit], [stride]), five)).toEqual(expected);
  expect(await of((x) => sliceAxis(x, 0, start, limit, stride), five)).toEqual(expected);
});

it("slices what is empty", async () => {
  expect(await of((x) => slice(x, [null], [null], [-1]), [])).toEqual([]);
});

it.each<[Bound, Bound, number]>([
  [5, 0, -1],
  [0, 3, -1],
  [3, -7, -1],
  [0, 3, 0],
  [0, 6, 1],
  [0, 3, 0.5],
])("refuses to slice from %s to %s by %d", async (start, limit, stride) => {
  await expect(of((x) => slice(x, [start], [limit], [stride]), five)).rejects.toThrow(
    `slice: ${start} to ${limit} by ${stride} does not fit axis 0 of f32[5].`,
  );
});

it("refuses bounds of another rank", async () => {
  await expect(of((x) => slice(x, [0], [1]), rows)).rejects.toThrow(
    "starts [0], limits [1] and strides [1,1]; it takes a list of",
  );
});

it("cuts an axis", async () => {
  const cut = (parts: number | number[]) =>
    run(referenceBackend(), (x: Tensor) => splitAxis(x, -1, parts), array(rows)).then((found) =>
      found.map(({ data }) => [...data]),
    );
  expect(await cut(3)).toEqual([
    [1, 4],
    [2, 5],
    [3, 6],
  ]);
  expect(await cut([1, 0, 2])).toEqual([[1, 4], [], [2, 3, 5, 6]]);
  await expect(cut(2)).rejects.toThrow("splitAxis: 2 equal parts are not axis 1 of f32[2, 3];");
  await expect(cut([1, 1])).rejects.toThrow("splitAxis: parts of [1, 1] are not axis 1 of f32[2, 3];");
  await expect(cut(0)).rejects.toThrow("splitAxis: 0 equal parts");
});

it("repeats", async () => {
  expect(await of((x) => tile(x, 2), [1, 2])).toEqual([1, 2, 1, 2]);
  expect(await of((x) => tile(x, 2), rows)).toEqual([1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6]);
  expect(await run(referenceBackend(), (x: Tensor) => tile(x, [2, 0, 1]), array(rows))).toMatchObject({
    shape: [2, 0, 3],
  });
  await expect(of((x) => tile(x, [1, 0.5]), rows)).rejects.toThrow("tile: received the repeats [1,0.5];");
});

it("keeps triangles, of booleans too", async () => {
  expect(await of((x) => triu(x), rows)).toEqual([1, 2, 3, 0, 5, 6]);
  expect(await of((x) => triu(x, 1), rows)).toEqual([0, 2, 3, 0, 0, 6]);
  expect(await of((x) => tril(x, -1), rows)).toEqual([0, 0, 0, 4, 0, 0]);
  expect(await of((x) => tril(convert(x, "bool")), rows)).toEqual([1, 0, 0, 1, 1, 0]);
  await expect(of((x) => triu(x), five)).rejects.toThrow("triu: received f32[5]; it takes matrices");
  await expect(of((x) => tril(x, 0.5), rows)).rejects.toThrow("tril: received the diagonal 0.5;");
});

it("continues axes over several turns", async () => {
  expect(await of((x) => pad(x, [3], [4], "reflect"), [1, 2, 3])).toEqual([2, 3, 2, 1, 2, 3, 2, 1, 2, 3]);
  expect(await of((x) => pad(x, [4], [1], "wrap"), [1, 2, 3])).toEqual([3, 1, 2, 3, 1, 2, 3, 1]);
  expect(await of((x) => pad(x, [1], [2], "edge"), [1, 2])).toEqual([1, 1, 2, 2, 2]);
  expect(await of((x) => pad(x, [1], [2], "reflect"), [7])).toEqual([7, 7, 7, 7]);
  await expect(of((x) => pad(x, [1], [0], "wrap"), [])).rejects.toThrow(
    "pad: received f32[0]; an empty axis has nothing",
  );
  await expect(of((x) => pad(x, [-1], [0], "edge"), five)).rejects.toThrow("low [-1] and high [0]; for every axis");
  await expect(of((x) => pad(x, [1], [0], "mirror" as "edge"), five)).rejects.toThrow(
    'pad: received the fill "mirror"; it takes a number, or one of "reflect", "edge", "wrap".',
  );
});
