// Pooling over positions: one vector for a sequence, from the positions that count.
import { validSteps } from "@hooke/core";
import { convert, div, maximum, mean, reshape, select, sum, type Tensor } from "@hooke/runtime";

/**
 * The mean over positions, `[batch, positions, width]` to `[batch, width]`; zeros for a sequence of length 0.
 *
 * @param lengths `i32[batch]`, none above the number of positions; default: all positions count
 */
export function meanOverPositions(x: Tensor, lengths: Tensor | undefined): Tensor {
  if (lengths === undefined) return mean(x, { axes: 1 });
  const [batch, positions] = x.shape as [number, number, number];
  const total = sum(select(validSteps(lengths, positions), x, 0), { axes: 1 });
  return div(total, reshape(convert(maximum(lengths, 1), x.dtype), [batch, 1]));
}
