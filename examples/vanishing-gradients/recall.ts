// The task: report the load that was marked at the start of a history, after many loads that do not matter.
import { sequenceTransformer, singleHeadAttention, sinusoidalPositions } from "@hooke/attention";
import { dense, type Layer, sequential } from "@hooke/core";
import { type Dataset, dataset } from "@hooke/data";
import { gru, lastStep, lstm, rnn } from "@hooke/layers-seq";
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
export function networks(hiddenSize: number, length: number): Readonly<Record<Name, Layer>> {
  const head = dense({ units: 1 });
  const gated = (options: { readonly forgetBias?: number } = {}) =>
    sequential({ lstm: lstm({ hiddenSize, returns: "last", ...options }), head });
  return {
    RNN: sequential({ rnn: rnn({ hiddenSize, returns: "last" }), head }),
    GRU: sequential({ gru: gru({ hiddenSize, returns: "last" }), head }),
    LSTM: gated(),
    "LSTM, forget bias 1": gated({ forgetBias: 1 }),
    // A gate of T / (T + 1) forgets over T steps.
    "LSTM, forget bias ln T": gated({ forgetBias: Math.log(length) }),
    attention: sequential({
      embedding: dense({ units: hiddenSize }),
      positions: sinusoidalPositions(),
      attention: singleHeadAttention({ units: hiddenSize }),
      last: lastStep(),
      head,
    }),
    Transformer: sequenceTransformer({ outputs: 1, width: hiddenSize, heads: 4, blocks: 1, pooling: "last" }),
  };
}
