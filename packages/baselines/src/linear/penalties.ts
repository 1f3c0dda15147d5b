// Penalties to choose from, the largest first, and what it says that the best of them is the first or the last.
import type { Spectrum } from "./spectrum.ts";

/** Numbers from the first to the last, evenly apart in their logarithms. */
export const spaced = (count: number, first: number, last: number): number[] =>
  Array.from({ length: count }, (_, i) => first * (last / first) ** (i / Math.max(1, count - 1)));

/** Numbers, evenly apart in their logarithms, times the mean eigenvalue. */
export function multiples({ values, rank }: Spectrum, count: number, most: number, least: number): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / rank;
  return spaced(count, mean * most, mean * least);
}

/** Penalties that were given, the largest first. */
export const largestFirst = (penalties: readonly number[] | undefined): number[] | undefined =>
  penalties?.toSorted((a, b) => b - a);

/**
 * A sentence where the best penalty is the first or the last of those tried, largest first.
 *
 * @param wasGiven whether someone chose them: of our own the least is next to none
 */
export function atEdge(penalty: number, penalties: readonly number[], wasGiven = true): string[] {
  if (penalties.length < 3) return [];
  const [most, least] = [penalties[0]!, penalties.at(-1)!];
  if (penalty === most) {
    return ["The largest penalty predicts best: the inputs say little about the target, or there are too few rows."];
  }
  return wasGiven && penalty === least
    ? ["The smallest penalty predicts best; a smaller one may be better still."]
    : [];
}
