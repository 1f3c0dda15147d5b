// Weightings: how terms, or their points, count beside each other while a problem is solved.
import { type Check, fail, type HostArray, quoted } from "@hooke/runtime";
import type { TermKind } from "../conditions/term.ts";
import type { Interval } from "../domains/domain.ts";

/** What a weighting may look at. */
export interface WeightingView {
  /** Iterations so far, all stages together. */
  readonly iteration: number;
  /** Whether points were drawn again since the last update. */
  readonly redrawn: boolean;
  /** The terms by name, and what each contributes. */
  readonly kinds: Readonly<Record<string, TermKind>>;
  /** The coordinates with their bounds, in the user's units. */
  readonly bounds: Readonly<Record<string, Interval>>;
  /** For what is drawn by chance: another one at each update, the same in each run. */
  readonly key: HostArray;
  /** By term: what it says at its training points, in terms of its scale, `[n]` for each component. */
  residuals(): Promise<Readonly<Record<string, readonly Float64Array[]>>>;
  /**
   * By term: the gradient of its part of the loss in all parameters.
   *
   * @param under weights. Default 1 for all
   */
  gradients(under?: Weights): Promise<Readonly<Record<string, Float64Array>>>;
  /**
   * By term, of squares: the mean over its points, and the sum over its components, of the squared gradient of what it says in all parameters, in terms
   * of its scale. The trace of its tangent kernel by the number of its points.
   */
  traces(): Promise<Readonly<Record<string, number>>>;
  /** By term: the coordinate's values at its training points. */
  coordinate(name: string): Readonly<Record<string, Float64Array>>;
}

/** A factor of a term's weight, or of each of its points' (mean 1 keeps the term's). */
export type Weights = Readonly<Record<string, number | Float64Array>>;

/** What a weighting remembers: JSON values and arrays, so that a solution can be resumed. */
export type Memory = null | number | string | Float64Array | readonly Memory[] | { readonly [name: string]: Memory };

/** Weights, and what the weighting remembers beside them. */
export interface Weighed {
  /** By term; one that is not there has 1. */
  readonly weights: Weights;
  readonly memory?: Memory;
}

/** How terms count. */
export interface Weighting {
  readonly name: string;
  /** How many iterations it waits between updates; 0: it never updates. It updates at the start, too, and where points are drawn again. */
  readonly every: number;
  /**
   * The next weights.
   *
   * @param before the last ones and what it remembered; no weights and no memory at the start
   */
  update(view: WeightingView, before: Weighed): Promise<Weighed>;
}

/** Expects a weighting. */
export const weightingCheck: Check = (value) =>
  typeof (value as Partial<Weighting> | null | undefined)?.update === "function"
    ? undefined
    : "a weighting: fixed(), gradientNorm(), relobralo(), tangentKernel(), residualAttention(), causal(), combined(...)";

/** Fails where a term is an energy, which has no residual. */
export function checkSquares(who: string, { kinds }: WeightingView): void {
  const energies = Object.keys(kinds).filter((name) => kinds[name] === "energy");
  if (energies.length === 0) return;
  fail(
    who,
    `weighs by residuals, which the energy ${quoted(energies)} does not have; use gradientNorm() or fixed().`,
    "unsupported",
  );
}

/** The mean of the squares of a term's residuals at some of its points, all components together. Default all points. */
export function meanSquare(components: readonly Float64Array[], at?: readonly number[]): number {
  const count = at?.length ?? components[0]!.length;
  let total = 0;
  for (const values of components) for (let i = 0; i < count; i++) total += values[at?.[i] ?? i]! ** 2;
  return total / Math.max(count, 1);
}
