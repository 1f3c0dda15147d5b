// Parts of domains that unit cubes can be laid onto.
import type { PointSet } from "./points.ts";

/** Whether a point belongs to a part, by its coordinates and, on a boundary, its normal. */
export type Test = (point: Float64Array, normal: Float64Array) => boolean;

/** A part of a domain: its inside, a face. */
export interface Part {
  readonly coordinates: readonly string[];
  /** Of what is kept of it. */
  readonly measure: number;
  readonly columns: readonly string[];
  /** How many numbers of the unit interval a point is made of. */
  readonly dimensions: number;
  /** Lays points of the unit cube, `[count, dimensions]`, onto the part; uniform ones stay uniform. */
  place(unit: Float64Array, count: number): PointSet;
  /** Where only some of the points that are laid so belong to it: which share of them, and which. Default all. */
  readonly kept?: { readonly share: number; readonly test: Test };
}
