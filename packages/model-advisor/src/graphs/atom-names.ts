// What crystals and molecules are called whose atoms are known: names that several share, and that say which of them belong together.
import { elementSymbol } from "@hooke/layers-graph";
import { edgeLengths, type WrittenGraph } from "./graph-text.ts";

/** Neighbours up to so many times as far away as the nearest one are of the first shell. */
const shell = 1.1;

/** The formula in least whole numbers, carbon and hydrogen first, else by the alphabet (Hill): `"ClNa"`, `"CH4"`. */
export function compositionOf(atoms: readonly number[]): string {
  const counts = countsOf(atoms.map(elementSymbol));
  const least = [...counts.values()].reduce(commonDivisor);
  const symbols = [...counts.keys()].sort((a, b) => placeOf(a, counts) - placeOf(b, counts) || (a < b ? -1 : 1));
  return symbols.map((symbol) => `${symbol}${amount(counts.get(symbol)! / least)}`).join("");
}

/**
 * What kinds of atoms there are and how many neighbours each has in its first shell, whatever the elements: `"AB 6:6"` of rock salt, `"AB 4:4"` of zinc blende,
 * `"AB2 8:4"` of fluorite.
 */
export function prototypeOf(graph: WrittenGraph): string {
  const atoms = graph.atoms!;
  const neighbours = shellSizes(graph);
  const counts = countsOf(atoms);
  const least = [...counts.values()].reduce(commonDivisor);
  const kinds = [...counts].map(([number, count]) => {
    const own = neighbours.filter((_, atom) => atoms[atom] === number);
    return { amount: count / least, neighbours: Math.round(own.reduce((sum, size) => sum + size, 0) / own.length) };
  });
  kinds.sort((a, b) => a.amount - b.amount || b.neighbours - a.neighbours);
  const formula = kinds.map((kind, i) => `${letter(i)}${amount(kind.amount)}`).join("");
  return `${formula} ${kinds.map((kind) => kind.neighbours).join(":")}`;
}

/** Of each atom how far the nearest neighbour is; infinite where there is none. */
export function nearestOf(graph: WrittenGraph): number[] {
  const nearest = graph.atoms!.map(() => Number.POSITIVE_INFINITY);
  for (const [edge, length] of edgeLengths(graph).entries()) {
    const atom = graph.receivers[edge]!;
    nearest[atom] = Math.min(nearest[atom]!, length);
  }
  return nearest;
}

/** Of each atom how many neighbours are of its first shell. */
export function shellSizes(graph: WrittenGraph): number[] {
  const nearest = nearestOf(graph);
  const sizes = nearest.map(() => 0);
  for (const [edge, length] of edgeLengths(graph).entries()) {
    const atom = graph.receivers[edge]!;
    if (length <= shell * nearest[atom]!) sizes[atom]!++;
  }
  return sizes;
}

function countsOf<T>(list: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>();
  for (const one of list) counts.set(one, (counts.get(one) ?? 0) + 1);
  return counts;
}

const commonDivisor = (a: number, b: number): number => (b === 0 ? a : commonDivisor(b, a % b));

const amount = (count: number): string => (count === 1 ? "" : String(count));

/** Where there is carbon it comes first, then hydrogen. */
const placeOf = (symbol: string, counts: ReadonlyMap<string, number>): number =>
  counts.has("C") && (symbol === "C" || symbol === "H") ? ["C", "H"].indexOf(symbol) : 2;

const letter = (place: number): string => String.fromCharCode(65 + place);
