// The task: report the load that was marked at the start of a history, after many loads that do not matter.
import { sequenceTransformer, singleHeadAttention, sinusoidalPositions } from "@hooke/attention";
import { type Dataset, dataset, defineLayer, dense, type Layer, type NoOptions, sequential } from "@hooke/core";
import { gru, lstm, rnn } from "@hooke/layers-seq";
import {
  type Backend,
  concat,
  convert,
  equal,
  fold,
  iota,
  type Key,
  randomKey,
  run,
  sliceAxis,
  squeeze,
  uniform,
} from "@hooke/runtime";

/** Deviation of the target: the RMSE of a model that always says 0. */
export const knowingNothing = Math.sqrt(1 / 3);

/**
 * Load histories `[rows, length, 2]`: loads uniform in [-1, 1], and a mark that is 1 at the first step and 0 after it.
 * The target `[rows, 1]` is the marked load.
 */
export async function histories(backend: Backend, rows: number, length: number, seed: number): Promise<Dataset> {
  const draw = (key: Key) => {
    const loads = uniform(fold(key, "loads"), [rows, length, 1], { low: -1, high: 1 });
    const mark = convert(equal(iota([rows, length, 1], 1), 0), "f32");
    return { inputs: concat([loads, mark], 2), targets: squeeze(sliceAxis(loads, 1, 0, 1), 1) };
  };
  return dataset({ ...(await run(backend, draw, randomKey(seed))), inputNames: ["load", "mark"] });
}

/** The output of the last step: `[batch, time, features]` to `[batch, features]`. */
const lastStep = defineLayer({
  type: "lastStep",
  params: (_config: NoOptions) => ({}),
  apply: (_context, x) => squeeze(sliceAxis(x, 1, x.shape[1]! - 1, x.shape[1]!), 1),
});

/** A network, and how it starts. */
export interface Candidate {
  readonly layer: Layer;
  /** What the forget gate's bias starts from. Default: as the library draws it, within `1 / sqrt(hiddenSize)`. */
  readonly forgetBias?: number;
}

export const names = [
  "RNN",
  "GRU",
  "LSTM",
  "LSTM, forget bias 1",
  "LSTM, forget bias ln T",
  "attention",
  "Transformer",
] as const;

/** A network compared here. */
export type Name = (typeof names)[number];

/** The networks; all of them end with a linear map of what the last step holds. */
export function candidates(hiddenSize: number, length: number): Readonly<Record<Name, Candidate>> {
  const head = dense({ units: 1 });
  const gated = sequential({ lstm: lstm({ hiddenSize, returns: "last" }), head });
  return {
    RNN: { layer: sequential({ rnn: rnn({ hiddenSize, returns: "last" }), head }) },
    GRU: { layer: sequential({ gru: gru({ hiddenSize, returns: "last" }), head }) },
    LSTM: { layer: gated },
    "LSTM, forget bias 1": { layer: gated, forgetBias: 1 },
    // A gate of T / (T + 1) forgets over T steps.
    "LSTM, forget bias ln T": { layer: gated, forgetBias: Math.log(length) },
    attention: {
      layer: sequential({
        embedding: dense({ units: hiddenSize }),
        positions: sinusoidalPositions(),
        attention: singleHeadAttention({ units: hiddenSize }),
        last: lastStep(),
        head,
      }),
    },
    Transformer: {
      layer: sequenceTransformer({ outputs: 1, width: hiddenSize, heads: 4, blocks: 1, pooling: "last" }),
    },
  };
}
