// Rotary positions: queries and keys turned by angles that grow with the position, so that their product sees the difference.
import {
  add,
  array,
  type Check,
  checkArgument,
  checkOptions,
  checks,
  concat,
  describe,
  fail,
  type HostArray,
  isFloat,
  mul,
  neg,
  type OptionTable,
  reshape,
  sliceAxis,
  type Tensor,
} from "@hooke/runtime";
import { tensorCheck } from "../mask.ts";

/** `position / base^(2 i / size)` for every position and pair of a vector, row by row. */
export function angles(positions: number, size: number, base: number): Float64Array {
  const pairs = Math.ceil(size / 2);
  return Float64Array.from(
    { length: positions * pairs },
    (_, i) => Math.floor(i / pairs) / base ** ((2 * (i % pairs)) / size),
  );
}

/** Options of {@link rotary}. */
export interface RotaryOptions {
  /**
   * Which numbers of a vector are pairs: neighbours, `x[2i]` and `x[2i + 1]`, as in RoFormer and GPT-J, or those a half apart, `x[i]` and
   * `x[i + size / 2]`, as in GPT-NeoX and Llama. Weights trained for one are wrong for the other. Default `"neighbours"`.
   */
  readonly layout?: "neighbours" | "halves";
  /** Above 0. Default 10,000. */
  readonly base?: number;
  /**
   * What positions are multiplied by: 0.25 lets a model see four times the positions it was trained on (Chen et al., "Extending context
   * window of large language models via positional interpolation", 2023). Default 1.
   */
  readonly scale?: number;
}

const options: OptionTable<RotaryOptions> = {
  optional: {
    layout: (value) => checks.oneOf(value, ["neighbours", "halves"]),
    base: checks.positive,
    scale: checks.positive,
  },
};

/** Expects whether positions are rotary, or how. @throws on wrong options */
export const rotaryCheck: Check = (value) => {
  if (typeof value === "boolean") return undefined;
  if (typeof value !== "object" || value === null) return "true, false, or options of rotary positions";
  checkOptions<RotaryOptions>("rotary", value, options);
  return undefined;
};

/**
 * Turns pair `i` of the vector at position `p` by the angle `p scale / base^(2i / size)`: products of two such vectors depend on their
 * positions only through the difference. Su et al., "RoFormer: enhanced transformer with rotary position embedding", 2021.
 *
 * @param x `[..., positions, size]`, floats, with an even size
 * @throws if the size is odd, on whole numbers, and on wrong options
 */
export function rotary(x: Tensor, given: RotaryOptions = {}): Tensor {
  checkArgument("rotary", "the vectors", x, tensorCheck);
  const [positions, size] = x.shape.slice(-2) as [number, number];
  if (x.rank < 2 || size % 2 !== 0 || !isFloat(x.dtype)) {
    fail("rotary", `received ${describe(x)}; expected floats [..., positions, size] with an even size.`, "mismatch");
  }
  checkOptions<RotaryOptions>("rotary", given, options);
  const { layout = "neighbours", base = 10_000, scale = 1 } = given;
  const half = size / 2;
  const pairOf = (i: number): number => (layout === "halves" ? i % half : i >> 1);
  const turns = angles(positions, size, base);
  const table = (fn: (angle: number) => number): HostArray => {
    const values = Float64Array.from({ length: positions * size }, (_, i) => {
      return fn(scale * turns[Math.floor(i / size) * half + pairOf(i % size)]!);
    });
    return array(values, { shape: [positions, size], dtype: x.dtype });
  };
  return add(mul(x, table(Math.cos)), mul(quarterTurn(x, layout), table(Math.sin)));
}

/** `(a, b)` of every pair as `(-b, a)`. */
function quarterTurn(x: Tensor, layout: "neighbours" | "halves"): Tensor {
  const size = x.shape.at(-1)!;
  const swapped = (pairs: Tensor, length: number): Tensor =>
    concat([neg(sliceAxis(pairs, -1, length, 2 * length)), sliceAxis(pairs, -1, 0, length)], -1);
  if (layout === "halves") return swapped(x, size / 2);
  return reshape(swapped(reshape(x, [...x.shape.slice(0, -1), size / 2, 2]), 1), x.shape);
}
