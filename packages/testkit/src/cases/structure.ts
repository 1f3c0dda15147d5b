// Cases of the structural primitives.
import type { DType, Shape } from "@hooke/runtime";
import type { CaseTable } from "./case.ts";
import { largeIntegers, sample, shapesByRank } from "./samples.ts";

const everything: readonly DType[] = ["f32", "f64", "i32", "u32", "bool"];

const reshapes: readonly (readonly [Shape, Shape])[] = [
  [[], [1, 1]],
  [[6], [2, 3]],
  [
    [2, 3, 4],
    [4, 6],
  ],
  [[1, 7, 1], [7]],
  [
    [0, 3],
    [5, 0],
  ],
  ...shapesByRank.map((shape) => [shape, [...shape].reverse()] as const),
];

const rotated = <T>([first, ...rest]: readonly T[]): readonly T[] => (first === undefined ? [] : [...rest, first]);

const permutations: readonly (readonly [Shape, readonly number[]])[] = [
  [
    [3, 5],
    [1, 0],
  ],
  [
    [17, 33],
    [1, 0],
  ],
  [
    [1, 7],
    [1, 0],
  ],
  [
    [0, 3],
    [1, 0],
  ],
  [
    [2, 3, 5],
    [2, 0, 1],
  ],
  [
    [2, 3, 5],
    [0, 2, 1],
  ],
  [
    [2, 3, 5],
    [1, 0, 2],
  ],
  [
    [2, 3, 4, 5],
    [3, 1, 0, 2],
  ],
  [
    [2, 1, 3, 2, 2],
    [4, 2, 1, 3, 0],
  ],
  ...[0, 1, 3, 4, 5, 6].map(
    (rank) => [shapesByRank[rank]!, rotated(shapesByRank[rank]!.map((_, axis) => axis))] as const,
  ),
];

const broadcasts: readonly (readonly [Shape, readonly number[], Shape])[] = [
  [[], [], [7]],
  [[], [], [2, 0]],
  [[5], [1], [3, 5]],
  [[5], [0], [5, 3]],
  [[33], [1], [17, 33]],
  [
    [3, 5],
    [0, 2],
    [3, 4, 5],
  ],
  [
    [3, 5],
    [1, 2],
    [2, 3, 5],
  ],
  [
    [3, 5],
    [0, 1],
    [3, 5, 7],
  ],
  [[0], [0], [0, 3]],
  [
    [2, 3],
    [1, 3],
    [4, 2, 1, 3, 2],
  ],
  // A new axis behind the others.
  ...shapesByRank.slice(0, 6).map((shape) => [shape, shape.map((_, axis) => axis), [...shape, 2]] as const),
];

type Slice = readonly [shape: Shape, start: readonly number[], limit: readonly number[], strides: readonly number[]];
const slices: readonly Slice[] = [
  [[7], [2], [6], [1]],
  [[17], [1], [16], [3]],
  [[7], [3], [3], [1]],
  [
    [5, 7],
    [1, 2],
    [4, 7],
    [1, 1],
  ],
  [
    [5, 7],
    [0, 1],
    [5, 7],
    [2, 3],
  ],
  [
    [3, 4, 5],
    [1, 0, 2],
    [3, 4, 3],
    [1, 2, 1],
  ],
  [
    [0, 3],
    [0, 1],
    [0, 3],
    [1, 1],
  ],
  // Every other element of the last axis.
  ...shapesByRank.map(
    (shape): Slice => [shape, shape.map(() => 0), shape, shape.map((_, axis) => (axis === shape.length - 1 ? 2 : 1))],
  ),
];

type Pad = readonly [shape: Shape, low: readonly number[], high: readonly number[], interior: readonly number[]];
const pads: readonly Pad[] = [
  [[3], [1], [2], [0]],
  [[3], [0], [0], [2]],
  [[0], [2], [1], [3]],
  [[1], [1], [1], [4]],
  [
    [3, 5],
    [1, 0],
    [0, 2],
    [0, 0],
  ],
  [
    [3, 5],
    [2, 1],
    [1, 3],
    [1, 2],
  ],
  [
    [2, 3, 4],
    [0, 1, 0],
    [1, 0, 2],
    [0, 0, 1],
  ],
  ...shapesByRank.map(
    (shape): Pad => [
      shape,
      shape.map((_, axis) => axis % 2),
      shape.map((_, axis) => Number(axis === 0)),
      shape.map(() => 0),
    ],
  ),
];

