// Small graphs of unequal sizes, the same for every test: trees with a few rings, and atoms in space.
import { array } from "@hooke/runtime";
import type { Graph } from "./index.ts";

/** Numbers from 0 to 1 that look random. */
export function numbersFrom(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

/** Undirected edges as two directed ones, with features that both share. */
const bonds = (
  pairs: readonly (readonly [number, number])[],
  next: () => number,
): Pick<Graph, "senders" | "receivers" | "edges"> => {
  const features = pairs.map(() => [next(), next()]);
  return {
    senders: pairs.flat(),
    receivers: pairs.flatMap(([a, b]) => [b, a]),
    edges: pairs.flatMap((_, i) => [features[i]!, features[i]!]),
  };
};

/** Graphs of 2 to 9 nodes with 3 features, two features on edges. */
export function molecules(count: number, seed = 1): Graph[] {
  const next = numbersFrom(seed);
  return Array.from({ length: count }, () => {
    const size = 2 + Math.floor(next() * 8);
    const pairs = Array.from({ length: size - 1 }, (_, i): [number, number] => [Math.floor(next() * (i + 1)), i + 1]);
    if (size > 3 && next() > 0.5) pairs.push([0, size - 1]);
    return { nodes: Array.from({ length: size }, () => [next(), next(), next()]), ...bonds(pairs, next) };
  });
}

/** Clusters of 2 to 6 atoms, about 1.2 from each other, each a neighbour of all others. */
export function clusters(count: number, seed = 1): Graph[] {
  const next = numbersFrom(seed);
  return Array.from({ length: count }, () => {
    const size = 2 + Math.floor(next() * 5);
    const places = Array.from({ length: size }, (_, i) =>
      [i % 2, (i >> 1) % 2, i >> 2].map((at) => 1.2 * at + 0.3 * next()),
    );
    const pairs = places.flatMap((_, a) => places.flatMap((__, b) => (a === b ? [] : [[a, b] as const])));
    return {
      nodes: array(
        places.map(() => [1 + Math.floor(next() * 3)]),
        { dtype: "i32" },
      ),
      senders: pairs.map(([a]) => a),
      receivers: pairs.map(([, b]) => b),
      positions: places,
    };
  });
}
