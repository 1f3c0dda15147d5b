// Attention weights: the softmax of scaled products of queries and keys, under masks.
import {
  checkOptions,
  checks,
  describe,
  div,
  equal,
  exp,
  fail,
  isFloat,
  isTensor,
  matmul,
  max,
  mul,
  type OptionTable,
  sameShape,
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
  /** `bool`, true where a key may be attended to, the same for all queries: it broadcasts to `[..., 1, keys]`. Default: all. */
  readonly keyMask?: Tensor | undefined;
  /** Whether a query sees only the keys up to its own position. Default false. */
  readonly causal?: boolean | undefined;
  /** What the products are multiplied by. Default `1 / sqrt(size)`. */
  readonly scale?: number | undefined;
}

export const weightChecks: Required<OptionTable<WeightOptions>>["optional"] = {
  keyMask: (value) => (isTensor(value) ? undefined : "a tensor of booleans"),
  causal: checks.flag,
  scale: checks.finite,
};

/**
 * `softmax(query key^T scale)`, `[..., queries, keys]`: each row sums to 1, or to 0 where nothing may be attended to. Vaswani et
 * al., "Attention is all you need", NeurIPS 2017, equation 1.
 *
 * @param query `[..., queries, size]`
 * @param key `[..., keys, size]`, with the same leading axes
 * @throws if shapes do not fit, or the mask is not the same for all queries; and on wrong options
 */
export function attentionWeights(query: Tensor, key: Tensor, options: WeightOptions = {}): Tensor {
  checkOptions<WeightOptions>("attentionWeights", options, { optional: weightChecks });
  if (!comparable(query, key)) {
    const received = `query ${describe(query)}, key ${describe(key)}`;
    const expected = "floats [..., queries, size], [..., keys, size] with equal leading axes";
    fail("attentionWeights", `received ${received}; expected ${expected}.`, "mismatch");
  }
  checkKeyMask("attentionWeights", query, key, options);
  return weightsOf(query, key, options);
}

/** Whether queries and keys are floats of one type, size and batch. */
export function comparable(query: Tensor, key: Tensor): boolean {
  const lead = ({ shape }: Tensor): readonly number[] => shape.slice(0, -2);
  const alike = query.dtype === key.dtype && query.shape.at(-1) === key.shape.at(-1);
  return query.rank >= 2 && isFloat(query.dtype) && alike && sameShape(lead(query), lead(key));
}

/** @throws unless the mask, if there is one, broadcasts to all queries alike */
export function checkKeyMask(who: string, query: Tensor, key: Tensor, { keyMask }: WeightOptions): void {
  if (keyMask === undefined) return;
  const row = [...query.shape.slice(0, -2), 1, key.shape.at(-2)!];
  const matching = row.slice(row.length - keyMask.rank);
  const fits = keyMask.rank <= row.length && keyMask.shape.every((size, axis) => size === 1 || size === matching[axis]);
  if (keyMask.dtype === "bool" && fits) return;
  const expected = `a bool that broadcasts to [${row.join(", ")}], the same for all queries`;
  fail(
    who,
    `received the keyMask ${describe(keyMask)} for query ${describe(query)}; expected ${expected}.`,
    "mismatch",
  );
}

/**
 * {@link attentionWeights} of what has been checked.
 *
 * @param positions `i32[queries]`, the positions of the queries, where a mask is causal. Default 0, 1, 2, ...
 */
export function weightsOf(query: Tensor, key: Tensor, options: WeightOptions, positions?: Tensor): Tensor {
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
