// The options of `fit` for functions that hand them on.
import type { FitOptions } from "@hooke/core";
import type { Check } from "@hooke/runtime";

/** What `fit` checks itself, when it gets it. */
const handedOn: Check = () => undefined;

/** A check for every option of `fit`. */
export const fitOptions: Readonly<Record<keyof FitOptions, Check>> = {
  augment: handedOn,
  backend: handedOn,
  batchSize: handedOn,
  callbacks: handedOn,
  checkpoint: handedOn,
  data: handedOn,
  epochs: handedOn,
  lastBatch: handedOn,
  learningRate: handedOn,
  loss: handedOn,
  metrics: handedOn,
  model: handedOn,
  monitor: handedOn,
  optimizer: handedOn,
  penalty: handedOn,
  preprocessing: handedOn,
  resume: handedOn,
  seed: handedOn,
  shuffle: handedOn,
  signal: handedOn,
  variables: handedOn,
};
