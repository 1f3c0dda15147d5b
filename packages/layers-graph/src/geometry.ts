// Where nodes stand: vectors along edges, and functions of their lengths that end at a cutoff.
import type { Extras } from "@hooke/core";
import {
  add,
  and,
  convert,
  cos,
  describe,
  div,
  exp,
  greater,
  greaterEqual,
  HookeError,
  iota,
  less,
  mul,
  reshape,
  select,
  sin,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
} from "@hooke/runtime";
import { edgeValues, type Structure } from "./structure.ts";

/** Vectors from the receivers of edges to their senders. */
export interface EdgeVectors {
  /** `[edges, 3]`, 0 for edges that pad. */
  readonly vectors: Tensor;
  /** Their lengths, `[edges, 1]`, 1 for edges that pad or have no length, which have no derivative. */
  readonly distances: Tensor;
  /** Which edges have a length, `bool[edges, 1]`. */
  readonly apart: Tensor;
}

/** The positions of nodes, `[rows, nodes, 3]`. @throws if they are not given, or are of another shape */
export function positionsOf({ positions }: Partial<Extras>, x: Tensor): Tensor {
  const [rows, nodes] = x.shape as [number, number];
  if (positions === undefined || positions.shape.join() !== `${rows},${nodes},3`) {
    throw new HookeError(
      `expected the extra positions, [${rows}, ${nodes}, 3], received ${positions === undefined ? "none" : describe(positions)}.`,
      { code: "mismatch" },
    );
  }
  return positions;
}

/**
 * Vectors along edges. The extra `shifts`, `[rows, edges, 3]`, is added to the sender's position: the cell that it is in, where nodes repeat
 * periodically.
 */
export function vectorsOf(extras: Partial<Extras>, graph: Structure, positions: Tensor): EdgeVectors {
  const { shifts, senders } = extras;
  const between = sub(graph.at("senders", positions), graph.at("receivers", positions));
  const moved = shifts === undefined ? between : add(between, edgeValues("shifts", shifts, senders!));
  const exists = reshape(greaterEqual(graph.receivers, 0), [graph.receivers.shape[0]!, 1]);
  const vectors = select(exists, moved, 0);
  const squared = sum(square(vectors), { axes: 1, keepDims: true });
  const apart = greater(squared, 0);
  // The root has no derivative at 0: where there is no length it is taken of 1.
  return { vectors, distances: sqrt(select(apart, squared, 1)), apart };
}

/** `(cos(pi d / cutoff) + 1) / 2` up to the cutoff and 0 beyond, `[edges, 1]`; 0 too for edges without a length. */
export function cosineCutoff({ distances, apart }: EdgeVectors, cutoff: number): Tensor {
  const near = and(apart, less(distances, cutoff));
  return select(near, mul(add(cos(mul(distances, Math.PI / cutoff)), 1), 0.5), 0);
}

/** `count` Gaussians of the distance, with centres from 0 to the cutoff and their spacing as width: `[edges, count]`. */
export function gaussians({ distances }: EdgeVectors, count: number, cutoff: number): Tensor {
  const spacing = cutoff / Math.max(count - 1, 1);
  const centres = mul(convert(iota([1, count], 1), distances.dtype), spacing);
  return exp(mul(square(div(sub(distances, centres), spacing)), -0.5));
}

/** `sin(n pi d / cutoff) / d` for `n` from 1 to `count`: `[edges, count]`. */
export function sines({ distances }: EdgeVectors, count: number, cutoff: number): Tensor {
  const waves = mul(convert(add(iota([1, count], 1), 1), distances.dtype), Math.PI / cutoff);
  return div(sin(mul(distances, waves)), distances);
}
