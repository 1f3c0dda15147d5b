// Cases of reductions, running sums, sorting, gathering and scattering.
import { array, type DType, type HostArray, type Shape } from "@hooke/runtime";
import type { Cases, CaseTable } from "./case.ts";
import { largeIntegers, sample, shapesByRank, specials, ties } from "./samples.ts";

const numeric: readonly DType[] = ["f32", "f64", "i32", "u32"];

const reductions: readonly (readonly [Shape, readonly number[]])[] = [
  [[7], [0]],
  [[1], [0]],
  [[17, 33], [0]],
  [[17, 33], [1]],
  [
    [17, 33],
    [0, 1],
  ],
  [[3, 7, 5], [1]],
  [
    [3, 7, 5],
    [0, 2],
  ],
  [
    [3, 7, 5],
    [1, 2],
  ],
  [
    [2, 3, 4, 5],
    [0, 2],
  ],
  [
    [1, 9, 1],
    [0, 2],
  ],
  [[5, 1], [1]],
  [[3, 5], []],
  [[0, 3], [1]],
  [[1031], [0]],
  [[], []],
  ...shapesByRank.slice(4).map((shape) => [shape, [1, shape.length - 1]] as const),
];

const integers = ["i32", "u32"] as const;

type Reduction = "sum" | "max" | "min";

function reduce(empty: boolean): Cases<Reduction> {
  return numeric.flatMap((dtype) => [
    ...reductions.map(([shape, axes]) => ({
      params: { axes },
      inputs: [sample(shape, dtype)],
      note: `${dtype}[${shape}] over [${axes}]`,
    })),
    { params: { axes: [1] }, inputs: [ties([5, 7], dtype)], note: `ties of ${dtype}` },
    ...(dtype === "i32" || dtype === "u32"
      ? [0, 1].map((axis) => ({
          params: { axes: [axis] },
          inputs: [largeIntegers(axis === 0 ? [4001, 2] : [5, 7], dtype)],
          note: `large ${dtype} over ${axis}`,
        }))
      : []),
    ...(empty ? [{ params: { axes: [0] }, inputs: [sample([0, 3], dtype)], note: `an empty axis of ${dtype}` }] : []),
  ]);
}

/** Each special value alone in its row beside ordinary ones. */
function rowsOfSpecials(dtype: DType) {
  const { data } = specials(dtype);
  const rows = Array.from(data, (value) => [0.5, value, -1, 2]).flat();
  return array(rows, { shape: [data.length, 4], dtype });
}

const special = (axes: readonly number[]): Cases<Reduction> =>
  (["f32", "f64"] as const).map((dtype) => ({
    params: { axes },
    inputs: [rowsOfSpecials(dtype)],
    note: `special values of ${dtype}`,
  }));

const alongAxes: readonly (readonly [Shape, number])[] = [
  [[1], 0],
  [[7], 0],
  [[33], 0],
  [[5, 17], 1],
  [[17, 5], 0],
  [[3, 7, 5], 1],
  [[0, 3], 1],
  [[257], 0],
  ...shapesByRank.slice(4).map((shape) => [shape, shape.length - 3] as const),
];

const largeAlong = (): readonly { readonly inputs: readonly HostArray[]; readonly note: string }[] =>
  integers.map((dtype) => ({ inputs: [largeIntegers([5, 7], dtype)], note: `large ${dtype}` }));

function sorted(): Cases<"sort"> {
  const large = largeAlong().map((entry) => ({ ...entry, params: { axis: 1 } }));
  const all = numeric.flatMap((dtype) => [
    ...alongAxes.map(([shape, axis]) => ({
      params: { axis },
      inputs: [sample(shape, dtype)],
      note: `${dtype}[${shape}] along ${axis}`,
    })),
    { params: { axis: 1 }, inputs: [ties([5, 33], dtype)], note: `ties of ${dtype}` },
    { params: { axis: 0 }, inputs: [specials(dtype)], note: `special values of ${dtype}` },
    { params: { axis: 0 }, inputs: [sample([0, 3], dtype)], note: `an empty axis of ${dtype}` },
  ]);
  return [...all, ...large];
}

