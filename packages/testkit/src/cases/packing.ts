// Cases of what packs arrays into fewer bits.
import { array, type DType, type HostArray, type Shape, sizeOf } from "@hooke/runtime";
import type { CaseTable } from "./case.ts";
import { sample, shapesByRank, specials } from "./samples.ts";

const number = new Float32Array(1);
const word = new Uint32Array(number.buffer);
const fromWord = (bits: number): number => {
  word[0] = bits;
  return number[0]!;
};

/** Halfway between two neighbours of bfloat16, beside that, at the end of the range, and NaN of every kind. */
const roundings = array(
  [0x3f808000, 0x3f818000, 0x3f807fff, 0x3f808001, 0x7f7f7fff, 0x7f7f8000, 0xff7fffff, 1].map(fromWord),
);

const arrays = (["f32", "bool"] as const).flatMap((dtype) =>
  [[0], [2], [33], [64], [4099], ...shapesByRank].map((shape) => [`${dtype}[${shape}]`, sample(shape, dtype)] as const),
);

const words = (shape: Shape, dtype: DType): HostArray =>
  sample([Math.ceil(sizeOf(shape) / (dtype === "f32" ? 2 : 32))], "u32", { high: 2 ** 32 - 1 });

/** Cases of packing and unpacking. */
export const packingCases = (): CaseTable<"pack" | "unpack"> => ({
  pack: [...arrays, ["special numbers", specials("f32")] as const, ["numbers to round", roundings] as const].map(
    ([note, x]) => ({ params: {}, inputs: [x], note }),
  ),
  unpack: arrays.map(([note, { shape, dtype }]) => ({
    params: { shape, dtype: dtype as "f32" | "bool" },
    inputs: [words(shape, dtype)],
    note,
  })),
});
