// Cases for the layers of @hooke/attention.
import * as attend from "@hooke/attention";
import type { LayerCase } from "../case.ts";
import type { LayerCases } from "../run.ts";

const lengths = { shape: [], dtype: "i32" } as const;

/** Sequences of different lengths, of at most four positions. */
const uneven = (features: number): Pick<LayerCase, "input" | "ranges"> => ({
  input: { shape: [4, features], extras: { lengths } },
  ranges: { lengths: [1, 4] },
});

const memory = { memory: { shape: [3, 2] }, memoryLengths: lengths };

/** Sequences that read a memory, both of different lengths. */
const reading: Pick<LayerCase, "input" | "ranges"> = {
  input: { shape: [4, 4], extras: { lengths, ...memory } },
  ranges: { lengths: [1, 4], memoryLengths: [1, 3] },
};

const block = { width: 4, heads: 2, feedForwardSize: 3, activation: "gelu" } as const;

export const attentionCases: LayerCases<typeof attend.attention.layers> = {
  learnedPositions: [{ layer: attend.learnedPositions({ length: 5 }), input: [4, 2] }],
  multiHeadAttention: [
    {
      layer: attend.multiHeadAttention({ units: 4, heads: 2, rotary: true, causal: true }),
      note: "causal, rotary positions in pairs",
      ...uneven(3),
    },
    {
      layer: attend.multiHeadAttention({ units: 4, heads: 2, source: "memory", dropout: 0.2 }),
      note: "to a memory",
      input: { shape: [4, 3], extras: memory },
      ranges: { memoryLengths: [1, 3] },
    },
    {
      layer: attend.multiHeadAttention({ units: 4, heads: 1, blockSize: 2, bias: false, rotary: { layout: "halves" } }),
      note: "in blocks, rotary positions in halves",
      input: [5, 3],
    },
    {
      layer: attend.multiHeadAttention({ units: 4, heads: 2 }),
      note: "a mask and a bias for each query",
      input: {
        shape: [3, 2],
        extras: { attentionMask: { shape: [1, 3, 3], dtype: "bool" }, attentionBias: { shape: [2, 3, 3] } },
      },
    },
  ],
  sequenceTransformer: [
    {
      layer: attend.sequenceTransformer({
        ...block,
        outputs: 2,
        blocks: 1,
        positions: "learned",
        length: 4,
        pooling: "classToken",
      }),
      ...uneven(3),
    },
    { layer: attend.sequenceTransformer({ ...block, outputs: 1, blocks: 1, pooling: "last" }), ...uneven(2) },
  ],
  singleHeadAttention: [{ layer: attend.singleHeadAttention({ units: 3, causal: true, bias: true }), ...uneven(2) }],
  sinusoidalPositions: [{ layer: attend.sinusoidalPositions(), input: [4, 3] }],
  transformerDecoder: [{ layer: attend.transformerDecoder({ ...block, blocks: 1 }), ...reading }],
  transformerDecoderBlock: [{ layer: attend.transformerDecoderBlock({ ...block, norm: "post" }), ...reading }],
  transformerEncoder: [{ layer: attend.transformerEncoder({ ...block, blocks: 2 }), input: [3, 4] }],
  transformerEncoderBlock: [
    { layer: attend.transformerEncoderBlock({ ...block, dropout: 0.2, rotary: true }), ...uneven(4) },
  ],
};
