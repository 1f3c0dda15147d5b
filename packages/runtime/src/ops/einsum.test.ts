// What einsum is lowered to, what it refuses, and cases beside those that are compared with PyTorch in testkit.
import { expect, it } from "vitest";
import { run } from "../compile.ts";
import { referenceBackend } from "../interpret.ts";
import { array, type Nested } from "../make-array.ts";
import { optimize } from "../passes/optimize.ts";
import { record } from "../record.ts";
import type { Tensor } from "../tensor.ts";
import { einsum } from "./einsum.ts";

const of = async (notation: string, ...values: Nested[]) => {
  const operands = values.map((value) => array(value, { dtype: "i32" }));
  const { shape, data } = await run(referenceBackend(), (...x: Tensor[]) => einsum(notation, ...x), ...operands);
  return { shape, data: [...data] };
};
const square = [
  [1, 2],
  [3, 4],
];

it.each<[string, Nested[], number[], number[]]>([
  ["ii", [square], [], [5]],
  ["ii->i", [square], [2], [1, 4]],
  ["ba", [square], [2, 2], [1, 3, 2, 4]],
  [" ij -> ", [square], [], [10]],
  ["ij,ij->", [square, square], [], [30]],
  [
    "i,i->i",
    [
      [1, 2],
      [3, 4],
    ],
    [2],
    [3, 8],
  ],
  [",ij", [10, square], [2, 2], [10, 20, 30, 40]],
  ["ij,jk", [square, square], [2, 2], [7, 10, 15, 22]],
  ["iii->i", [[square, square]], [2], [1, 4]],
  ["...i->...", [square], [2], [3, 7]],
  ["Ba", [square], [2, 2], [1, 2, 3, 4]],
  ["i...,...i", [square, [[5, 6]]], [2], [23, 34]],
  ["ij->ji", [[[], []]], [0, 2], []],
])("%s", async (notation, values, shape, data) => {
  expect(await of(notation, ...values)).toEqual({ shape, data });
});

const lowered = (notation: string, ...shapes: number[][]): string[] => {
  const inputs = shapes.map((shape) => ({ shape, dtype: "f32" }) as const);
  const { program } = record((...x: Tensor[]) => einsum(notation, ...x), ...inputs);
  return optimize(program)
    .nodes.map(({ primitive }) => primitive)
    .filter((primitive) => primitive !== "reshape");
};

it.each<[string, number[][], string[]]>([
  [
    "ij,jk->ik",
    [
      [2, 3],
      [3, 4],
    ],
    ["dot"],
  ],
  [
    "ji,kj->ik",
    [
      [3, 2],
      [4, 3],
    ],
    ["dot"],
  ],
  [
    "bij,bkj->bik",
    [
      [5, 2, 3],
      [5, 4, 3],
    ],
    ["dot"],
  ],
  [
    "bsi,io->bso",
    [
      [5, 2, 3],
      [3, 4],
    ],
    ["dot"],
  ],
  [
    "bi,bi->b",
    [
      [2, 3],
      [2, 3],
    ],
    ["mul", "sum"],
  ],
  // The vector first: two products of a matrix and a vector, none of matrices.
  ["ij,jk,k->i", [[50, 60], [60, 70], [70]], ["dot", "dot"]],
])("%s takes no more than it must", (notation, shapes, expected) => {
  expect(lowered(notation, ...shapes)).toEqual(expected);
});

it("multiplies in the cheapest order", () => {
  const { program } = record(
    (a: Tensor, b: Tensor, c: Tensor) => einsum("ij,jk,k->i", a, b, c),
    { shape: [50, 60], dtype: "f32" },
    { shape: [60, 70], dtype: "f32" },
    { shape: [70], dtype: "f32" },
  );
  const products = program.nodes.filter(({ primitive }) => primitive === "dot");
  expect(products.map(({ outputs: [y] }) => y!.shape)).toEqual([
    [60, 1],
    [50, 1],
  ]);
});

it.each<[string, Nested[], string]>([
  ["i j;k", [square], 'einsum: "i j;k": "ij;k" cannot be read; write letters and ..., as in "ij,jk->ik".'],
  ["i->j->k", [square], "cannot be read"],
  ["i....", [square], "cannot be read"],
  ["ij,jk", [square], "it names 2 operands, but received 1."],
  ["ijk->i", [square], '"ijk" names 3 axes, but operand 0 is i32[2, 2].'],
  ["i->i", [square], '"i" names 1 axes, but operand 0 is i32[2, 2].'],
  ["ij,jk", [square, [[1, 2, 3]]], "axis j is 2 long, and 1 in operand 1, i32[1, 3]."],
  [
    "...i,...i",
    [
      square,
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
    ],
    "axis ... is 2 long, and 3 in operand 1",
  ],
  ["ij->ik", [square], "no operand has the axis k of the result."],
  ["ij->ii", [square], "the result has the axis i twice."],
  ["...i->i", [square], 'the result lacks "...", which stands for axes of operands.'],
])("refuses %s", async (notation, values, message) => {
  await expect(of(notation, ...values)).rejects.toThrow(message);
});

it("refuses operands of several dtypes, and booleans", async () => {
  const mixed = run(referenceBackend(), (x: Tensor, y: Tensor) => einsum("i,i", x, y), array([1]), array([true]));
  await expect(mixed).rejects.toThrow("einsum: received f32[1] and bool[1]; it takes numbers of one dtype.");
});
