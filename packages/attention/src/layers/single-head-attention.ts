// Single-head attention: queries, keys and values by three linear maps, and nothing after them.
import { checks, defineLayer, dense } from "@hooke/core";
import { describe, HookeError } from "@hooke/runtime";
import { paddingMask } from "../mask.ts";
import { scaledDotProduct } from "../scaled-dot-product.ts";
import { attentionWeights } from "../weights.ts";

/** Options of {@link singleHeadAttention}. */
export interface SingleHeadAttentionConfig {
  /** Size of queries, keys and values, and of the output. */
  readonly units: number;
  /** Whether a position sees only itself and those before it. Default false. */
  readonly causal?: boolean;
  /** Whether the three maps have biases. Default false. */
  readonly bias?: boolean;
  /** Queries per block; see {@link ScaledDotProductOptions}. Default: chosen by the lengths. */
  readonly blockSize?: number;
}

/**
 * `softmax(Q K^T / sqrt(units)) V` with `Q = x W_Q`, `K = x W_K`, `V = x W_V`: `[batch, positions, features]` to
 * `[batch, positions, units]`. Vaswani et al. 2017.
 *
 * The extra `lengths i32[batch]`, if given, hides the positions from there on. Reports `weights [batch, positions, positions]`.
 *
 * Parameters: `query.kernel`, `key.kernel`, `value.kernel`, each `[features, units]`, and their biases.
 */
export const singleHeadAttention = /* @__PURE__ */ defineLayer({
  type: "singleHeadAttention",
  options: {
    required: { units: checks.count },
    optional: { causal: checks.flag, bias: checks.flag, blockSize: checks.count },
  },
  children: ({ units, bias = false }: SingleHeadAttentionConfig) => {
    const map = dense({ units, bias, kernelInitializer: "glorotUniform", biasInitializer: "zeros" });
    return { query: map, key: map, value: map };
  },
  apply: ({ config: { causal = false, blockSize }, children, extras: { lengths }, report }, x) => {
    if (x.rank !== 3) throw new HookeError(`expected [batch, positions, features], received ${describe(x)}.`);
    const mask = lengths && paddingMask(lengths, x.shape[1]!, 3);
    const [query, key] = [children.query(x), children.key(x)];
    report("weights", attentionWeights(query, key, { keyMask: mask, causal }));
    return scaledDotProduct(query, key, children.value(x), { keyMask: mask, causal, blockSize });
  },
});
