// What a study costs, and the trainings it consists of.
import type { Ensemble } from "./micrographs.ts";
import { type Kind, kinds } from "./networks.ts";

/** What a study costs. */
export interface Settings {
  readonly ensemble: Ensemble;
  readonly trainRows: number;
  readonly testRows: number;
  /** Ascending; see `Architecture`. */
  readonly depths: readonly number[];
  readonly filters: number;
  readonly batchSize: number;
  readonly epochs: number;
  /** Of the comparison by depth. */
  readonly learningRate: number;
  /** Further ones, tried with the deepest networks in the first repetition. */
  readonly otherRates: readonly number[];
  /** Networks without normalisation inside their blocks, in the first repetition. */
  readonly bare: { readonly depths: readonly number[]; readonly learningRate: number };
  /** Disjoint batches that gradients before training are of. */
  readonly signalBatches: number;
  /** How many times the comparison by depth is made; repetitions differ in data, weights and the order of rows. */
  readonly repetitions: number;
  readonly seed: number;
}

export const full: Settings = {
  ensemble: { side: 16, directions: 8, lengths: [2, 1] },
  trainRows: 2048,
  testRows: 1024,
  depths: [8, 14, 20, 32, 56],
  filters: 8,
  batchSize: 32,
  epochs: 20,
  learningRate: 0.05,
  otherRates: [0.002, 0.2],
  bare: { depths: [8, 20, 56], learningRate: 0.01 },
  signalBatches: 16,
  repetitions: 3,
  seed: 0,
};

export const small: Settings = {
  ...full,
  trainRows: 512,
  testRows: 256,
  depths: [8, 44],
  epochs: 5,
  otherRates: [0.01],
  bare: { depths: [8], learningRate: 0.01 },
  repetitions: 1,
};

/** One training. */
export interface Case {
  readonly kind: Kind;
  readonly depth: number;
  readonly learningRate: number;
  readonly normalized: boolean;
  readonly repetition: number;
}

/** All trainings of a study. */
export function casesOf({ depths, repetitions, learningRate, otherRates, bare }: Settings): readonly Case[] {
  const comparison = { normalized: true, learningRate };
  const control = { normalized: true, depth: depths.at(-1)!, repetition: 0 };
  const unnormalized = { normalized: false, learningRate: bare.learningRate, repetition: 0 };
  const repeated = Array.from({ length: repetitions }, (_, repetition) =>
    depths.map((depth) => ({ depth, repetition })),
  );
  const all = [
    ...repeated.flat().map((one) => ({ ...comparison, ...one })),
    ...otherRates.map((rate) => ({ ...control, learningRate: rate })),
    ...bare.depths.map((depth) => ({ ...unnormalized, depth })),
  ];
  return all.flatMap((one) => kinds.map((kind) => ({ ...one, kind })));
}
