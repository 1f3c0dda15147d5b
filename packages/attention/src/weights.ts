// Attention weights: the softmax of scaled products of queries and keys, under masks.
import {
  div,
  equal,
  exp,
  matmul,
  max,
  mul,
  select,
  softmax,
  stopGradient,
  sub,
  sum,
  type Tensor,
} from "@hooke/runtime";
import { bothMasks, causalMask } from "./mask.ts";

/** Which keys a query attends to, and how sharply. */
export interface WeightOptions {
  /** `bool`, true where a key may be attended to, the same for all queries: it broadcasts to `[..., 1, keys]`. */
  readonly keyMask?: Tensor | undefined;
  /** Whether a query sees only the keys up to its own position. Default false. */
  readonly causal?: boolean;
  /** What the products are multiplied by. Default `1 / sqrt(size)`. */
  readonly scale?: number;
}

/**
 * `softmax(query key^T scale)`, `[..., queries, keys]`: each row sums to 1, or to 0 where nothing may be attended to.
 *
 * @param query `[..., queries, size]`
 * @param key `[..., keys, size]`
 * @param positions `i32[queries]`, the positions of the queries, where a mask is causal. Default 0, 1, 2, ...
 */
export function attentionWeights(query: Tensor, key: Tensor, options: WeightOptions = {}, positions?: Tensor): Tensor {
  const { keyMask, causal = false, scale = 1 / Math.sqrt(query.shape.at(-1)!) } = options;
  const scores = matmul(mul(query, scale), key, { transposeB: true });
  const past = causal ? causalMask(query.shape.at(-2)!, key.shape.at(-2)!, positions) : undefined;
  const mask = bothMasks(keyMask, past);
  if (mask === undefined) return softmax(scores);
  const allowed = select(mask, scores, -Infinity);
  const highest = stopGradient(max(allowed, { axes: -1, keepDims: true }));
  // The shift only keeps exp in range. A row without any key would shift by -Infinity and divide by zero.
  const exponential = exp(sub(allowed, select(equal(highest, -Infinity), 0, highest)));
  const total = sum(exponential, { axes: -1, keepDims: true });
  return div(exponential, select(equal(total, 0), 1, total));
}
