// Single-head attention: queries, keys and values by three linear maps, and nothing after them.
import { checkSequence, defineLayer, dense, sequenceLengths } from "@hooke/core";
import { checks } from "@hooke/runtime";
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
 * `[batch, positions, units]`. By default not causal, without biases. Vaswani et al., "Attention is all you need", NeurIPS 2017.
 *
 * The extra `lengths i32[batch]`, if given, hides the positions from there on. What stands there has to be finite: a weight of 0
 * times NaN is NaN. Reports `weights [batch, positions, positions]`, see {@link attentionWeightsOf}.
 *
 * Parameters: `query.kernel`, `key.kernel`, `value.kernel`, each `[features, units]` from `glorotUniform`, and their biases,
 * from 0.
 *
 * @throws on anything but sequences of floats, and on lengths that are not one for each row
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
    checkSequence(x, "[batch, positions, features]");
    const known = sequenceLengths(lengths, x);
    const mask = known && paddingMask(known, x.shape[1]!, 3);
    const [query, key] = [children.query(x), children.key(x)];
    report("weights", attentionWeights(query, key, { keyMask: mask, causal }));
    return scaledDotProduct(query, key, children.value(x), { keyMask: mask, causal, blockSize });
  },
});
