// The study: an equivariant network learns energies and forces of crystals, beside what their composition says.
import { adam, chain, clipByGlobalNorm, fit, predict } from "@hooke/core";
import { type Dataset, split } from "@hooke/data";
import { energyForceLoss, energyForces, graphDataset, painn } from "@hooke/layers-graph";
import { cosineAnnealing } from "@hooke/regularization";
import { type Backend, randomKey } from "@hooke/runtime";
import { type Crystal, crystals, cutoff } from "./lennard-jones.ts";

export interface Settings {
  readonly train: number;
  readonly test: number;
  readonly width: number;
  readonly depth: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly seed: number;
}

export const full: Settings = {
  train: 400,
  test: 100,
  width: 32,
  depth: 2,
  epochs: 60,
  batchSize: 16,
  learningRate: 3e-3,
  seed: 0,
};

export const small: Settings = {
  ...full,
  train: 64,
  test: 16,
  width: 16,
  depth: 1,
  epochs: 16,
  batchSize: 8,
  learningRate: 1e-2,
};

/** On crystals that were held out. */
export interface Found {
  /** Mean error of the energy per atom, in units of the well's depth. */
  readonly energyError: number;
  /** Mean cosine between predicted forces and true ones. */
  readonly forceCosine: number;
  /** What the composition alone gives: it says nothing of forces. */
  readonly compositionError: number;
  /** Energies per atom: true, by the network, by the composition. */
  readonly energies: Readonly<Record<"actual" | "predicted" | "byComposition", readonly number[]>>;
}

/** The share of the second kind. */
const shareOf = ({ kinds }: Crystal): number => kinds.reduce<number>((sum, kind) => sum + kind, 0) / kinds.length;
const perAtom = ({ energy, kinds }: Crystal): number => energy / kinds.length;

/** Energy per atom by the share of the second kind: a line by least squares. */
function compositionLine(known: readonly Crystal[]): (crystal: Crystal) => number {
  const [shares, energies] = [known.map(shareOf), known.map(perAtom)];
  const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [meanOf(shares), meanOf(energies)];
  const slope =
    shares.reduce((sum, share, i) => sum + (share - x) * (energies[i]! - y), 0) /
    shares.reduce((sum, share) => sum + (share - x) ** 2, 0);
  return (crystal) => y + slope * (shareOf(crystal) - x);
}

/** Graphs with what the composition leaves of their energies, which is what the network learns. */
const datasetOf = (list: readonly Crystal[], line: (crystal: Crystal) => number): Dataset =>
  graphDataset({
    graphs: list.map(({ graph }) => graph),
    energies: list.map((crystal) => crystal.energy - line(crystal) * crystal.kinds.length),
    forces: list.map(({ forces }) => forces),
    dtype: "f32",
  });

/** @param watch called after each epoch with its loss */
export async function study(
  backend: Backend,
  { train, test, width, depth, epochs, batchSize, learningRate, seed }: Settings,
  signal?: AbortSignal,
  watch: (epoch: number, loss: number) => void = () => undefined,
): Promise<Found> {
  const all = crystals(train + test, randomKey(seed));
  const parts = split(all.length, { train, test }, seed);
  const [known, held] = [parts.train, parts.test].map((rows) => Array.from(rows, (row) => all[row]!)) as [
    Crystal[],
    Crystal[],
  ];
  const line = compositionLine(known);
  const { model } = await fit({
    backend,
    model: energyForces(painn({ outputs: 1, width, depth, cutoff })),
    data: { train: datasetOf(known, line) },
    loss: energyForceLoss({ energy: 1, forces: 0.1 }),
    optimizer: chain(clipByGlobalNorm(1), adam()),
    learningRate: cosineAnnealing({ learningRate, length: epochs }),
    epochs,
    batchSize,
    seed,
    callbacks: [{ onEpoch: ({ epoch, loss }) => watch(epoch + 1, loss) }],
    ...(signal && { signal }),
  });
  const predicted = await predict(model, datasetOf(held, line), { backend });
  return judged(held, line, predicted.data as Float32Array, predicted.shape[1]!);
}

/** @param predicted for each atom of `nodes` in a row the energy per atom and three components of the force */
function judged(
  held: readonly Crystal[],
  line: (crystal: Crystal) => number,
  predicted: Float32Array,
  nodes: number,
): Found {
  const actual = held.map(perAtom);
  const byComposition = held.map(line);
  const network = held.map((_, row) => byComposition[row]! + predicted[row * nodes * 4]!);
  const cosines = held.flatMap(({ forces }, row) =>
    forces.map((force, atom) => {
      const from = (row * nodes + atom) * 4 + 1;
      const found = predicted.slice(from, from + 3);
      const product = force.reduce((sum, value, axis) => sum + value * found[axis]!, 0);
      return product / (Math.hypot(...force) * Math.hypot(...found));
    }),
  );
  const errorOf = (values: readonly number[]): number =>
    values.reduce((sum, value, i) => sum + Math.abs(value - actual[i]!), 0) / values.length;
  return {
    energyError: errorOf(network),
    forceCosine: cosines.reduce((sum, value) => sum + value, 0) / cosines.length,
    compositionError: errorOf(byComposition),
    energies: { actual, predicted: network, byComposition },
  };
}
