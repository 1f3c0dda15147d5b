// Transformer blocks: attention and a feed-forward part, each with a norm and a way around it.
import { checkSequence, defineLayer } from "@hooke/core";
import { add, describe, HookeError, type Tensor } from "@hooke/runtime";
import { blockOptions, crossPart, ownParts, type TransformerBlockConfig } from "./config.ts";

type Part = (x: Tensor) => Tensor;

/** `x + part(x)`, normalised before the part or after the sum. */
function around(x: Tensor, config: TransformerBlockConfig, norm: Part, dropout: Part, part: Part): Tensor {
  return config.norm === "post" ? norm(add(x, dropout(part(x)))) : add(x, dropout(part(norm(x))));
}

function checkWidth(x: Tensor, { width }: TransformerBlockConfig): void {
  const axes = `[batch, positions, ${width}]`;
  checkSequence(x, axes);
  if (x.shape[2] !== width) throw new HookeError(`expected ${axes}, received ${describe(x)}.`, { code: "mismatch" });
}

/**
 * A block of a Transformer encoder: self-attention, then two dense layers at every position, on
 * `[batch, positions, width]`, which stays. By default feed-forward size `4 width`, relu, norms before the parts, not causal, no
 * dropout. Vaswani et al., "Attention is all you need", NeurIPS 2017; `torch.nn.TransformerEncoderLayer`.
 *
 * The extra `lengths i32[batch]`, if given, hides the positions from there on from all others; what stands there has to be
 * finite all the same. The extras `attentionMask` and `attentionBias` are those of {@link multiHeadAttention}.
 *
 * Variables: `attention`, `attentionNorm`, `feedForward.expand`, `feedForward.contract`, `feedForwardNorm`.
 *
 * @throws on an input of another rank or width, and on lengths that are not one for each row
 */
export const transformerEncoderBlock = /* @__PURE__ */ defineLayer({
  type: "transformerEncoderBlock",
  options: blockOptions,
  children: (config: TransformerBlockConfig) => ownParts(config, config.causal ?? false),
  apply: ({ config, children }, x) => {
    checkWidth(x, config);
    const attended = around(x, config, children.attentionNorm, children.attentionDropout, children.attention);
    return around(attended, config, children.feedForwardNorm, children.feedForwardDropout, children.feedForward);
  },
});

/**
 * A block of a Transformer decoder: self-attention (causal by default), attention to the extra
 * `memory [batch, memoryPositions, memoryFeatures]`, then two dense layers at every position, on
 * `[batch, positions, width]`, which stays. Other defaults are those of {@link transformerEncoderBlock}. Vaswani et al.,
 * "Attention is all you need", NeurIPS 2017; `torch.nn.TransformerDecoderLayer`.
 *
 * The extras `lengths` and `memoryLengths`, `i32[batch]`, if given, hide positions of the input and of the memory; what stands
 * there has to be finite all the same. `attentionMask`, `attentionBias`, `memoryMask` and `memoryBias` are those of
 * {@link multiHeadAttention}.
 *
 * Variables: those of {@link transformerEncoderBlock} and `crossAttention`, `crossAttentionNorm`.
 *
 * @throws on an input of another rank or width, without a memory, and on lengths that are not one for each row
 */
export const transformerDecoderBlock = /* @__PURE__ */ defineLayer({
  type: "transformerDecoderBlock",
  options: blockOptions,
  children: (config: TransformerBlockConfig) => ({
    ...ownParts(config, config.causal ?? true),
    ...crossPart(config),
  }),
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
