// Cases of the pooling family.
import { type DType, evaluate, inferOutputs, type PoolParams, type Shape } from "@hooke/runtime";
import type { Cases, CaseTable } from "./case.ts";
import { sample, ties } from "./samples.ts";

const floats = ["f32", "f64"] as const;

interface Pooling {
  readonly note: string;
  readonly x: Shape;
  readonly params: PoolParams;
}

const poolings: readonly Pooling[] = [
  { note: "1-D", x: [2, 9, 3], params: { window: [2], stride: [2], padding: [[0, 0]] } },
  {
    note: "2-D",
    x: [2, 6, 8, 3],
    params: {
      window: [2, 2],
      stride: [2, 2],
      padding: [
        [0, 0],
        [0, 0],
      ],
    },
  },
  {
    note: "2-D overlapping, padded unevenly",
    x: [1, 7, 5, 2],
    params: {
      window: [3, 2],
      stride: [2, 1],
      padding: [
        [1, 2],
        [0, 1],
      ],
    },
  },
  {
    note: "2-D with gaps",
    x: [1, 9, 9, 1],
    params: {
      window: [2, 2],
      stride: [3, 4],
      padding: [
        [0, 0],
        [1, 0],
      ],
    },
  },
  {
    note: "2-D global",
    x: [3, 5, 4, 17],
    params: {
      window: [5, 4],
      stride: [1, 1],
      padding: [
        [0, 0],
        [0, 0],
      ],
    },
  },
  {
    note: "2-D empty batch",
    x: [0, 4, 4, 2],
    params: {
      window: [2, 2],
      stride: [2, 2],
      padding: [
        [0, 0],
        [0, 0],
      ],
    },
  },
  {
    note: "3-D",
    x: [1, 5, 4, 6, 2],
    params: {
      window: [2, 3, 2],
      stride: [1, 2, 2],
      padding: [
        [1, 0],
        [1, 1],
        [0, 0],
      ],
    },
  },
];

type Pooled = Pooling & { readonly dtype: (typeof floats)[number]; readonly y: Shape };

const pooled: readonly Pooled[] = floats.flatMap((dtype) =>
  poolings.map(({ note, x, params }) => {
    const [y] = inferOutputs("maxPool", [{ shape: x, dtype }], params);
    return { note: `${dtype} ${note}`, dtype, x, params, y: y!.shape };
  }),
);

/** All values negative: padding must not win. */
const negative = { low: -5, high: -1 };

function nan(shape: Shape, dtype: DType) {
  const values = sample(shape, dtype);
  for (let i = 0; i < values.data.length; i += 11) values.data[i] = Number.NaN;
  return values;
}

function maxima(): Cases<"maxPool"> {
  return pooled.flatMap(({ note, dtype, x, params }) => [
    { params, inputs: [sample(x, dtype)], note },
    { params, inputs: [sample(x, dtype, negative)], note: `${note}, negative` },
    { params, inputs: [ties(x, dtype)], note: `${note}, ties` },
    { params, inputs: [nan(x, dtype)], note: `${note}, NaN` },
  ]);
}

/** Indices as pooling makes them. */
const indexOf = ({ x, dtype, params }: Pooled) => evaluate("maxPoolIndex", [sample(x, dtype)], params)[0]!;

/** Cases of pooling. */
export const poolingCases = (): CaseTable<
  "maxPool" | "maxPoolIndex" | "poolGather" | "poolScatter" | "sumPool" | "sumPoolTranspose"
> => ({
  maxPool: maxima(),
  maxPoolIndex: maxima(),
  poolGather: pooled.map((entry) => ({
    params: entry.params,
    inputs: [sample(entry.x, entry.dtype), indexOf(entry)],
    note: entry.note,
  })),
  poolScatter: pooled.map((entry) => ({
    params: { ...entry.params, spatial: entry.x.slice(1, -1) },
    inputs: [sample(entry.y, entry.dtype), indexOf(entry)],
    note: entry.note,
  })),
  sumPool: pooled.map(({ note, dtype, x, params }) => ({ params, inputs: [sample(x, dtype)], note })),
  sumPoolTranspose: pooled.map(({ note, dtype, x, y, params }) => ({
    params: { ...params, spatial: x.slice(1, -1) },
    inputs: [sample(y, dtype)],
    note,
  })),
});
