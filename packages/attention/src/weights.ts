// Attention weights: the softmax of scaled products of queries and keys, under masks.
import {
  add,
  checkArgument,
  checkOptions,
  checks,
  type DType,
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
import { bothMasks, causalMask, tensorCheck } from "./mask.ts";

/** Which keys a query attends to, and how sharply. */
export interface WeightOptions {
  /** `bool`, true where a key may be attended to, the same for all queries: it broadcasts to `[..., 1, keys]`. Default: all. */
  readonly keyMask?: Tensor | undefined;
  /** `bool`, true where a query may attend to a key: it broadcasts to `[..., queries, keys]`. Default: everywhere. */
  readonly mask?: Tensor | undefined;
  /**
   * Added to the scaled products, whose dtype it has: it broadcasts to `[..., queries, keys]`. -Infinity hides as a mask does.
   * Default: nothing.
   */
  readonly bias?: Tensor | undefined;
  /** Whether a query sees only the keys up to its own position. Default false. */
  readonly causal?: boolean | undefined;
  /** What the products are multiplied by. Default `1 / sqrt(size)`. */
  readonly scale?: number | undefined;
}

export const weightChecks: Required<OptionTable<WeightOptions>>["optional"] = {
  keyMask: (value) => (isTensor(value) ? undefined : "a tensor of booleans"),
  mask: (value) => (isTensor(value) ? undefined : "a tensor of booleans"),
  bias: (value) => (isTensor(value) ? undefined : "a tensor"),
  causal: checks.flag,
  scale: checks.finite,
};

/**
 * `softmax(query key^T scale)`, `[..., queries, keys]`: each row sums to 1, or to 0 where nothing may be attended to. Vaswani et
 * al., "Attention is all you need", NeurIPS 2017, equation 1.
 *
 * @param query `[..., queries, size]`
 * @param key `[..., keys, size]`, with the same leading axes
 * @throws if shapes do not fit, or the keyMask is not the same for all queries; and on wrong options
 */
export function attentionWeights(query: Tensor, key: Tensor, options: WeightOptions = {}): Tensor {
  checkOptions<WeightOptions>("attentionWeights", options, { optional: weightChecks });
  for (const [name, rows] of Object.entries({ query, key }))
    checkArgument("attentionWeights", `the ${name}`, rows, tensorCheck);
  if (!comparable(query, key)) {
    const received = `query ${describe(query)}, key ${describe(key)}`;
    const expected = "floats [..., queries, size], [..., keys, size] with equal leading axes";
    fail("attentionWeights", `received ${received}; expected ${expected}.`, "mismatch");
  }
  checkMasks("attentionWeights", query, key, options);
  return weightsOf(query, key, options);
}

/** Whether queries and keys are floats of one type, size and batch. */
export function comparable(query: Tensor, key: Tensor): boolean {
  const lead = ({ shape }: Tensor): readonly number[] => shape.slice(0, -2);
  const alike = query.dtype === key.dtype && query.shape.at(-1) === key.shape.at(-1);
  return query.rank >= 2 && isFloat(query.dtype) && alike && sameShape(lead(query), lead(key));
}

/** @throws unless masks and bias, where given, broadcast to the weights, and the keyMask to all queries alike */
export function checkMasks(who: string, query: Tensor, key: Tensor, { keyMask, mask, bias }: WeightOptions): void {
  const lead = query.shape.slice(0, -2);
  const [queries, keys] = [query.shape.at(-2)!, key.shape.at(-2)!];
  const check = (name: string, given: Tensor | undefined, dtype: DType, rows: number, note: string): void => {
    if (given === undefined) return;
    const full = [...lead, rows, keys];
    const matching = full.slice(full.length - given.rank);
    const fits = given.rank <= full.length && given.shape.every((size, axis) => size === 1 || size === matching[axis]);
    if (given.dtype === dtype && fits) return;
    const received = `the ${name} ${describe(given)} for query ${describe(query)}`;
    const expected = `a ${dtype} that broadcasts to [${full.join(", ")}]${note}`;
    fail(who, `received ${received}; expected ${expected}.`, "mismatch");
  };
  check("keyMask", keyMask, "bool", 1, ", the same for all queries");
  check("mask", mask, "bool", queries, "");
  check("bias", bias, query.dtype, queries, "");
}

/**
 * {@link attentionWeights} of what has been checked.
 *
 * @param positions `i32[queries]`, the positions of the queries, where a mask is causal. Default 0, 1, 2, ...
 */
export function weightsOf(query: Tensor, key: Tensor, options: WeightOptions, positions?: Tensor): Tensor {
  const { keyMask, mask, bias, causal = false, scale = 1 / Math.sqrt(query.shape.at(-1)!) } = options;
  const products = matmul(mul(query, scale), key, { transposeB: true });
  const scores = bias === undefined ? products : add(products, bias);
  const past = causal ? causalMask(query.shape.at(-2)!, key.shape.at(-2)!, positions) : undefined;
  const visible = bothMasks(bothMasks(keyMask, mask), past);
  if (visible === undefined && bias === undefined) return softmax(scores);
  const allowed = visible === undefined ? scores : select(visible, scores, -Infinity);
  const highest = stopGradient(max(allowed, { axes: -1, keepDims: true }));
  // The shift only keeps exp in range. A row without any key would shift by -Infinity and divide by zero.
  const exponential = exp(sub(allowed, select(equal(highest, -Infinity), 0, highest)));
  const total = sum(exponential, { axes: -1, keepDims: true });
  return div(exponential, select(equal(total, 0), 1, total));
}
