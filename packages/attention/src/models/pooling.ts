// Pooling over positions: one vector for a sequence, from the positions that count.
import {
  add,
  convert,
  div,
  gather,
  greater,
  iota,
  less,
  maximum,
  mean,
  mul,
  reshape,
  select,
  sliceAxis,
  sub,
  sum,
  type Tensor,
} from "@hooke/runtime";

/**
 * The mean over positions, `[batch, positions, width]` to `[batch, width]`; zeros for a sequence of length 0.
 *
 * @param lengths `i32[batch]`; default: all positions count
 */
export function meanOverPositions(x: Tensor, lengths: Tensor | undefined): Tensor {
  if (lengths === undefined) return mean(x, { axes: 1 });
  const [batch, positions] = x.shape as [number, number, number];
  const counts = less(iota([1, positions, 1], 1), reshape(lengths, [batch, 1, 1]));
  const total = sum(select(counts, x, 0), { axes: 1 });
  return div(total, reshape(convert(maximum(lengths, 1), x.dtype), [batch, 1]));
}

/** The last position that counts, `[batch, positions, width]` to `[batch, width]`; zeros for a sequence of length 0. */
export function lastPosition(x: Tensor, lengths: Tensor | undefined): Tensor {
  const [batch, positions, width] = x.shape as [number, number, number];
  if (lengths === undefined) return reshape(sliceAxis(x, 1, positions - 1, positions), [batch, width]);
  const row = add(mul(iota([batch]), positions), sub(lengths, 1));
  // What is out of range reads 0.
  return gather(reshape(x, [batch * positions, width]), select(greater(lengths, 0), row, -1));
}
