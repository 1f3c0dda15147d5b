// Voronoi cells: polygonal grains with a grey each, or of one grey with boundaries of the other phase (foams, etched grains).
import { type Field, highest } from "../field.ts";
import type { Random } from "../random.ts";
import { areaShare, type Kind } from "./kind.ts";

/** For each point, the nearest seed, and how much farther the second one is. */
function voronoi(random: Random, side: number): { readonly nearest: Uint16Array; readonly gap: Field; count: number } {
  const count = Math.round(random.logUniform(4, (side / 7) ** 2));
  const seeds = Array.from({ length: count }, () => [random.uniform(0, side), random.uniform(0, side)] as const);
  const nearest = new Uint16Array(side * side);
  const gap = new Float32Array(side * side);
  const half = side / 2;
  for (let y = 0, i = 0; y < side; y++) {
    for (let x = 0; x < side; x++, i++) {
      let [first, second, seed] = [Infinity, Infinity, 0];
      for (let s = 0; s < count; s++) {
        let dx = Math.abs(seeds[s]![0] - x);
        let dy = Math.abs(seeds[s]![1] - y);
        if (dx > half) dx = side - dx;
        if (dy > half) dy = side - dy;
        const square = dx * dx + dy * dy;
        if (square < first) [second, first, seed] = [first, square, s];
        else if (square < second) second = square;
      }
      nearest[i] = seed;
      gap[i] = Math.sqrt(second) - Math.sqrt(first);
    }
  }
  return { nearest, gap, count };
}

/** Bright cells and dark boundaries, or the other way round. */
export const foam: Kind = {
  name: "foam",
  draw(random, side) {
    const { gap } = voronoi(random, side);
    const cells = highest(gap, areaShare(random));
    return random.chance(0.5) ? cells : cells.map((value) => 1 - value);
  },
};

/** A grey for each grain; boundaries may be etched, dark. */
export const grains: Kind = {
  name: "grains",
  draw(random, side) {
    const { nearest, gap, count } = voronoi(random, side);
    const greys = Array.from({ length: count }, () => random.uniform(0.15, 1));
    const width = random.chance(0.6) ? random.uniform(0.5, 2.5) : 0;
    return gap.map((value, i) => (value < width ? 0 : greys[nearest[i]!]!));
  },
};
