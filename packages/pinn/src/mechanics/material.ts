// Isotropic materials by two moduli.
import { type Check, checkOptions, fail, isTensor } from "@hooke/runtime";
import { minus, over, plus, positiveCheck, type Scalar, scalarCheck, times } from "./scalar.ts";

/** The moduli of an isotropic solid: Lame's, or Young's modulus and Poisson's ratio. Numbers, unknowns `[]` or fields `[n]`, in the user's units of stress. */
export type Moduli =
  | { readonly lambda: Scalar; readonly mu: Scalar; readonly E?: never; readonly nu?: never }
  | { readonly E: Scalar; readonly nu: Scalar; readonly lambda?: never; readonly mu?: never };

/** Lame's moduli. */
export interface Lame {
  readonly lambda: Scalar;
  /** The shear modulus. */
  readonly mu: Scalar;
}

/** Expects Poisson's ratio, between -1 and 1/2, or a tensor. */
export const poissonCheck: Check = (value) =>
  isTensor(value) || (typeof value === "number" && value > -1 && value < 0.5)
    ? undefined
    : "Poisson's ratio, a number between -1 and 0.5, or a tensor";

/**
 * Lame's moduli of an isotropic solid: `lambda = E nu / ((1 + nu) (1 - 2 nu))`, `mu = E / (2 (1 + nu))`.
 *
 * @throws unless it is given one of the two pairs
 * @example
 * ```ts
 * import { lame } from "@hooke/pinn/mechanics";
 *
 * console.log(lame({ E: 2.5, nu: 0.25 })); // { lambda: 1, mu: 1 }
 * ```
 */
export function lame(moduli: Moduli): Lame {
  return lameOf("lame", moduli);
}

/** {@link lame}, for functions that speak for themselves. Other options of theirs are checked by `optional`. */
export function lameOf(who: string, moduli: Moduli, optional: Readonly<Record<string, Check>> = {}): Lame {
  checkOptions(who, moduli, {
    optional: { lambda: scalarCheck, mu: positiveCheck, E: positiveCheck, nu: poissonCheck, ...optional },
  } as never);
  const { lambda, mu, E, nu } = moduli;
  if (lambda !== undefined && mu !== undefined && E === undefined && nu === undefined) return { lambda, mu };
  if (E === undefined || nu === undefined || lambda !== undefined || mu !== undefined) {
    return fail(who, "takes two moduli of a material; give { lambda, mu } or { E, nu }.");
  }
  const grown = plus(1, nu);
  return { lambda: over(times(E, nu), times(grown, minus(1, times(2, nu)))), mu: over(E, times(2, grown)) };
}
