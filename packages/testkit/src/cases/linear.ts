// Cases of the matrix product and of the convolution trio.
import { array, type ConvParams, type DType, inferOutputs, type Shape } from "@hooke/runtime";
import type { Cases, CaseTable } from "./case.ts";
import { sample } from "./samples.ts";

const floats = ["f32", "f64"] as const;

type Product = readonly [batch: Shape, rows: number, inner: number, columns: number];
const products: readonly Product[] = [
  [[], 1, 1, 1],
  [[], 3, 5, 7],
  [[], 17, 33, 9],
  [[], 64, 10, 64],
  [[], 1, 33, 1],
  [[], 33, 1, 17],
  [[], 5, 0, 3],
  [[], 0, 3, 4],
  [[], 70, 67, 65],
  [[3], 4, 5, 6],
  [[2, 3], 7, 2, 5],
  [[0], 2, 3, 4],
  [[2, 1, 3], 2, 3, 5],
  [[2, 1, 2, 1], 3, 1, 5],
];

const dots: Cases<"dot"> = floats.flatMap((dtype) =>
  products.flatMap(([batch, rows, inner, columns]) =>
    [false, true].flatMap((transposeA) =>
      [false, true].map((transposeB) => ({
        params: { transposeA, transposeB },
        inputs: [
          sample([...batch, ...(transposeA ? [inner, rows] : [rows, inner])], dtype),
          sample([...batch, ...(transposeB ? [columns, inner] : [inner, columns])], dtype, { seed: 2 }),
        ],
        note: `${dtype} [${batch}] ${rows}x${inner}x${columns}${transposeA ? " Aᵀ" : ""}${transposeB ? " Bᵀ" : ""}`,
      })),
    ),
  ),
);

interface Convolution {
  readonly note: string;
  readonly x: Shape;
  readonly kernel: Shape;
  readonly params: Partial<ConvParams>;
}

const convolutions: readonly Convolution[] = [
  { note: "1-D", x: [2, 9, 3], kernel: [3, 3, 4], params: {} },
  {
    note: "1-D strided, dilated, padded to one side",
    x: [1, 17, 2],
    kernel: [3, 2, 5],
    params: { stride: [2], dilation: [3], padding: [[4, 0]] },
  },
  { note: "2-D", x: [2, 7, 6, 3], kernel: [3, 3, 3, 8], params: {} },
  { note: "2-D, window 1", x: [3, 5, 5, 7], kernel: [1, 1, 7, 9], params: {} },
  {
    note: "2-D padded alike",
    x: [1, 8, 8, 4],
    kernel: [3, 3, 4, 4],
    params: {
      padding: [
        [1, 1],
        [1, 1],
      ],
    },
  },
  {
    note: "2-D padded unevenly",
    x: [2, 5, 7, 1],
    kernel: [2, 4, 1, 3],
    params: {
      padding: [
        [1, 0],
        [2, 3],
      ],
    },
  },
  { note: "2-D strided past the end", x: [1, 8, 7, 2], kernel: [3, 2, 2, 3], params: { stride: [2, 3] } },
  {
    note: "2-D dilated",
    x: [1, 9, 9, 2],
    kernel: [3, 2, 2, 3],
    params: {
      dilation: [2, 3],
      padding: [
        [1, 1],
        [0, 0],
      ],
    },
  },
  {
    note: "2-D strided and dilated",
    x: [2, 9, 11, 2],
    kernel: [2, 3, 2, 3],
    params: {
      stride: [2, 2],
      dilation: [3, 2],
      padding: [
        [2, 1],
        [1, 2],
      ],
    },
  },
  {
    note: "2-D in groups",
    x: [2, 6, 5, 6],
    kernel: [3, 2, 3, 4],
    params: {
      groups: 2,
      padding: [
        [1, 1],
        [0, 1],
      ],
    },
  },
  {
    note: "2-D depthwise, two filters each",
    x: [1, 6, 6, 5],
    kernel: [3, 3, 1, 10],
    params: { groups: 5, stride: [2, 1] },
  },
  {
    note: "2-D window larger than the input",
    x: [1, 2, 3, 1],
    kernel: [4, 5, 1, 2],
    params: {
      padding: [
        [1, 1],
        [1, 1],
      ],
    },
  },
  { note: "2-D empty batch", x: [0, 5, 5, 2], kernel: [3, 3, 2, 3], params: {} },
  {
    note: "3-D",
    x: [1, 5, 4, 6, 2],
    kernel: [2, 3, 2, 2, 3],
    params: {
      stride: [1, 1, 2],
      padding: [
        [0, 1],
        [1, 1],
        [0, 0],
      ],
    },
  },
  {
    note: "3-D dilated in groups",
    x: [2, 5, 5, 5, 4],
    kernel: [2, 1, 2, 2, 2],
    params: { groups: 2, dilation: [2, 1, 3] },
  },
];

interface Convolved {
  readonly note: string;
  readonly dtype: DType;
  readonly x: Shape;
  readonly kernel: Shape;
  readonly y: Shape;
  readonly params: ConvParams;
}

const convolved: readonly Convolved[] = floats.flatMap((dtype) =>
  convolutions.map(({ note, x, kernel, params }) => {
    const ones = kernel.slice(2).map(() => 1);
    const all: ConvParams = {
      stride: ones,
      dilation: ones,
      padding: ones.map((): [number, number] => [0, 0]),
      groups: 1,
      ...params,
    };
    const [y] = inferOutputs(
      "conv",
      [
        { shape: x, dtype },
        { shape: kernel, dtype },
      ],
      all,
    );
    return { note: `${dtype} ${note}`, dtype, x, kernel, y: y!.shape, params: all };
  }),
);

/** Cases of the matrix product and of convolution. */
export const linearCases = (): CaseTable<"dot" | "conv" | "convInputGradient" | "convKernelGradient"> => ({
  dot: [
    ...dots,
    ...floats.map((dtype) => ({
      params: { transposeA: false, transposeB: false },
      inputs: [
        array(
          [
            [Number.NaN, 1],
            [Infinity, 2],
            [3, 4],
          ],
          { dtype },
        ),
        array(
          [
            [0, 1],
            [1, 2],
          ],
          { dtype },
        ),
      ],
      note: `${dtype} with NaN and Infinity`,
    })),
  ],
  conv: convolved.map(({ note, dtype, x, kernel, params }) => ({
    params,
    inputs: [sample(x, dtype), sample(kernel, dtype, { seed: 2 })],
    note,
  })),
  convInputGradient: convolved.map(({ note, dtype, x, kernel, y, params }) => ({
    params: { ...params, spatial: x.slice(1, -1) },
    inputs: [sample(y, dtype), sample(kernel, dtype, { seed: 2 })],
    note,
  })),
  convKernelGradient: convolved.map(({ note, dtype, x, kernel, y, params }) => ({
    params: { ...params, spatial: kernel.slice(0, -2) },
    inputs: [sample(x, dtype), sample(y, dtype, { seed: 2 })],
    note,
  })),
});
