// What predicts the modulus: the convolutional network on images, and a dense network on statistics as its rival.
import {
  activation,
  adamw,
  batchNorm,
  type Callback,
  dense,
  evaluate,
  type FitOptions,
  type FitResult,
  fit,
  type Layer,
  mse,
  predict,
  sequential,
  type TrainingData,
} from "@hooke/core";
import { type Dataset, fitPreprocessing, logTransform, metrics, standardize } from "@hooke/data";
import { conv2d, globalAveragePool, maxPool2d, microstructureCNN, symmetricCNN } from "@hooke/layers-conv";
import {
  augment,
  cosineAnnealing,
  earlyStopping,
  flip,
  rotate90,
  type Symmetry,
  translate,
} from "@hooke/regularization";
import type { Backend } from "@hooke/runtime";

/**
 * Turned, mirrored and moved, a periodic microstructure keeps its mean modulus; the material's symmetry says whether it then still is
 * one of its kind.
 *
 * @throws where the declared symmetry does not allow it
 */
export const turnedAndMoved = (material: Symmetry["material"]) =>
  augment({ symmetry: { material, periodic: true }, transforms: [rotate90(), flip(), translate()] });

/** How a network is trained. */
export interface Training {
  readonly epochs: number;
  readonly seed: number;
  readonly callbacks?: readonly Callback[];
  readonly signal: AbortSignal;
}

/** The preset on images that continue on their opposite sides. */
export const imageNetwork = microstructureCNN({ paddingMode: "circular" });

/** A network, and what becomes of its images before each pass. */
interface Way {
  readonly label: string;
  readonly model: Layer;
  readonly augment?: NonNullable<FitOptions["augment"]>;
}

/** The preset's blocks, and what they find on average over the image: what is left of symmetricCNN without the symmetry. */
const averagingNetwork = sequential([
  ...[32, 64, 128].flatMap((filters) => [
    conv2d({ filters, kernelSize: 3, paddingMode: "circular" }),
    batchNorm(),
    activation("relu"),
    maxPool2d({ kernelSize: 2 }),
  ]),
  globalAveragePool(),
  dense({ units: 64, activation: "relu" }),
  dense({ units: 1 }),
]);

/** Of about as many operations as the preset. */
const symmetricNetwork = symmetricCNN({ fields: 4, paddingMode: "circular" });

/** What networks on images can know of symmetry: nothing, by copies of the data, or by their form. */
export const ways = {
  plain: { label: "as they are", model: imageNetwork },
  augmented: { label: "turned, mirrored and moved", model: imageNetwork, augment: turnedAndMoved("isotropic") },
  averaged: { label: "averaged over the image", model: averagingNetwork },
  averagedAugmented: {
    label: "averaged, turned and moved",
    model: averagingNetwork,
    augment: turnedAndMoved("isotropic"),
  },
  symmetric: { label: "symmetric network", model: symmetricNetwork },
  symmetricMoved: {
    label: "symmetric network, moved",
    model: symmetricNetwork,
    augment: augment({ symmetry: { material: "isotropic", periodic: true }, transforms: [translate()] }),
  },
} as const satisfies Readonly<Record<string, Way>>;

export type WayName = keyof typeof ways;

/** Ratios of moduli count, not differences: the logarithm is what is learned. */
const targets = [logTransform(), standardize()];

export function trainOnImages(
  backend: Backend,
  data: TrainingData,
  training: Training,
  { model, augment }: Way,
): Promise<FitResult> {
  return trainNetwork(backend, model, data, training, {
    preprocessing: fitPreprocessing(data.train, { targets }),
    batchSize: 16,
    ...(augment && { augment }),
  });
}

/** Two hidden layers of 64 units: whatever function of the statistics there is. */
export function trainOnStatistics(backend: Backend, data: TrainingData, training: Training): Promise<FitResult> {
  const hidden = [64, 64].map((units) => dense({ units, activation: "silu" }));
  return trainNetwork(backend, sequential([...hidden, dense({ units: 1 })]), data, training, {
    preprocessing: fitPreprocessing(data.train, { inputs: standardize(), targets }),
    batchSize: 16,
  });
}

/** AdamW with a rate that falls along a cosine; where there is a validation part, its best epoch is kept. */
function trainNetwork(
  backend: Backend,
  model: Layer,
  { train, validation }: TrainingData,
  { epochs, seed, signal, callbacks = [] }: Training,
  options: Pick<FitOptions, "preprocessing" | "batchSize" | "augment">,
): Promise<FitResult> {
  return fit({
    backend,
    model,
    data: { train, ...(validation && { validation }) },
    loss: mse(),
    optimizer: adamw({ weightDecay: 1e-3 }),
    learningRate: cosineAnnealing({ learningRate: 1e-3, length: epochs }),
    epochs,
    seed,
    signal,
    callbacks: [...(validation ? [earlyStopping({ patience: epochs })] : []), ...callbacks],
    ...options,
  });
}

/** A model on the rows of the test. */
export interface TestResult {
  readonly r2: number;
  readonly rmse: number;
  readonly predicted: readonly number[];
}

export async function test(
  backend: Backend,
  { model }: FitResult,
  data: Dataset,
  signal: AbortSignal,
): Promise<TestResult> {
  const found = await evaluate(model, data, { backend, metrics: [metrics.r2, metrics.rmse], signal });
  const { data: predicted } = await predict(model, data.inputs, { backend, signal });
  return { r2: found.metrics.r2!, rmse: found.metrics.rmse!, predicted: [...predicted] };
}
