// Cases for the layers of @hooke/layers-seq.
import * as seq from "@hooke/layers-seq";
import type { LayerCase } from "../case.ts";
import type { LayerCases } from "../run.ts";

/** Sequences of different lengths, of at most four steps. */
const uneven: Pick<LayerCase, "input" | "ranges"> = {
  input: { shape: [4, 2], extras: { lengths: { shape: [], dtype: "i32" } } },
  ranges: { lengths: [1, 4] },
};

export const sequencesCases: LayerCases<typeof seq.sequences.layers> = {
  causalConv1d: [{ layer: seq.causalConv1d({ filters: 2, kernelSize: 3, dilation: 2 }), input: [5, 3] }],
  crackGrowthLSTM: [{ layer: seq.crackGrowthLSTM({ hiddenSize: 3 }), ...uneven }],
  embedding: [
    {
      layer: seq.embedding({ symbols: 5, size: 2 }),
      input: { shape: [4], dtype: "i32" },
      ranges: { x: [0, 4] },
      ranks: { from: 0 },
    },
    {
      layer: seq.embedding({ symbols: 4, size: 3, paddingIndex: 0 }),
      input: { shape: [4], dtype: "u32" },
      ranges: { x: [0, 3] },
      ranks: { from: 0 },
    },
  ],
  gru: [
    { layer: seq.gru({ hiddenSize: 2, resetGate: "beforeProduct" }), note: "reset before the product", ...uneven },
    { layer: seq.gru({ hiddenSize: 2, layers: 2, dropout: 0.3 }), input: [4, 3] },
    { layer: seq.gru({ hiddenSize: 2, bidirectional: true, returns: "last" }), ...uneven },
  ],
  gruPass: [
    {
      layer: seq.gruPass({ hiddenSize: 3, resetGate: "beforeProduct", reverse: true }),
      note: "reset before the product",
      ...uneven,
    },
    { layer: seq.gruPass({ hiddenSize: 2 }), ...uneven },
  ],
  lastStep: [{ layer: seq.lastStep(), ...uneven }],
  lstm: [
    { layer: seq.lstm({ hiddenSize: 2, layers: 2, bidirectional: true }), input: [3, 2] },
    { layer: seq.lstm({ hiddenSize: 3, returns: "last" }), ...uneven },
  ],
  lstmPass: [{ layer: seq.lstmPass({ hiddenSize: 2, reverse: true }), ...uneven }],
  rnn: [{ layer: seq.rnn({ hiddenSize: 3, activation: "relu" }), input: [4, 2] }],
  rnnPass: [{ layer: seq.rnnPass({ hiddenSize: 2 }), ...uneven }],
  tcnBlock: [
    { layer: seq.tcnBlock({ filters: 2, kernelSize: 2, dilation: 2, dropout: 0.2 }), input: [5, 3] },
    { layer: seq.tcnBlock({ filters: 3, kernelSize: 3 }), input: [4, 3] },
  ],
};
