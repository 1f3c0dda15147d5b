// Transformer blocks: attention and a feed-forward part, each with a norm and a way around it.
import { defineLayer } from "@hooke/core";
import { add, describe, HookeError, type Tensor } from "@hooke/runtime";
import { blockOptions, blockParts, type TransformerBlockConfig } from "./config.ts";

type Part = (x: Tensor) => Tensor;

/** `x + part(x)`, normalised before the part or after the sum. */
function around(x: Tensor, config: TransformerBlockConfig, norm: Part, dropout: Part, part: Part): Tensor {
  return config.norm === "post" ? norm(add(x, dropout(part(x)))) : add(x, dropout(part(norm(x))));
}

function checkWidth(x: Tensor, { width }: TransformerBlockConfig): void {
  if (x.rank !== 3 || x.shape[2] !== width) {
    throw new HookeError(`expected [batch, positions, ${width}], received ${describe(x)}.`);
  }
}

/**
 * A block of a Transformer encoder: self-attention, then two dense layers at every position, on
 * `[batch, positions, width]`. Vaswani et al. 2017; `torch.nn.TransformerEncoderLayer`.
 *
 * The extra `lengths i32[batch]`, if given, hides the positions from there on from all others.
 *
 * Variables: `attention`, `attentionNorm`, `feedForward.expand`, `feedForward.contract`, `feedForwardNorm`.
 */
export const transformerEncoderBlock = /* @__PURE__ */ defineLayer({
  type: "transformerEncoderBlock",
  options: blockOptions,
  children: (config: TransformerBlockConfig) => {
    const { attention, feedForward, norm, dropout } = blockParts(config, config.causal ?? false);
    return {
      attention,
      attentionNorm: norm,
      attentionDropout: dropout,
      feedForward,
      feedForwardNorm: norm,
      feedForwardDropout: dropout,
    };
  },
  apply: ({ config, children }, x) => {
    checkWidth(x, config);
    const attended = around(x, config, children.attentionNorm, children.attentionDropout, children.attention);
    return around(attended, config, children.feedForwardNorm, children.feedForwardDropout, children.feedForward);
  },
});

/**
 * A block of a Transformer decoder: self-attention (causal by default), attention to the extra
 * `memory [batch, memoryPositions, memoryFeatures]`, then two dense layers at every position, on
 * `[batch, positions, width]`. Vaswani et al. 2017; `torch.nn.TransformerDecoderLayer`.
 *
 * The extras `lengths` and `memoryLengths`, `i32[batch]`, if given, hide positions of the input and of the memory.
 *
 * Variables: those of {@link transformerEncoderBlock} and `crossAttention`, `crossAttentionNorm`.
 */
export const transformerDecoderBlock = /* @__PURE__ */ defineLayer({
  type: "transformerDecoderBlock",
  options: blockOptions,
  children: (config: TransformerBlockConfig) => {
    const { attention, crossAttention, feedForward, norm, dropout } = blockParts(config, config.causal ?? true);
    return {
      attention,
      attentionNorm: norm,
      attentionDropout: dropout,
      crossAttention,
      crossAttentionNorm: norm,
      crossAttentionDropout: dropout,
      feedForward,
      feedForwardNorm: norm,
      feedForwardDropout: dropout,
    };
  },
  apply: ({ config, children }, x) => {
    checkWidth(x, config);
    const own = around(x, config, children.attentionNorm, children.attentionDropout, children.attention);
    const read = around(
      own,
      config,
      children.crossAttentionNorm,
      children.crossAttentionDropout,
      children.crossAttention,
    );
    return around(read, config, children.feedForwardNorm, children.feedForwardDropout, children.feedForward);
  },
});
