// Weights that give terms of different strength the same say.
import type { Weights } from "./weighting.ts";

/**
 * Moves weights towards the inverse of strengths: `memory` of the last ones, the rest of `mean(strength) / strength`. A term without strength keeps its weight.
 *
 * @param strengths of the terms at weight 1
 */
export function balanced(
  before: Weights,
  strengths: Readonly<Record<string, number>>,
  memory: number,
): Record<string, number> {
  const all = Object.values(strengths);
  const mean = all.reduce((total, strength) => total + strength, 0) / all.length;
  const first = Object.keys(before).length === 0;
  return Object.fromEntries(
    Object.entries(strengths).map(([term, strength]) => {
      const last = (before[term] ?? 1) as number;
      if (!(strength > 0)) return [term, last];
      const next = mean / strength;
      return [term, first ? next : memory * last + (1 - memory) * next];
    }),
  );
}
