// What the Transformer blocks share: their options, and the feed-forward part.
import { type Activation, activationCheck, dense, dropout, layerNorm, sequential } from "@hooke/core";
import { checks, type OptionTable } from "@hooke/runtime";
import { multiHeadAttention } from "../layers/multi-head-attention.ts";
import { type RotaryOptions, rotaryCheck } from "../positions/rotary.ts";

/** Options of the Transformer blocks. */
export interface TransformerBlockConfig {
  /** Features of the input and the output; a multiple of `heads`. */
  readonly width: number;
  /** Heads of every attention. */
  readonly heads: number;
  /** Width of the layer inside the feed-forward part. Default `4 width`. */
  readonly feedForwardSize?: number;
  /** Of the feed-forward part. Default `"relu"`. */
  readonly activation?: Activation;
  /**
   * Where each part is normalised: `"pre"`, `x + part(norm(x))`, which trains deep stacks without warm-up (Xiong et al. 2020),
   * or `"post"`, `norm(x + part(x))`, as in the original. Default `"pre"` (PyTorch: post).
   */
  readonly norm?: "pre" | "post";
  /** Whether a position sees only itself and those before it. Default: false in the encoder, true in the decoder. */
  readonly causal?: boolean;
  /** Whether, or how, self-attention knows positions by rotation. Default false. */
  readonly rotary?: boolean | RotaryOptions;
  /** Probability of a zero in training: of weights, inside the feed-forward part, and of every part's output. Default 0 (PyTorch: 0.1). */
  readonly dropout?: number;
  /** Added to variances by the norms. Default 1e-5. */
  readonly epsilon?: number;
}

export const blockOptions: Required<OptionTable<TransformerBlockConfig>> = {
  required: { width: checks.count, heads: checks.count },
  optional: {
    feedForwardSize: checks.count,
    activation: activationCheck,
    norm: (value) => checks.oneOf(value, ["pre", "post"]),
    causal: checks.flag,
    rotary: rotaryCheck,
    dropout: checks.fraction,
    epsilon: checks.positive,
  },
};

/** What goes around every part of a block. */
const around = ({ dropout: rate = 0, epsilon = 1e-5 }: TransformerBlockConfig) => ({
  norm: layerNorm({ epsilon }),
  drop: dropout({ rate }),
});

/** Self-attention and the feed-forward part: what all blocks have. */
export function ownParts(config: TransformerBlockConfig, causal: boolean) {
  const { width, heads, rotary = false, dropout: rate = 0, feedForwardSize = 4 * width, activation = "relu" } = config;
  const { norm, drop } = around(config);
  return {
    attention: multiHeadAttention({ units: width, heads, dropout: rate, causal, rotary }),
    attentionNorm: norm,
    attentionDropout: drop,
    feedForward: sequential({
      expand: dense({ units: feedForwardSize, activation }),
      dropout: dropout({ rate }),
      contract: dense({ units: width }),
    }),
    feedForwardNorm: norm,
    feedForwardDropout: drop,
  };
}

/** Attention to a memory: what decoders have besides. */
export function crossPart(config: TransformerBlockConfig) {
  const { width, heads, dropout: rate = 0 } = config;
  const { norm, drop } = around(config);
  const crossAttention = multiHeadAttention({ units: width, heads, dropout: rate, source: "memory" });
  return { crossAttention, crossAttentionNorm: norm, crossAttentionDropout: drop };
}
