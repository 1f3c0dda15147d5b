// Crystals whose energies and forces are known exactly: two kinds of atoms, joined by the potential of Lennard and Jones.
import { type AtomStructure, atomGraph, type Graph } from "@hooke/layers-graph";
import { foldHost, type HostArray, threefryWords } from "@hooke/runtime";

/** Where the potential and its slope end, in units of the size of the first kind of atom. */
export const cutoff = 1.9;

/** Sizes and depths of the wells by pair of kinds, in units of the first kind's. */
const size = [
  [1, 0.95],
  [0.95, 0.9],
] as const;
const depth = [
  [1, 1.4],
  [1.4, 0.8],
] as const;
/** Which element stands for a kind. */
const elements = ["Ar", "Kr"] as const;

/** The potential of a pair and its slope at a distance: both end smoothly at the cutoff (shifted force). */
export function pairEnergy(a: 0 | 1, b: 0 | 1, distance: number): { readonly energy: number; readonly slope: number } {
  const bare = (r: number) => {
    const s = (size[a][b] / r) ** 6;
    return { energy: 4 * depth[a][b] * (s * s - s), slope: (-24 * depth[a][b] * (2 * s * s - s)) / r };
  };
  if (distance >= cutoff) return { energy: 0, slope: 0 };
  const [here, end] = [bare(distance), bare(cutoff)];
  return {
    energy: here.energy - end.energy - end.slope * (distance - cutoff),
    slope: here.slope - end.slope,
  };
}

/** A crystal with what is known of it. */
export interface Crystal {
  readonly structure: AtomStructure;
  readonly graph: Graph;
  readonly kinds: readonly (0 | 1)[];
  /** Of the cell. */
  readonly energy: number;
  /** On each atom. */
  readonly forces: readonly (readonly number[])[];
}

/** Crystals of 4 or 8 atoms: face-centred cubic, strained, atoms of random kinds, pushed from their places. */
export function crystals(count: number, key: HostArray): Crystal[] {
  return Array.from({ length: count }, (_, i) => crystal(numbersFrom(foldHost(key, i))));
}

function crystal(next: () => number): Crystal {
  const long = next() > 0.5;
  const edge = 1.5 + 0.15 * next();
  const strain = (): number => 0.06 * (next() - 0.5);
  const cell = [0, 1, 2].map((row) =>
    [0, 1, 2].map((axis) => edge * ((row === axis ? 1 : 0) + strain()) * (long && row === 2 ? 2 : 1)),
  );
  const corners = [
    [0, 0, 0],
    [0, 0.5, 0.5],
    [0.5, 0, 0.5],
    [0.5, 0.5, 0],
  ];
  const sites = long ? [0, 1].flatMap((half) => corners.map(([x, y, z]) => [x!, y!, (z! + half) / 2])) : corners;
  const push = 0.04 + 0.06 * next();
  const positions = sites.map((site) =>
    [0, 1, 2].map(
      (axis) => cell.reduce((sum, vector, row) => sum + site[row]! * vector[axis]!, 0) + push * (2 * next() - 1),
    ),
  );
  const share = next();
  const kinds = sites.map((): 0 | 1 => (next() < share ? 1 : 0));
  return known({ atoms: kinds.map((kind) => elements[kind]), positions, cell }, kinds);
}

/** The crystal with the sums over its pairs. */
export function known(structure: AtomStructure, kinds: readonly (0 | 1)[]): Crystal {
  const graph = atomGraph(structure, { cutoff, wrap: true });
  const [places, shifts] = [graph.positions, graph.shifts].map((rows) => (rows as HostArray).data);
  let energy = 0;
  const forces = kinds.map(() => [0, 0, 0]);
  for (const [edge, sender] of Array.from(graph.senders).entries()) {
    const receiver = graph.receivers[edge]!;
    const vector = [0, 1, 2].map(
      (axis) => places![3 * sender + axis]! + shifts![3 * edge + axis]! - places![3 * receiver + axis]!,
    );
    const distance = Math.hypot(...vector);
    const pair = pairEnergy(kinds[sender]!, kinds[receiver]!, distance);
    // Each pair is two edges.
    energy += pair.energy / 2;
    for (const axis of [0, 1, 2]) forces[receiver]![axis]! += (pair.slope * vector[axis]!) / distance;
  }
  return { structure, graph, kinds, energy, forces };
}

/** Numbers from 0 to 1, one after the other. */
function numbersFrom(key: HostArray): () => number {
  const words = threefryWords(key.data as Uint32Array, 256);
  let at = 0;
  return () => words[at++]! / 2 ** 32;
}
