// The plugin of this package: everything that JSON and listings may name.
import { definePlugin } from "@hooke/runtime";
import { transformerDecoderBlock, transformerEncoderBlock } from "./blocks/block.ts";
import { transformerDecoder, transformerEncoder } from "./blocks/stack.ts";
import { multiHeadAttention } from "./layers/multi-head-attention.ts";
import { singleHeadAttention } from "./layers/single-head-attention.ts";
import { sequenceTransformer } from "./models/sequence-transformer.ts";
import { learnedPositions } from "./positions/learned.ts";
import { sinusoidalPositions } from "./positions/sinusoidal.ts";

/** The layers and models of @hooke/attention. */
export const attention = /* @__PURE__ */ definePlugin({
  name: "attention",
  layers: {
    learnedPositions,
    multiHeadAttention,
    sequenceTransformer,
    singleHeadAttention,
    sinusoidalPositions,
    transformerDecoder,
    transformerDecoderBlock,
    transformerEncoder,
    transformerEncoderBlock,
  },
});
