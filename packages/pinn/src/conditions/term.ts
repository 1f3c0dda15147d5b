// Terms: what must hold, and where.
import { type Check, checkArgument, checkOptions, checks, type Tensor } from "@hooke/runtime";
import type { At, Quantity } from "../derivatives/at.ts";
import type { PointSet, Points } from "../points/points.ts";

/** What a term contributes to the loss. */
export type TermKind = "squares" | "energy";

/** A term of a problem: an equation, a condition, data. */
export interface Term {
  /**
   * `"squares"`: what it returns should be zero, and the loss has the mean of its squares. `"energy"`: what it returns is a density whose
   * integral over the points should be least.
   */
  readonly kind: TermKind;
  readonly points: Points;
  /** Beside other terms. */
  readonly weight: number;
  /** Other places that belong to each point, such as its partner across a periodic cell: rows and columns of as many points. */
  readonly places?: readonly ((points: PointSet) => PointSet)[];
  /** Recorded on the points, and on {@link Term.places}: `[n]`, or a record of them. In the user's units. */
  record(at: At, ...others: readonly At[]): Quantity;
  /** Present where it holds measurements, whose noise is what makes identified numbers uncertain. */
  readonly data?: {
    /** The standard deviation of the noise, in the user's units; absent where it is not known. */
    readonly sd?: number;
    /** Measurements that are not fitted. */
    readonly heldOut?: Term;
  };
  /** What it says fields are, by field, `[n]` or a number for each component: fields are scaled by it. */
  targets?(at: At): Readonly<Record<string, readonly (Tensor | number)[]>>;
}

/** Options of every term. */
export interface TermOptions {
  /** How much it counts beside other terms, all of which are of the size of 1 at the start. Default 1. */
  readonly weight?: number;
}

/** A value, constant or by a function of what is known at the points. */
export type Given = number | ((at: At) => Tensor | number);

/** Values of fields by name; of a vector field by component. */
export type GivenValues = Readonly<Record<string, Given | Readonly<Record<string, Given>>>>;

/** Expects points. */
export const pointsCheck: Check = (value) =>
  typeof (value as Partial<Points> | null | undefined)?.draw === "function"
    ? undefined
    : "points, such as domain.interior(1000)";

/** Expects a term. */
export const termCheck: Check = (value) =>
  typeof (value as Partial<Term> | null | undefined)?.record === "function"
    ? undefined
    : 'a term, such as residual(domain.interior(1000), ({ u, d }) => d(u, "x"))';

/** Checks what every maker of terms is given. */
export function checkTerm(who: string, points: unknown, options: unknown): void {
  checkArgument(who, "the points", points, pointsCheck);
  checkOptions<TermOptions>(who, options, { optional: { weight: checks.positive } });
}
