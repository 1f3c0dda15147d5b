// Stacks of Transformer blocks: the encoder and the decoder.
import { defineLayer, type Layer, type Layers, layerNorm, recomputed } from "@hooke/core";
import { checks, type Tensor } from "@hooke/runtime";
import { transformerDecoderBlock, transformerEncoderBlock } from "./block.ts";
import { blockOptions, type TransformerBlockConfig } from "./config.ts";

/** Options of {@link transformerEncoder} and {@link transformerDecoder}. */
export interface TransformerConfig extends TransformerBlockConfig {
  /** How many blocks follow each other. */
  readonly blocks: number;
  /** Whether gradients compute each block again, for its input's memory instead of the block's: see `recomputed`. Default false. */
  readonly recompute?: boolean;
}

const stackOptions = {
  required: { ...blockOptions.required, blocks: checks.countUpTo(1000) },
  optional: { ...blockOptions.optional, recompute: checks.flag },
};

function stackOf(
  { blocks, recompute = false, ...block }: TransformerConfig,
  make: (config: TransformerBlockConfig) => Layer,
): Layers {
  const children: Record<string, Layer> = {};
  for (let i = 0; i < blocks; i++) children[i] = recompute ? recomputed(make(block)) : make(block);
  // Blocks that normalise first leave their sum as it is.
  if (block.norm !== "post") children.norm = layerNorm({ epsilon: block.epsilon ?? 1e-5 });
  return children;
}

const inOrder = (children: Readonly<Record<string, (x: Tensor) => Tensor>>, x: Tensor): Tensor =>
  Object.values(children).reduce((value, layer) => layer(value), x);

/**
 * {@link transformerEncoderBlock}s one after another, and a norm at the end where they are normalised `"pre"`:
 * `[batch, positions, width]`, which stays. Extras, defaults and errors are theirs. Vaswani et al., "Attention is all you need",
 * NeurIPS 2017; the norm at the end: Xiong et al., "On layer normalization in the Transformer architecture", ICML 2020;
 * `torch.nn.TransformerEncoder`.
 *
 * Variables: `0`, `1`, ... and `norm` (`scale`, `bias`, where `"pre"`).
 */
export const transformerEncoder = /* @__PURE__ */ defineLayer({
  type: "transformerEncoder",
  options: stackOptions,
  children: (config: TransformerConfig) => stackOf(config, transformerEncoderBlock),
  apply: ({ children }, x) => inOrder(children, x),
});

/**
 * {@link transformerDecoderBlock}s one after another, and a norm at the end where they are normalised `"pre"`:
 * `[batch, positions, width]`, which stays. All of them attend to the extra `memory`. Extras, defaults and errors are theirs, the
 * sources those of {@link transformerEncoder}; `torch.nn.TransformerDecoder`.
 *
 * Variables: `0`, `1`, ... and `norm` (`scale`, `bias`, where `"pre"`).
 */
export const transformerDecoder = /* @__PURE__ */ defineLayer({
  type: "transformerDecoder",
  options: stackOptions,
  children: (config: TransformerConfig) => stackOf(config, transformerDecoderBlock),
  apply: ({ children }, x) => inOrder(children, x),
});
