// What predicts the modulus: nothing but the mean, BV/TV, the descriptors of morphometry by two regressions, and the network on voxels; seed by seed.
import { adamw, fit, mse, predict } from "@hooke/core";
import { type Dataset, dataset, fitPreprocessing, logTransform, metrics, split, standardize } from "@hooke/data";
import { voxelCNN } from "@hooke/layers-conv";
import { augment, cosineAnnealing, earlyStopping, flip, rotate90, translate } from "@hooke/regularization";
import { array, type Backend } from "@hooke/runtime";
import type { RunTrial } from "@hooke/sweep";
import { leastSquares } from "./regression.ts";
import { drawSample, type Specimen } from "./sample.ts";
import type { Ensemble } from "./trabeculae.ts";

export interface Settings {
  readonly ensemble: Ensemble;
  readonly sizes: { readonly train: number; readonly validation: number; readonly test: number };
  readonly epochs: number;
  /** Each divides the structures anew, and starts another network. */
  readonly seeds: readonly number[];
  /** Of the structures. */
  readonly seed: number;
}

const shape = { fraction: [0.15, 0.45], aspect: [1, 2], rods: [0, 1] } as const;

export const full: Settings = {
  ensemble: { side: 32, waves: [1, 2], ...shape },
  sizes: { train: 300, validation: 40, test: 100 },
  epochs: 40,
  seeds: [0, 1, 2],
  seed: 0,
};

export const small: Settings = {
  ensemble: { side: 16, waves: [1, 1.5], ...shape },
  sizes: { train: 100, validation: 20, test: 40 },
  epochs: 30,
  seeds: [0, 1, 2],
  seed: 0,
};

/** A method on the test part of one seed. */
export interface Score {
  /** Of the modulus. */
  readonly r2: number;
  /** Mean of the error's size over the actual modulus. */
  readonly relative: number;
  readonly predicted: readonly number[];
}

export interface Results {
  readonly specimens: readonly Specimen[];
  /** From who knows least to who sees most, by seed. */
  readonly scores: Readonly<Record<string, readonly Score[]>>;
  /** Moduli of the test part, by seed. */
  readonly actual: readonly (readonly number[])[];
}

interface Parts {
  readonly train: readonly Specimen[];
  readonly validation: readonly Specimen[];
  readonly test: readonly Specimen[];
}

/** Predicts the moduli of the test part. */
type Method = (parts: Parts) => number[];

/** Least squares of the modulus; it needs no validation part, and has its rows to fit. */
const linear =
  (see: (specimen: Specimen) => number[]): Method =>
  ({ train, validation, test }) => {
    const known = [...train, ...validation];
    const row = (specimen: Specimen): number[] => [1, ...see(specimen)];
    const coefficients = leastSquares(
      known.map(row),
      known.map(({ modulus }) => modulus),
    );
    return test.map((specimen) => row(specimen).reduce((sum, value, i) => sum + value * coefficients[i]!, 0));
  };

/** The same of logarithms: `E = c BV/TV^a ...` (Carter and Hayes, J. Bone Joint Surg. Am. 59, 1977). */
const powerLaw =
  (see: (specimen: Specimen) => number[]): Method =>
  (parts) => {
    const logarithms = (specimens: readonly Specimen[]): Specimen[] =>
      specimens.map((specimen) => ({ ...specimen, modulus: Math.log(specimen.modulus) }));
    const { train, validation, test } = parts;
    const fitted = linear((specimen) => see(specimen).map(Math.log));
    return fitted({ train: logarithms(train), validation: logarithms(validation), test }).map(Math.exp);
  };

const morphometric = ({ fraction, thickness, anisotropy }: Specimen): number[] => [fraction, thickness, anisotropy];

export const network = "voxels, voxelCNN";

/** From the simplest. */
const methods: Readonly<Record<string, Method>> = {
  "mean of the known": linear(() => []),
  "BV/TV, linear": linear(({ fraction }) => [fraction]),
  "BV/TV, power law": powerLaw(({ fraction }) => [fraction]),
  "BV/TV, Tb.Th, DA, linear": linear(morphometric),
  "BV/TV, Tb.Th, DA, power law": powerLaw(morphometric),
};

