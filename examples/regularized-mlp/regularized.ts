// The network and its training, with and without each of five parts of regularisation.
import {
  activation,
  adamw,
  batchNorm,
  dense,
  dropout,
  type FitResult,
  fit,
  type Layer,
  mse,
  sequential,
} from "@hooke/core";
import type { Dataset } from "@hooke/data";
import { cosineAnnealing, decayWeightsOnly, earlyStopping } from "@hooke/regularization";
import type { Backend } from "@hooke/runtime";

/** What can be added to a plain network. */
export const partNames = ["weight decay", "dropout", "batch norm", "cosine annealing", "early stopping"] as const;

export type Part = (typeof partNames)[number];

/** Sizes and strengths. */
export interface Settings {
  readonly trainRows: number;
  readonly validationRows: number;
  readonly testRows: number;
  readonly hiddenSize: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  /** Of AdamW, on kernels alone. Like `dropout` as found by choose.ts. */
  readonly weightDecay: number;
  /** Rate after each hidden layer. */
  readonly dropout: number;
  /** Where the cosine ends. */
  readonly minimumRate: number;
  /** Epochs without improvement until early stopping. */
  readonly patience: number;
  /** How many trainings of each kind; they differ in weights and data. */
  readonly repetitions: number;
  readonly seed: number;
}

export const full: Settings = {
  trainRows: 200,
  validationRows: 100,
  testRows: 4000,
  hiddenSize: 64,
  epochs: 300,
  batchSize: 32,
  learningRate: 3e-3,
  weightDecay: 1,
  dropout: 0.2,
  minimumRate: 1e-5,
  patience: 40,
  repetitions: 10,
  seed: 0,
};

export const small: Settings = { ...full, testRows: 1000, epochs: 150, repetitions: 3 };

/** Two hidden layers, `[batch, 10]` to `[batch, 1]`: dense, batch norm, relu, dropout, where asked for. */
export function network({ hiddenSize, dropout: rate }: Settings, parts: ReadonlySet<Part>): Layer {
  const hidden = () => [
    dense({ units: hiddenSize }),
    ...(parts.has("batch norm") ? [batchNorm()] : []),
    activation("relu"),
    ...(parts.has("dropout") ? [dropout({ rate })] : []),
  ];
  return sequential([...hidden(), ...hidden(), dense({ units: 1 })]);
}

/** Trains with some parts; the rest is a plain network under Adam with a constant learning rate. */
export function trainWith(
  backend: Backend,
  settings: Settings,
  parts: ReadonlySet<Part>,
  data: { readonly train: Dataset; readonly validation: Dataset },
  seed: number,
  signal?: AbortSignal,
): Promise<FitResult> {
  const { learningRate, weightDecay, minimumRate: minimum, epochs, patience } = settings;
  return fit({
    backend,
    model: network(settings, parts),
    data,
    loss: mse(),
    optimizer: parts.has("weight decay") ? decayWeightsOnly(adamw, { weightDecay }) : adamw({ weightDecay: 0 }),
    learningRate: parts.has("cosine annealing")
      ? cosineAnnealing({ learningRate, length: epochs, minimum })
      : learningRate,
    batchSize: settings.batchSize,
    epochs,
    seed,
    callbacks: parts.has("early stopping") ? [earlyStopping({ patience })] : [],
    ...(signal && { signal }),
  });
}
