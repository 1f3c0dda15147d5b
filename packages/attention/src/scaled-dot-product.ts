// Scaled dot-product attention: a weighted mean of values, the weights by similarity of queries and keys.
import {
  add,
  bernoulli,
  convert,
  describe,
  fail,
  fold,
  iota,
  type Key,
  matmul,
  mul,
  pad,
  reshape,
  sameShape,
  scan,
  select,
  sliceAxis,
  type Tensor,
  transpose,
} from "@hooke/runtime";
import { attentionWeights, type WeightOptions } from "./weights.ts";

/** Options of {@link scaledDotProduct}. */
export interface ScaledDotProductOptions extends WeightOptions {
  /** Weights become 0 with this probability, and the others larger. Default none. */
  readonly dropout?: { readonly rate: number; readonly key: Key } | undefined;
  /**
   * How many queries are attended with at a time. Where that is fewer than there are, they come block after block, and
   * derivatives compute the weights again instead of keeping them. Default: all of them if there are at most 512 x 512
   * weights to a head, else 64.
   */
  readonly blockSize?: number | undefined;
}

const mostWeights = 512 * 512;

/**
 * `softmax(query key^T / sqrt(size)) value` over the last two axes. Vaswani et al. 2017, equation 1.
 *
 * A query that may attend to no key yields zeros (PyTorch: NaN), and zero derivatives.
 *
 * @param query `[..., queries, size]`
 * @param key `[..., keys, size]`
 * @param value `[..., keys, valueSize]`
 * @returns `[..., queries, valueSize]`
 * @throws if shapes do not fit
 * @example
 * ```ts
 * import { scaledDotProduct } from "@hooke/attention";
 * import { array, referenceBackend, run, type Tensor } from "@hooke/runtime";
 *
 * const attend = (query: Tensor, key: Tensor, value: Tensor) => scaledDotProduct(query, key, value, { causal: true });
 * const same = array([[1], [1]]);
 * const mean = await run(referenceBackend(), attend, same, same, array([[2], [4]]));
 * console.log(mean.data); // Float32Array(2) [ 2, 3 ]
 * ```
 */
export function scaledDotProduct(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  options: ScaledDotProductOptions = {},
): Tensor {
  checkShapes(query, key, value);
  const queries = query.shape.at(-2)!;
  const { blockSize = queries * key.shape.at(-2)! <= mostWeights ? queries : 64, dropout } = options;
  const attend = (rows: Tensor, positions?: Tensor, random = dropout?.key): Tensor => {
    const weights = attentionWeights(rows, key, options, positions);
    return matmul(dropout === undefined ? weights : dropped(weights, dropout.rate, random!), value);
  };
  if (blockSize >= queries) return attend(query);

  const count = Math.ceil(queries / blockSize);
  const offsets = iota([blockSize]);
  const [, results] = scan(
    (_: Record<never, Tensor>, { rows, block }: { readonly rows: Tensor; readonly block: Tensor }) => {
      const positions = add(offsets, mul(block, blockSize));
      return [{}, attend(rows, positions, dropout && fold(dropout.key, convert(block, "u32")))] as const;
    },
    {},
    { rows: toBlocks(query, count, blockSize), block: iota([count]) },
    { recompute: true },
  );
  return sliceAxis(fromBlocks(results), -2, 0, queries);
}

/** `[..., rows, size]` as `[count, ..., blockSize, size]`, for a loop to step along; the last block is filled up with zeros. */
function toBlocks(x: Tensor, count: number, blockSize: number): Tensor {
  const lead = x.shape.slice(0, -2);
  const [rows, size] = x.shape.slice(-2) as [number, number];
  const none = lead.map(() => 0);
  const filled = pad(x, [...none, 0, 0], [...none, count * blockSize - rows, 0]);
  const split = reshape(filled, [...lead, count, blockSize, size]);
  return transpose(split, [lead.length, ...lead.keys(), lead.length + 1, lead.length + 2]);
}

/** `[count, ..., blockSize, size]` as `[..., count * blockSize, size]`. */
function fromBlocks(x: Tensor): Tensor {
  const [count, ...lead] = x.shape.slice(0, -2) as [number, ...number[]];
  const [blockSize, size] = x.shape.slice(-2) as [number, number];
  const order = [...lead.map((_, axis) => axis + 1), 0, lead.length + 1, lead.length + 2];
  return reshape(transpose(x, order), [...lead, count * blockSize, size]);
}

const dropped = (weights: Tensor, rate: number, key: Key): Tensor =>
  select(bernoulli(key, 1 - rate, weights.shape), mul(weights, 1 / (1 - rate)), 0);

function checkShapes(query: Tensor, key: Tensor, value: Tensor): void {
  const lead = ({ shape }: Tensor): readonly number[] => shape.slice(0, -2);
  const fit =
    query.rank >= 2 &&
    sameShape(lead(query), lead(key)) &&
    sameShape(lead(key), lead(value)) &&
    query.shape.at(-1) === key.shape.at(-1) &&
    key.shape.at(-2) === value.shape.at(-2);
  if (fit) return;
  fail(
    "scaledDotProduct",
    `received query ${describe(query)}, key ${describe(key)}, value ${describe(value)}; ` +
      "expected [..., queries, size], [..., keys, size], [..., keys, valueSize] with equal leading axes.",
  );
}