/** Called with the name of a piece of work and its size; what it returns, with how much of it is done. */
export type Follow = (work: string, total: number) => (completed: number) => void;

/** @param run keeps what is finished */
export async function study(backend: Backend, settings: Settings, run: RunTrial, follow: Follow): Promise<Results> {
  const { ensemble, sizes, seeds, seed, epochs } = settings;
  const count = sizes.train + sizes.validation + sizes.test;
  const specimens = await drawSample(backend, ensemble, count, seed, run, follow("homogenising", count));
  const scores: Record<string, Score[]> = Object.fromEntries(
    [...Object.keys(methods), network].map((name) => [name, []]),
  );
  const actual: number[][] = [];
  for (const seed of seeds) {
    const rows = split(count, { ...sizes }, seed);
    const of = (part: ArrayLike<number>): Specimen[] => Array.from(part, (row) => specimens[row]!);
    const parts: Parts = { train: of(rows.train), validation: of(rows.validation), test: of(rows.test) };
    const moduli = parts.test.map(({ modulus }) => modulus);
    for (const [name, method] of Object.entries(methods)) scores[name]!.push(scored(method(parts), moduli));
    const name = `training, seed ${seed}`;
    const done = follow(name, epochs);
    const predicted = await run(name, (signal) => onVoxels(backend, parts, settings, seed, signal, done));
    scores[network]!.push(scored(predicted, moduli));
    actual.push(moduli);
  }
  return { specimens, scores, actual };
}

function scored(predicted: readonly number[], actual: readonly number[]): Score {
  const [given, wanted] = [array([...predicted], { dtype: "f64" }), array([...actual], { dtype: "f64" })];
  const sizes = predicted.map((value, i) => Math.abs(value / actual[i]! - 1));
  return { r2: metrics.r2.compute(given, wanted), relative: sizes.reduce((a, b) => a + b) / sizes.length, predicted };
}

/**
 * The network, its best epoch chosen on the validation part. What is turned about z, mirrored or moved has the same modulus along z.
 *
 * @throws the signal's reason if it is aborted
 */
async function onVoxels(
  backend: Backend,
  { train, validation, test }: Parts,
  { ensemble: { side }, epochs }: Settings,
  seed: number,
  signal: AbortSignal,
  done: (completed: number) => void,
): Promise<number[]> {
  const see = (specimens: readonly Specimen[]): Dataset => {
    const voxels = new Float32Array(specimens.length * side ** 3);
    for (const [i, { bone }] of specimens.entries()) voxels.set(bone, i * side ** 3);
    return dataset({
      inputs: array(voxels, { shape: [specimens.length, side, side, side, 1] }),
      targets: array(specimens.map(({ modulus }) => [modulus])),
      targetNames: ["modulus"],
    });
  };
  const data = { train: see(train), validation: see(validation) };
  const { model } = await fit({
    backend,
    model: voxelCNN({ paddingMode: "circular" }),
    data,
    // Ratios of moduli count.
    preprocessing: fitPreprocessing(data.train, { targets: [logTransform(), standardize()] }),
    augment: augment({
      symmetry: { material: { transverselyIsotropic: "z" }, periodic: true },
      dimensions: 3,
      transforms: [rotate90({ plane: "xy" }), flip(), translate()],
    }),
    loss: mse(),
    optimizer: adamw({ weightDecay: 1e-3 }),
    learningRate: cosineAnnealing({ learningRate: 3e-3, length: epochs }),
    epochs,
    batchSize: 16,
    seed,
    signal,
    callbacks: [earlyStopping({ patience: epochs }), { onEpoch: ({ epoch }) => done(epoch + 1) }],
  });
  signal.throwIfAborted();
  const { data: predicted } = await predict(model, see(test).inputs, { backend, signal });
  return [...predicted];
}