const concats: readonly (readonly [readonly Shape[], number])[] = [
  [[[3], [4]], 0],
  [[[3], [0], [1]], 0],
  [
    [
      [2, 3],
      [2, 5],
    ],
    1,
  ],
  [
    [
      [2, 3],
      [7, 3],
      [1, 3],
    ],
    0,
  ],
  [
    [
      [2, 1, 3],
      [2, 4, 3],
    ],
    1,
  ],
  [
    [
      [5, 1],
      [5, 1],
      [5, 1],
    ],
    1,
  ],
  ...shapesByRank.slice(1).map((shape) => [[shape, shape], shape.length - 1] as const),
];

const reverses: readonly (readonly [Shape, readonly number[]])[] = [
  [[7], [0]],
  [[3, 5], [0]],
  [[3, 5], [1]],
  [
    [3, 5, 2],
    [0, 2],
  ],
  [
    [0, 3],
    [0, 1],
  ],
  [[33], []],
  ...shapesByRank.slice(1).map((shape) => [shape, [0, shape.length - 1].slice(0, shape.length)] as const),
];

/** Whole numbers that arithmetic in f32 would change, through everything that only moves them. */
const large = (["i32", "u32"] as const).map((dtype) => ({ dtype, x: largeIntegers([3, 5], dtype) }));

/** Cases of the structural primitives. */
export const structureCases = (): CaseTable<
  "reshape" | "transpose" | "broadcast" | "slice" | "pad" | "concat" | "reverse"
> => ({
  reshape: [
    ...everything.flatMap((dtype) =>
      reshapes.map(([from, shape]) => ({
        params: { shape },
        inputs: [sample(from, dtype)],
        note: `${dtype}[${from}] to [${shape}]`,
      })),
    ),
    ...large.map(({ dtype, x }) => ({ params: { shape: [5, 3] }, inputs: [x], note: `large ${dtype}` })),
  ],
  transpose: [
    ...everything.flatMap((dtype) =>
      permutations.map(([shape, permutation]) => ({
        params: { permutation },
        inputs: [sample(shape, dtype)],
        note: `${dtype}[${shape}] by [${permutation}]`,
      })),
    ),
    ...large.map(({ dtype, x }) => ({ params: { permutation: [1, 0] }, inputs: [x], note: `large ${dtype}` })),
  ],
  broadcast: [
    ...everything.flatMap((dtype) =>
      broadcasts.map(([from, axes, shape]) => ({
        params: { axes, shape },
        inputs: [sample(from, dtype)],
        note: `${dtype}[${from}] to [${shape}] on [${axes}]`,
      })),
    ),
    ...large.map(({ dtype, x }) => ({
      params: { axes: [0, 2], shape: [3, 2, 5] },
      inputs: [x],
      note: `large ${dtype}`,
    })),
  ],
  slice: [
    ...everything.flatMap((dtype) =>
      slices.map(([shape, start, limit, strides]) => ({
        params: { start, limit, strides },
        inputs: [sample(shape, dtype)],
        note: `${dtype}[${shape}] from [${start}] to [${limit}] by [${strides}]`,
      })),
    ),
    ...large.map(({ dtype, x }) => ({
      params: { start: [0, 1], limit: [3, 5], strides: [2, 1] },
      inputs: [x],
      note: `large ${dtype}`,
    })),
  ],
  pad: [
    ...everything.flatMap((dtype) =>
      (dtype === "f32" || dtype === "f64" ? [0, -1.5, -Infinity, Number.NaN] : [0, 1]).flatMap((value) =>
        pads.map(([shape, low, high, interior]) => ({
          params: { low, high, interior, value },
          inputs: [sample(shape, dtype)],
          note: `${dtype}[${shape}] by [${low}], [${high}], [${interior}] with ${value}`,
        })),
      ),
    ),
    ...large.map(({ dtype, x }) => ({
      params: { low: [1, 0], high: [0, 2], interior: [1, 0], value: 1 },
      inputs: [x],
      note: `large ${dtype}`,
    })),
  ],
  concat: [
    ...everything.flatMap((dtype) =>
      concats.map(([parts, axis]) => ({
        params: { axis },
        inputs: parts.map((shape, seed) => sample(shape, dtype, { seed })),
        note: `${dtype} ${parts.map((shape) => `[${shape}]`).join(" ")} along ${axis}`,
      })),
    ),
    ...large.map(({ dtype, x }) => ({ params: { axis: 1 }, inputs: [x, x], note: `large ${dtype}` })),
  ],
  reverse: [
    ...everything.flatMap((dtype) =>
      reverses.map(([shape, axes]) => ({
        params: { axes },
        inputs: [sample(shape, dtype)],
        note: `${dtype}[${shape}] along [${axes}]`,
      })),
    ),
    ...large.map(({ dtype, x }) => ({ params: { axes: [1] }, inputs: [x], note: `large ${dtype}` })),
  ],
});
