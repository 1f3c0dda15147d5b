// Packing: arrays in fewer bits than they are computed in.
import type { Shape } from "../array.ts";
import { type Packed, packing } from "../primitives/packing.ts";
import { emit } from "../record.ts";
import type { Tensor } from "../tensor.ts";

/**
 * An array in fewer bits: `f32` rounded to bfloat16, two in a word, or `bool`, 32 in a word. bfloat16 has the range of `f32` and 8 bits
 * of its digits: what is finite stays so, but for the last 0.2 % of the range, which rounds to infinity.
 *
 * @returns `u32[words]`, for {@link unpack}
 * @throws on other dtypes; on being differentiated
 */
export const pack = (x: Tensor): Tensor => emit(packing, "pack", [x], {})[0]!;

/** The array of a shape and dtype that {@link pack} made words of, as it was rounded. @throws where the words are not as many */
export const unpack = (words: Tensor, shape: Shape, dtype: Packed): Tensor =>
  emit(packing, "unpack", [words], { shape, dtype })[0]!;
