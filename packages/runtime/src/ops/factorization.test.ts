// What is not positive definite, and what does not fit.
import { describe, expect, it } from "vitest";
import { run } from "../compile.ts";
import { referenceBackend } from "../interpret.ts";
import { array, type Nested } from "../make-array.ts";
import { optimize } from "../passes/optimize.ts";
import { record } from "../record.ts";
import type { Tensor } from "../tensor.ts";
import {
  cholesky,
  failedMinor,
  inversePositive,
  logDeterminantPositive,
  solvePositive,
  triangularSolve,
} from "./factorization.ts";

const nan = Number.NaN;
const of = async (fn: (...x: Tensor[]) => Tensor, ...inputs: Nested[]): Promise<number[]> => [
  ...(
    await run(
      referenceBackend(),
      fn as (x: Tensor) => Tensor,
      ...(inputs.map((x) => array(x, { dtype: "f64" })) as [never]),
    )
  ).data,
];

describe("a matrix that is not positive definite", () => {
  const second = [
    [4, 2, 0],
    [2, 1, 0],
    [0, 0, 1],
  ];

  it("has NaN from the row of the minor that fails on, and zeros above the diagonal", async () => {
    expect(await of(cholesky, second)).toEqual([2, 0, 0, nan, nan, 0, nan, nan, nan]);
  });

  it("is named by the order of that minor", async () => {
    const info = (matrices: Nested) => of((a) => failedMinor(cholesky(a)), matrices);
    expect(await info(second)).toEqual([2]);
    expect(await info([[[1]], [[-1]], [[0]], [[nan]], [[Infinity]]] as Nested)).toEqual([0, 1, 1, 1, 1]);
    expect(await of((a) => failedMinor(cholesky(a)), [] as Nested).catch((error: Error) => error.message)).toContain(
      "cholesky: received f64[0]; it takes square matrices",
    );
  });

  it("has no solution, inverse or determinant", async () => {
    expect(await of(solvePositive, second, [1, 2, 3])).toEqual([nan, nan, nan]);
    expect(await of(logDeterminantPositive, second)).toEqual([nan]);
    expect((await of(inversePositive, second)).every(Number.isNaN)).toBe(true);
  });
});

it("the symmetric part counts", async () => {
  expect(
    await of(cholesky, [
      [4, 0],
      [4, 10],
    ]),
  ).toEqual([2, 0, 1, 3]);
});

it("leading axes broadcast, and a vector stays one", async () => {
  const stack = [
    [
      [1, 0],
      [0, 1],
    ],
    [
      [4, 0],
      [0, 2],
    ],
  ];
  expect(await of(solvePositive, stack, [8, 4])).toEqual([8, 4, 2, expect.closeTo(2, 14)]);
  expect(
    await of(
      (a, b) => triangularSolve(a!, b!),
      [
        [2, 9],
        [1, 4],
      ],
      [2, 9],
    ),
  ).toEqual([1, 2]);
  expect(
    await of(
      (a, b) => triangularSolve(a!, b!, { lower: false, transposeA: true }),
      [
        [2, 1],
        [9, 4],
      ],
      [2, 9],
    ),
  ).toEqual([1, 2]);
});

it("a program factors a matrix once", () => {
  const { program } = record(
    (a: Tensor, b: Tensor) => [solvePositive(a, b), logDeterminantPositive(a), inversePositive(a)],
    { shape: [3, 3], dtype: "f64" },
    { shape: [3], dtype: "f64" },
  );
  expect(optimize(program).nodes.filter(({ primitive }) => primitive === "cholesky")).toHaveLength(1);
});

it.each<[(a: Tensor, b: Tensor) => Tensor, string]>([
  [cholesky, "cholesky: received f32[2, 3]; it takes square matrices, or stacks of them."],
  [failedMinor, "failedMinor: received f32[2, 3]; it takes square matrices, or stacks of them."],
  [triangularSolve, "triangularSolve: received f32[2, 3]; it takes square matrices, or stacks of them."],
  [
    (a, b) => triangularSolve(b, a),
    "triangularSolve: received f32[3] and f32[2, 3]; it takes matrices, and a vector or matrices.",
  ],
])("refuses what does not fit: %#", (fn, message) => {
  const avals = [
    { shape: [2, 3], dtype: "f32" },
    { shape: [3], dtype: "f32" },
  ] as const;
  expect(() => record(fn, ...avals.slice(0, fn.length))).toThrow(message);
});

it("refuses rows that do not agree", () => {
  const avals = [
    { shape: [2, 2], dtype: "f32" },
    { shape: [3], dtype: "f32" },
  ] as const;
  expect(() => record(solvePositive, ...avals)).toThrow(
    "solvePositive: received f32[2, 2] and f32[3]; rows and dtypes must agree.",
  );
});
