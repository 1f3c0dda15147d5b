// Scaled dot-product attention: a weighted mean of values, the weights by similarity of queries and keys.
import type { RowDraw } from "@hooke/core";
import {
  add,
  bernoulli,
  type Check,
  checkArgument,
  checkOptions,
  checks,
  convert,
  describe,
  fail,
  fold,
  iota,
  isTensor,
  type Key,
  matmul,
  mul,
  type OptionTable,
  pad,
  reshape,
  type Shape,
  sameShape,
  scan,
  select,
  sliceAxis,
  type Tensor,
  transpose,
} from "@hooke/runtime";
import { tensorCheck } from "./mask.ts";
import { checkMasks, comparable, type WeightOptions, weightChecks, weightsOf } from "./weights.ts";

/** Which weights become 0, and by which random numbers. */
export interface WeightDropout {
  /** Probability that a weight becomes 0, in [0, 1); the others are divided by `1 - rate`. */
  readonly rate: number;
  /** A key, or what draws for the rows of a batch: `rowRng` of a layer. */
  readonly key: Key | RowDraw;
}

/** Options of {@link scaledDotProduct}. */
export interface ScaledDotProductOptions extends WeightOptions {
  /** Default none. */
  readonly dropout?: WeightDropout | undefined;
  /**
   * How many queries are attended with at a time. Where that is fewer than there are, they come block after block, and
   * derivatives compute the weights again instead of keeping them. Default: all of them if there are at most 512 x 512
   * weights to a head, else 64.
   */
  readonly blockSize?: number | undefined;
}

const mostWeights = 512 * 512;

const keyCheck: Check = (value) =>
  isTensor(value) || typeof value === "function" ? undefined : "a random key, or rowRng(name) of a layer";

const dropoutOptions: OptionTable<WeightDropout> = {
  required: { rate: checks.fraction, key: keyCheck },
};

const options: OptionTable<ScaledDotProductOptions> = {
  optional: {
    ...weightChecks,
    dropout: (value) => {
      checkOptions<WeightDropout>("dropout of weights", value, dropoutOptions);
      return undefined;
    },
    blockSize: checks.count,
  },
};

/**
 * `softmax(query key^T / sqrt(size)) value` over the last two axes. Vaswani et al., "Attention is all you need", NeurIPS 2017,
 * equation 1; in blocks as in Rabe and Staats, "Self-attention does not need O(n^2) memory", 2021.
 *
 * A query that may attend to no key yields zeros (PyTorch: NaN), and zero derivatives.
 *
 * @param query `[..., queries, size]`
 * @param key `[..., keys, size]`
 * @param value `[..., keys, valueSize]`
 * @returns `[..., queries, valueSize]`
 * @throws if shapes do not fit, or the keyMask is not the same for all queries; and on wrong options
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
  given: ScaledDotProductOptions = {},
): Tensor {
  checkOptions<ScaledDotProductOptions>("scaledDotProduct", given, options);
  for (const [name, rows] of Object.entries({ query, key, value })) {
    checkArgument("scaledDotProduct", `the ${name}`, rows, tensorCheck);
  }
  checkShapes(query, key, value);
  checkMasks("scaledDotProduct", query, key, given);
  const queries = query.shape.at(-2)!;
  const { blockSize = queries * key.shape.at(-2)! <= mostWeights ? queries : 64, dropout } = given;
  const attend = (rows: Tensor, options: WeightOptions, positions?: Tensor, block?: Tensor): Tensor => {
    const weights = weightsOf(rows, key, options, positions);
    return matmul(dropout === undefined ? weights : dropped(weights, dropout, block), value);
  };
  if (blockSize >= queries) return attend(query, given);

  const count = Math.ceil(queries / blockSize);
  const offsets = iota([blockSize]);
  // A mask or a bias with a row for each query comes in blocks, too; one that all queries share stays whole.
  const { mask, bias } = given;
  const rowwise = (x: Tensor | undefined) => x !== undefined && x.rank >= 2 && x.shape.at(-2) !== 1;
  const blocked = (x: Tensor): Tensor => toBlocks(x, count, blockSize);
  const parts: { readonly rows: Tensor; readonly block: Tensor; readonly mask?: Tensor; readonly bias?: Tensor } = {
    rows: blocked(query),
    block: iota([count]),
    ...(rowwise(mask) && { mask: blocked(mask!) }),
    ...(rowwise(bias) && { bias: blocked(bias!) }),
  };
  const [, results] = scan(
    (_: Record<never, Tensor>, { rows, block, ...own }: typeof parts) => {
      const positions = add(offsets, mul(block, blockSize));
      return [{}, attend(rows, { ...given, ...own }, positions, dropout && convert(block, "u32"))] as const;
    },
    {},
    parts,
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

/** @param block its number, where blocks of queries draw for themselves */
function dropped(weights: Tensor, { rate, key: random }: WeightDropout, block?: Tensor): Tensor {
  const draw = (key: Key, shape: Shape): Tensor => bernoulli(block ? fold(key, block) : key, 1 - rate, shape);
  const kept = isTensor(random) ? draw(random, weights.shape) : random(weights.shape, draw);
  return select(kept, mul(weights, 1 / (1 - rate)), 0);
}

function checkShapes(query: Tensor, key: Tensor, value: Tensor): void {
  const paired =
    value.dtype === key.dtype && value.rank === key.rank && sameShape(value.shape.slice(0, -1), key.shape.slice(0, -1));
  if (comparable(query, key) && paired) return;
  fail(
    "scaledDotProduct",
    `received query ${describe(query)}, key ${describe(key)}, value ${describe(value)}; expected floats ` +
      "[..., queries, size], [..., keys, size], [..., keys, valueSize] with equal leading axes.",
    "mismatch",
  );
}
