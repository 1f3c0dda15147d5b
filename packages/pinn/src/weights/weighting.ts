// Weightings: how terms, or their points, count beside each other while a problem is solved.
import type { Check } from "@hooke/runtime";

/** What a weighting may look at. */
export interface WeightingView {
  /** Iterations so far, all stages together. */
  readonly iteration: number;
  /** The names of the terms. */
  readonly terms: readonly string[];
  /** By term: what it says at its training points, in terms of its scale, `[n]` for each component. */
  residuals(): Promise<Readonly<Record<string, readonly Float64Array[]>>>;
  /** By term: the gradient of its part of the loss at weight 1, in all parameters. */
  gradients(): Promise<Readonly<Record<string, Float64Array>>>;
  /** By term: the coordinate's values at its training points. */
  coordinate(name: string): Readonly<Record<string, Float64Array>>;
}

/** A factor of a term's weight, or of each of its points' (mean 1 keeps the term's). */
export type Weights = Readonly<Record<string, number | Float64Array>>;

/** How terms count. What it remembers is JSON or arrays, so that a solution can be resumed. */
export interface Weighting {
  readonly name: string;
  /** How many iterations it waits between updates; 0: it never updates. */
  readonly every: number;
  /**
   * The next weights.
   *
   * @param weights the last ones, all 1 at the start
   */
  update(view: WeightingView, weights: Weights): Promise<Weights>;
}

/** Expects a weighting. */
export const weightingCheck: Check = (value) =>
  typeof (value as Partial<Weighting> | null | undefined)?.update === "function" ? undefined : "a weighting: fixed()";
