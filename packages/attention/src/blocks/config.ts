// What the Transformer blocks share: their options, and the feed-forward part.
import {
  type Activation,
  checks,
  dense,
  dropout,
  type Layer,
  layerNorm,
  type OptionTable,
  sequential,
} from "@hooke/core";
import { multiHeadAttention } from "../layers/multi-head-attention.ts";

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
  /** Whether self-attention knows positions by rotation. Default false. */
  readonly rotary?: boolean;
  /** Probability of a zero in training: of weights, inside the feed-forward part, and of every part's output. Default 0 (PyTorch: 0.1). */
  readonly dropout?: number;
  /** Added to variances by the norms. Default 1e-5. */
  readonly epsilon?: number;
}

export const blockOptions: Required<OptionTable<TransformerBlockConfig>> = {
  required: { width: checks.count, heads: checks.count },
  optional: {
    feedForwardSize: checks.count,
    activation: checks.activation,
    norm: (value) => checks.oneOf(value, ["pre", "post"]),
    causal: checks.flag,
    rotary: checks.flag,
    dropout: checks.fraction,
    epsilon: checks.positive,
  },
};

/** The layers that blocks are made of. */
export interface BlockParts {
  readonly attention: Layer;
  readonly crossAttention: Layer;
  readonly feedForward: Layer;
  readonly norm: Layer;
  readonly dropout: Layer;
}

/** The parts of a block. */
export function blockParts(config: TransformerBlockConfig, causal: boolean): BlockParts {
  const { width, heads, rotary = false, dropout: rate = 0, epsilon = 1e-5 } = config;
  const shared = { units: width, heads, dropout: rate };
  return {
    attention: multiHeadAttention({ ...shared, causal, rotary }),
    crossAttention: multiHeadAttention({ ...shared, source: "memory" }),
    feedForward: sequential({
      expand: dense({ units: config.feedForwardSize ?? 4 * width, activation: config.activation ?? "relu" }),
      dropout: dropout({ rate }),
      contract: dense({ units: width }),
    }),
    norm: layerNorm({ epsilon }),
    dropout: dropout({ rate }),
  };
}
