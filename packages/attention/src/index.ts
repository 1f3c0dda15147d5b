/**
 * Attention, positional encodings and Transformer blocks.
 *
 * @packageDocumentation
 */

export { transformerDecoderBlock, transformerEncoderBlock } from "./blocks/block.ts";
export type { TransformerBlockConfig } from "./blocks/config.ts";
export { type TransformerConfig, transformerDecoder, transformerEncoder } from "./blocks/stack.ts";
export { type MultiHeadAttentionConfig, multiHeadAttention } from "./layers/multi-head-attention.ts";
export { type SingleHeadAttentionConfig, singleHeadAttention } from "./layers/single-head-attention.ts";
export { causalMask, paddingMask } from "./mask.ts";
export { type SequenceTransformerConfig, sequenceTransformer } from "./models/sequence-transformer.ts";
export { attention } from "./plugin.ts";
export { type LearnedPositionsConfig, learnedPositions } from "./positions/learned.ts";
export { type RotaryOptions, rotary } from "./positions/rotary.ts";
export { type SinusoidalPositionsConfig, sinusoidalPositions } from "./positions/sinusoidal.ts";
export { allAttentionWeights, attentionWeightsOf } from "./reports.ts";
export { type ScaledDotProductOptions, scaledDotProduct, type WeightDropout } from "./scaled-dot-product.ts";
export { attentionWeights, type WeightOptions } from "./weights.ts";
