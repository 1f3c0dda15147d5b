// Training of the network: from the micrograph to what its texture says of itself.
import {
  adamw,
  type Callback,
  dense,
  type FitOptions,
  fit,
  mse,
  sequential,
  type TrainedModel,
  type Variables,
} from "@hooke/core";
import { type Dataset, fitPreprocessing, standardize } from "@hooke/data";
import { textureNet } from "@hooke/layers-conv";
import { augment, cosineAnnealing, translate } from "@hooke/regularization";
import type { Backend, HostArray } from "@hooke/runtime";

export interface Pretraining extends Partial<Pick<FitOptions, "checkpoint" | "resume">> {
  readonly epochs: number;
  readonly batchSize: number;
  readonly seed: number;
  readonly callbacks?: readonly Callback[];
  readonly signal?: AbortSignal;
}

/** The network under a linear head: whatever the labels need is a linear function of the features. */
const network = (outputs: number) =>
  sequential({ body: textureNet({ paddingMode: "circular" }), head: dense({ units: outputs }) });

/** Numbers and kinds alike by least squares, in units of their deviations. Textures are moved, which changes no label. */
export async function pretrain(
  backend: Backend,
  train: Dataset,
  { callbacks = [], ...training }: Pretraining,
): Promise<TrainedModel> {
  const { model } = await fit({
    backend,
    model: network(train.targets.shape[1]!),
    data: { train },
    preprocessing: fitPreprocessing(train, { targets: standardize() }),
    augment: augment({ symmetry: { material: "none", periodic: true }, transforms: [translate()] }),
    loss: mse(),
    optimizer: adamw({ weightDecay: 1e-2 }),
    learningRate: cosineAnnealing({ learningRate: 2e-3, length: training.epochs }),
    callbacks,
    ...training,
  });
  return model;
}

/** The features' weights alone. */
export function bodyOf({ params, state }: Variables<HostArray>): Variables<HostArray> {
  return {
    params: (params as Record<string, typeof params>).body!,
    state: (state as Record<string, typeof state>).body!,
  };
}
