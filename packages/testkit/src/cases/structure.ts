// Cases of the structural primitives.
import type { DType, Shape } from "@hooke/runtime";
import type { CaseTable } from "./case.ts";
import { sample } from "./samples.ts";

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
];

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
];

/** Cases of the structural primitives. */
export const structureCases = (): CaseTable<
  "reshape" | "transpose" | "broadcast" | "slice" | "pad" | "concat" | "reverse"
> => ({
  reshape: everything.flatMap((dtype) =>
    reshapes.map(([from, shape]) => ({
      params: { shape },
      inputs: [sample(from, dtype)],
      note: `${dtype}[${from}] to [${shape}]`,
    })),
  ),
  transpose: everything.flatMap((dtype) =>
    permutations.map(([shape, permutation]) => ({
      params: { permutation },
      inputs: [sample(shape, dtype)],
      note: `${dtype}[${shape}] by [${permutation}]`,
    })),
  ),
  broadcast: everything.flatMap((dtype) =>
    broadcasts.map(([from, axes, shape]) => ({
      params: { axes, shape },
      inputs: [sample(from, dtype)],
      note: `${dtype}[${from}] to [${shape}] on [${axes}]`,
    })),
  ),
  slice: everything.flatMap((dtype) =>
    slices.map(([shape, start, limit, strides]) => ({
      params: { start, limit, strides },
      inputs: [sample(shape, dtype)],
      note: `${dtype}[${shape}] from [${start}] to [${limit}] by [${strides}]`,
    })),
  ),
  pad: everything.flatMap((dtype) =>
    (dtype === "f32" || dtype === "f64" ? [0, -1.5, -Infinity, Number.NaN] : [0, 1]).flatMap((value) =>
      pads.map(([shape, low, high, interior]) => ({
        params: { low, high, interior, value },
        inputs: [sample(shape, dtype)],
        note: `${dtype}[${shape}] by [${low}], [${high}], [${interior}] with ${value}`,
      })),
    ),
  ),
  concat: everything.flatMap((dtype) =>
    concats.map(([parts, axis]) => ({
      params: { axis },
      inputs: parts.map((shape, seed) => sample(shape, dtype, { seed })),
      note: `${dtype} ${parts.map((shape) => `[${shape}]`).join(" ")} along ${axis}`,
    })),
  ),
  reverse: everything.flatMap((dtype) =>
    reverses.map(([shape, axes]) => ({
      params: { axes },
      inputs: [sample(shape, dtype)],
      note: `${dtype}[${shape}] along [${axes}]`,
    })),
  ),
});