type Pick = readonly [shape: Shape, axis: number, indices: readonly number[], indexShape: Shape];
const picks: readonly Pick[] = [
  [[7], 0, [3], []],
  [[7], 0, [6, 0, 0, 3], [4]],
  [[5, 3], 0, [4, 4, 1], [3]],
  [[5, 3], 1, [2, 0, 2, 1], [2, 2]],
  [[2, 5, 3], 1, [0, 4, 2], [3]],
  [[2, 5, 3], 2, [1], [1]],
  [[7], 0, [-1, 7, 2, 2147483647, -2147483648], [5]],
  [[5, 3], 0, [], [0]],
  [[0, 3], 0, [0, 1], [2]],
  ...shapesByRank.slice(4).map((shape): Pick => [shape, 1, [2, 0], [2]]),
];

/** Cases of reductions. */
export const reductionCases = (): CaseTable<Reduction | "argMax" | "cumsum" | "sort" | "argSort"> => ({
  sum: [...reduce(true), ...special([1])],
  max: [...reduce(false), ...special([1])],
  min: [...reduce(false), ...special([1])],
  argMax: [
    ...largeAlong().map((entry) => ({ ...entry, params: { axis: 1 } })),
    ...numeric.flatMap((dtype) => [
      ...alongAxes.map(([shape, axis]) => ({
        params: { axis },
        inputs: [sample(shape, dtype)],
        note: `${dtype}[${shape}] along ${axis}`,
      })),
      { params: { axis: 1 }, inputs: [ties([5, 33], dtype)], note: `ties of ${dtype}` },
      ...(dtype === "f32" || dtype === "f64"
        ? [
            { params: { axis: 1 }, inputs: [rowsOfSpecials(dtype)], note: `special values of ${dtype}` },
            { params: { axis: 0 }, inputs: [array([-Infinity, -Infinity], { dtype })], note: `-Infinity of ${dtype}` },
          ]
        : []),
    ]),
  ],
  cumsum: [
    ...[false, true].flatMap((reverse) =>
      largeAlong().map(({ inputs, note }) => ({ params: { axis: 1, reverse }, inputs, note: `${note}, ${reverse}` })),
    ),
    ...numeric.flatMap((dtype) =>
      [false, true].flatMap((reverse) => [
        ...alongAxes.map(([shape, axis]) => ({
          params: { axis, reverse },
          inputs: [sample(shape, dtype)],
          note: `${dtype}[${shape}] along ${axis}${reverse ? " in reverse" : ""}`,
        })),
        {
          params: { axis: 0, reverse },
          inputs: [sample([0, 3], dtype)],
          note: `an empty axis of ${dtype}, ${reverse}`,
        },
      ]),
    ),
  ],
  sort: sorted(),
  argSort: sorted(),
});

const places = array(Int32Array.of(2, 0, 2, 1));

/** Cases of gathering and scattering. */
export const indexingCases = (): CaseTable<"gather" | "scatterAdd"> => ({
  gather: [
    ...integers.map((dtype) => ({
      params: { axis: 1 },
      inputs: [largeIntegers([5, 7], dtype), places],
      note: `large ${dtype}`,
    })),
    ...([...numeric, "bool"] as const).flatMap((dtype) =>
      picks.map(([shape, axis, indices, indexShape]) => ({
        params: { axis },
        inputs: [sample(shape, dtype), array(Int32Array.from(indices), { shape: indexShape })],
        note: `${dtype}[${shape}] along ${axis} at [${indices}]`,
      })),
    ),
  ],
  scatterAdd: [
    ...integers.map((dtype) => ({
      params: { axis: 1, size: 3 },
      inputs: [places, largeIntegers([5, 4], dtype)],
      note: `large ${dtype}`,
    })),
    ...numeric.flatMap((dtype) =>
      picks.map(([shape, axis, indices, indexShape]) => ({
        params: { axis, size: shape[axis]! },
        inputs: [
          array(Int32Array.from(indices), { shape: indexShape }),
          sample([...shape.slice(0, axis), ...indexShape, ...shape.slice(axis + 1)], dtype),
        ],
        note: `${dtype} into [${shape}] along ${axis} at [${indices}]`,
      })),
    ),
  ],
});
