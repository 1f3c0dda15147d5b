// Rotary positions: queries and keys turned by angles that grow with the position, so that their product sees the difference.
import {
  add,
  array,
  checks,
  concat,
  describe,
  fail,
  type HostArray,
  isFloat,
  mul,
  neg,
  reshape,
  sliceAxis,
  type Tensor,
} from "@hooke/runtime";

/** `position / base^(2 i / size)` for every position and pair of a vector, row by row. */
export function angles(positions: number, size: number, base: number): Float64Array {
  const pairs = Math.ceil(size / 2);
  return Float64Array.from(
    { length: positions * pairs },
    (_, i) => Math.floor(i / pairs) / base ** ((2 * (i % pairs)) / size),
  );
}

/**
 * Turns each pair `(x[2i], x[2i + 1])` of the vector at position `p` by the angle `p / base^(2i / size)`: products of two
 * such vectors depend on their positions only through the difference. Su et al., "RoFormer: enhanced transformer with rotary
 * position embedding", 2021.
 *
 * @param x `[..., positions, size]`, floats, with an even size
 * @param base above 0; default 10,000
 * @throws if the size is odd, on whole numbers, and on a base that is not above 0
 */
export function rotary(x: Tensor, base = 10_000): Tensor {
  const [positions, size] = x.shape.slice(-2) as [number, number];
  if (x.rank < 2 || size % 2 !== 0 || !isFloat(x.dtype)) {
    fail("rotary", `received ${describe(x)}; expected floats [..., positions, size] with an even size.`, "mismatch");
  }
  const wanted = checks.positive(base);
  if (wanted !== undefined) fail("rotary", `received the base ${base}; expected ${wanted}.`);
  const table = (fn: (angle: number) => number): HostArray => {
    const values = angles(positions, size, base).map(fn);
    const doubled = Float64Array.from({ length: positions * size }, (_, i) => values[i >> 1]!);
    return array(doubled, { shape: [positions, size], dtype: x.dtype });
  };
  const pairs = reshape(x, [...x.shape.slice(0, -1), size / 2, 2]);
  const turned = reshape(concat([neg(sliceAxis(pairs, -1, 1, 2)), sliceAxis(pairs, -1, 0, 1)], -1), x.shape);
  return add(mul(x, table(Math.cos)), mul(turned, table(Math.sin)));
}
