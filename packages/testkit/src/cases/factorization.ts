// Cases of the Cholesky factor and of triangular systems.
import { allocate, array, type DType, type HostArray, type Shape } from "@hooke/runtime";
import type { Cases, CaseTable } from "./case.ts";
import { sample } from "./samples.ts";

const floats = ["f32", "f64"] as const;

/** Matrices with a heavy diagonal: positive definite, and far from singular in each triangle. Not symmetric. */
export function heavy(batch: Shape, size: number, dtype: DType, scale = 1): HostArray {
  const { shape, data } = sample([...batch, size, size], dtype, { low: -1, high: 1 });
  const values = Array.from(data, (value, at) => {
    const isDiagonal = Math.floor(at / size) % size === at % size;
    return scale * (isDiagonal ? size / 2 + 1 + value / 2 : value);
  });
  return array(values, { shape, dtype });
}

/** One matrix, and what is wrong with it: the first leading minor that fails. */
const failing = (dtype: DType, size: number, at: readonly [row: number, column: number], value: number): HostArray => {
  const matrix = heavy([], size, dtype);
  const data = allocate(dtype, size * size);
  data.set(matrix.data);
  data[at[0] * size + at[1]] = value;
  return { ...matrix, data };
};

// Blocks of the wasm backend are of 48 rows, its strips of 16 columns.
const sizes = [1, 2, 3, 5, 17, 48, 49, 67, 101];
const batches: readonly (readonly [batch: Shape, size: number])[] = [
  [[3], 4],
  [[2, 3], 5],
  [[2, 1, 2], 3],
  [[2, 1, 2, 1], 2],
  [[0], 3],
  [[2], 0],
];

const stacks = [...sizes.map((size) => [[] as Shape, size] as const), ...batches];

const factors: Cases<"cholesky"> = floats.flatMap((dtype) => [
  ...stacks.map(([batch, size]) => ({
    params: {},
    inputs: [heavy(batch, size, dtype)],
    note: `${dtype} [${batch}] ${size}x${size}`,
  })),
  ...[dtype === "f32" ? 1e-30 : 1e-300, dtype === "f32" ? 1e36 : 1e300].map((scale) => ({
    params: {},
    inputs: [heavy([2], 5, dtype, scale)],
    note: `${dtype} times ${scale}`,
  })),
  ...(
    [
      ["indefinite", 5, [2, 2], -1],
      ["indefinite in the second block", 67, [60, 60], -1],
      ["with NaN", 5, [1, 3], Number.NaN],
      ["with NaN on the diagonal", 67, [50, 50], Number.NaN],
      ["with Infinity", 5, [3, 1], Infinity],
      ["with Infinity on the diagonal", 5, [2, 2], Infinity],
      ["of zero", 1, [0, 0], 0],
    ] as const
  ).map(([what, size, at, value]) => ({
    params: {},
    inputs: [failing(dtype, size, at, value)],
    note: `${dtype} ${what}`,
  })),
  {
    params: {},
    inputs: [
      array(
        [
          [
            [4, 2],
            [2, 10],
          ],
          [
            [1, 2],
            [2, 1],
          ],
          [
            [9, 3],
            [3, 2],
          ],
        ],
        { dtype },
      ),
    ],
    note: `${dtype} one of three indefinite`,
  },
]);

const triangles = [
  { lower: true, transposeA: false, columns: 1 },
  { lower: true, transposeA: true, columns: 3 },
  { lower: false, transposeA: false, columns: 16 },
  { lower: false, transposeA: true, columns: 37 },
] as const;

/** All triangles in one size of several blocks; where the backend has a step for each row, larger ones take long. */
const trianglesOf = (size: number) =>
  size <= 17 || size === 67 ? triangles : size > 67 ? triangles.slice(1, 3) : triangles.slice(0, 1);

const systems: Cases<"triangularSolve"> = floats.flatMap((dtype) => [
  ...stacks.flatMap(([batch, size]) =>
    trianglesOf(size).map(({ lower, transposeA, columns }) => ({
      params: { lower, transposeA },
      inputs: [heavy(batch, size, dtype), sample([...batch, size, columns], dtype, { seed: 2 })],
      note: `${dtype} [${batch}] ${size}x${size} ${lower ? "lower" : "upper"}${transposeA ? " transposed" : ""}, ${columns} columns`,
    })),
  ),
  {
    params: { lower: true, transposeA: false },
    inputs: [heavy([], 4, dtype), sample([4, 0], dtype)],
    note: `${dtype} no columns`,
  },
  {
    // What is not read, and a row that is divided by zero.
    params: { lower: true, transposeA: false },
    inputs: [
      array(
        [
          [2, Number.NaN, Infinity],
          [1, 4, Number.NaN],
          [1, 1, 0],
        ],
        { dtype },
      ),
      array(
        [
          [2, 4],
          [5, 6],
          [7, 1],
        ],
        { dtype },
      ),
    ],
    note: `${dtype} NaN in the other triangle, zero on the diagonal`,
  },
]);

/** Cases of the Cholesky factor and of triangular systems. */
export const factorizationCases = (): CaseTable<"cholesky" | "triangularSolve"> => ({
  cholesky: factors,
  triangularSolve: systems,
});
