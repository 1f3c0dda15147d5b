// Penalties to choose from.
import type { Spectrum } from "../linear/spectrum.ts";

/** Numbers, evenly apart in their logarithms, times the mean eigenvalue. */
export function multiples({ values, rank }: Spectrum, count: number, least: number, most: number): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / rank;
  return Array.from({ length: count }, (_, i) => mean * least * (most / least) ** (i / (count - 1)));
}

/** Penalties, given or made of a spectrum, the largest first. */
export function largestFirst(penalties: readonly number[] | ((spectrum: Spectrum) => readonly number[])) {
  return (spectrum: Spectrum): number[] =>
    [...(typeof penalties === "function" ? penalties(spectrum) : penalties)].sort((a, b) => b - a);
}

/** What it says that the best penalty is the first or the last of those tried, largest first. */
export function atEdge(penalty: number, penalties: readonly number[]): string[] {
  if (penalties.length < 3) return [];
  const [most, least] = [penalties[0]!, penalties.at(-1)!];
  if (penalty === most) {
    return ["The largest penalty predicts best: the features say little about the targets, or there are too few rows."];
  }
  return penalty === least ? ["The smallest penalty predicts best; a smaller one may be better still."] : [];
}
