// Cases of the primitives that create arrays.
import { array, type DType, randomKey } from "@hooke/runtime";
import type { Cases, CaseTable } from "./case.ts";
import { sample, shapesByRank, specials } from "./samples.ts";

const everything: readonly DType[] = ["f32", "f64", "i32", "u32", "bool"];

const keys = [randomKey(0), randomKey(2 ** 53 - 1), array(Uint32Array.of(0xffffffff, 0xffffffff))];

const fulls: Cases<"full"> = everything.flatMap((dtype) =>
  (dtype === "f32" || dtype === "f64" ? [0.1, -0, Number.NaN, -Infinity] : dtype === "i32" ? [-7] : [1]).flatMap(
    (value) =>
      [[0], [33], ...shapesByRank].map((shape) => ({
        params: { value, shape, dtype },
        inputs: [],
        note: `${value} as ${dtype}[${shape}]`,
      })),
  ),
);

/** Cases of the primitives that make arrays of nothing but parameters or a key. */
export const creationCases = (): CaseTable<"full" | "constant" | "iota" | "randomBits" | "foldKey"> => ({
  full: fulls,
  constant: everything.flatMap((dtype) =>
    [specials(dtype), sample([0, 2], dtype), ...shapesByRank.map((shape) => sample(shape, dtype))].map((value) => ({
      params: { value },
      inputs: [],
      note: `${dtype}[${value.shape}]`,
    })),
  ),
  iota: (["f32", "f64", "i32", "u32"] as const).flatMap((dtype) =>
    (
      [
        [[7], 0],
        [[3, 5], 0],
        [[3, 5], 1],
        [[2, 3, 4], 1],
        [[0, 2], 1],
        ...shapesByRank.slice(3).map((shape) => [shape, shape.length - 2] as const),
      ] as const
    ).map(([shape, axis]) => ({
      params: { shape, axis, dtype },
      inputs: [],
      note: `${dtype}[${shape}] along ${axis}`,
    })),
  ),
  randomBits: keys.flatMap((key, i) =>
    ([[], [0], [1], [2], [7], [33], [3, 5], [4099]] as const).map((shape) => ({
      params: { shape },
      inputs: [key],
      note: `[${shape}] of key ${i}`,
    })),
  ),
  foldKey: keys.flatMap((key, i) =>
    [0, 1, 4294967295].map((data) => ({
      params: {},
      inputs: [key, array(Uint32Array.of(data), { shape: [] })],
      note: `${data} into key ${i}`,
    })),
  ),
});
