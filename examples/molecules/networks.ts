// The networks, and how each is trained.
import { adamw, chain, clipByGlobalNorm, dense, dropout, fit, type Layer, mse, predict, sequential } from "@hooke/core";
import { type Dataset, fitPreprocessing, standardize } from "@hooke/data";
import { directedMessages, graphUnion, readout } from "@hooke/layers-graph";
import { oneCycle } from "@hooke/regularization";
import type { Backend } from "@hooke/runtime";

/** How a molecule's vector is made of those of its atoms. */
export type Readout = "sum" | "mean" | "attentive";

/** How networks are trained. */
export interface NetworkSettings {
  readonly width: number;
  /** How often messages are passed. */
  readonly steps: number;
  readonly dropout: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly weightDecay: number;
}

/** Directed message passing, a readout, and a hidden layer. */
export function network(kind: Readout, { width, steps, dropout: rate }: NetworkSettings): Layer {
  return graphUnion(
    sequential([
      directedMessages({ units: width, steps }),
      readout({ kind }),
      dropout({ rate }),
      dense({ units: width, activation: "relu" }),
      dropout({ rate }),
      dense({ units: 1 }),
    ]),
  );
}

/** Predictions for `test` of a network that was trained on `train`, in the unit of the targets. */
export async function predictions(
  backend: Backend,
  kind: Readout,
  settings: NetworkSettings,
  { train, test }: Readonly<Record<"train" | "test", Dataset>>,
  { seed, signal, onEpoch }: { readonly seed: number; readonly signal?: AbortSignal; readonly onEpoch?: () => void },
): Promise<number[]> {
  const { epochs, batchSize, learningRate, weightDecay } = settings;
  const { model } = await fit({
    backend,
    model: network(kind, settings),
    data: { train },
    preprocessing: fitPreprocessing(train, { targets: standardize() }),
    loss: mse(),
    optimizer: chain(clipByGlobalNorm(5), adamw({ weightDecay })),
    learningRate: oneCycle({ learningRate, length: epochs * Math.ceil(train.count / batchSize) }),
    epochs,
    batchSize,
    seed,
    ...(signal && { signal }),
    ...(onEpoch && { callbacks: [{ onEpoch }] }),
  });
  return Array.from((await predict(model, test, { backend })).data);
}
