// The U-Net from phases and mean strain to displacements and stresses, linear in the mean strain as elasticity is.
import { adamw, defineLayer, fit, mse, type TrainedModel } from "@hooke/core";
import { type Dataset, fitPreprocessing, standardize } from "@hooke/data";
import { type UnetConfig, unet2d } from "@hooke/layers-conv";
import { augment, cosineAnnealing, translate } from "@hooke/regularization";
import { type Backend, mul, reshape, sliceAxis, sum } from "@hooke/runtime";
import { targetNames } from "./sample.ts";

/** What follows each convolution. */
export type Norm = NonNullable<UnetConfig["norm"]>;

interface NetworkConfig {
  /** Channels of the U-Net at full size. */
  readonly filters: number;
  readonly norm: Norm;
}

/**
 * `[batch, side, side, 4]`, phases and mean strain, to `[batch, side, side, 5]`. The U-Net sees the phases alone; of what it says, three numbers for each
 * component of each field, the product with the mean strain is taken.
 */
export const loadedUnet = defineLayer({
  type: "loadedUnet",
  children: (config: NetworkConfig) => ({
    unet: unet2d({ outputs: 3 * targetNames.length, paddingMode: "circular", ...config }),
  }),
  apply: ({ children: { unet } }, x) => {
    const grid = x.shape.slice(0, 3);
    const answers = reshape(unet(sliceAxis(x, 3, 0, 1)), [...grid, targetNames.length, 3]);
    return sum(mul(answers, reshape(sliceAxis(x, 3, 1, 4), [...grid, 1, 3])), { axes: [4] });
  },
});

export interface Training extends NetworkConfig {
  readonly epochs: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly onEpoch: (completed: number) => void;
}

/**
 * Trains with cells that are moved: a periodic cell begins anywhere. Its last epoch is what is kept; nothing is chosen.
 *
 * @throws the signal's reason if it is aborted
 */
export async function trainUnet(
  backend: Backend,
  train: Dataset,
  { filters, norm, epochs, seed, signal, onEpoch }: Training,
): Promise<TrainedModel> {
  const { model } = await fit({
    backend,
    model: loadedUnet({ filters, norm }),
    data: { train },
    // Displacements and stresses count alike.
    preprocessing: fitPreprocessing(train, { targets: standardize() }),
    augment: augment({ symmetry: { material: "isotropic", periodic: true }, transforms: [translate()], field: true }),
    loss: mse(),
    optimizer: adamw({ weightDecay: 1e-4 }),
    learningRate: cosineAnnealing({ learningRate: 3e-3, length: epochs }),
    epochs,
    batchSize: 16,
    seed,
    signal,
    callbacks: [{ onEpoch: ({ epoch }) => onEpoch(epoch + 1) }],
  });
  signal.throwIfAborted();
  return model;
}
