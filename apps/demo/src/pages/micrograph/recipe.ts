// How micrographs are learned: the network, its loss, and what the declared symmetry lets be done to images.
import { adamw, crossEntropy, type Layer, mse, type WorkSpec } from "@hooke/core";
import { dataset, logTransform, standardize, type TransformSpec } from "@hooke/data";
import { microstructureCNN } from "@hooke/layers-conv";
import { augment, cosineAnnealing, flip, rotate90, type Symmetry, translate } from "@hooke/regularization";
import { zeros } from "@hooke/runtime";
import type { Views } from "@hooke/transfer";
import { isClass, isMeasured, kinds, partsOf, type Settings, sideOf } from "./settings.ts";

/** Images of an update. */
export const batchSize = 16;

/** What is beyond the edges: micrographs that are drawn continue on their opposite sides, and nobody knows of pictures. */
export const beyondOf = (settings: Settings) =>
  isMeasured(settings)
    ? ({ periodic: false, paddingMode: "reflect" } as const)
    : ({ periodic: true, paddingMode: "circular" } as const);

/** The chapter's network. */
export function network(settings: Settings): Layer {
  const { paddingMode } = beyondOf(settings);
  return microstructureCNN({ outputs: isClass(settings) ? kinds.length : 1, paddingMode });
}

/** Ratios of moduli count, not differences: their logarithm is what is learned. */
export function targetsOf({ property }: Settings): TransformSpec[] {
  if (property === "structure") return [];
  return property === "modulus" ? [logTransform(), standardize()] : [standardize()];
}

/** What is declared, in the words of the library, and the copies of an image that textureNet sees then. */
export const declared: Readonly<
  Record<Settings["symmetry"], { readonly material: Symmetry["material"]; readonly views: Views }>
> = {
  isotropic: { material: "isotropic", views: "isotropic" },
  fibres: { material: { transverselyIsotropic: "x" }, views: "orthotropic" },
  none: { material: "none", views: "none" },
};

/** What a training does to its images; nothing where no symmetry is declared. */
function augmentation(settings: Settings) {
  const { symmetry } = settings;
  const { periodic } = beyondOf(settings);
  if (symmetry === "none") return {};
  const { material } = declared[symmetry];
  const transforms = [...(material === "isotropic" ? [rotate90()] : []), flip(), ...(periodic ? [translate()] : [])];
  return { augment: augment({ symmetry: { material, periodic }, transforms }) };
}

/** What a training is decided by, apart from its data. */
export const recipe = (settings: Settings) => ({
  model: network(settings),
  loss: isClass(settings) ? crossEntropy() : mse(),
  optimizer: adamw({ weightDecay: 1e-3 }),
  batchSize,
});

export const schedule = (settings: Settings) => ({
  learningRate: cosineAnnealing({ learningRate: settings.learningRate, length: settings.epochs }),
  epochs: settings.epochs,
  seed: settings.seed,
  ...augmentation(settings),
});

export const updatesOf = (settings: Settings): number =>
  settings.epochs * Math.ceil(partsOf(settings).train.length / batchSize);

/** What one update computes. */
export function workload(settings: Settings): WorkSpec {
  const side = sideOf(settings);
  const inputs = zeros([batchSize, side, side, 1]);
  const data = isClass(settings)
    ? dataset({ inputs, targets: zeros([batchSize], "i32"), classes: kinds })
    : dataset({ inputs, targets: zeros([batchSize, 1]) });
  const { model, loss, optimizer } = recipe(settings);
  return { model, loss, optimizer, batchSize, data };
}
