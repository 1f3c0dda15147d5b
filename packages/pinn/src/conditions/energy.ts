// Energies: densities whose integral should be least (deep Ritz).
import { fail, show } from "@hooke/runtime";
import type { At, Quantity } from "../derivatives/at.ts";
import type { Points } from "../points/points.ts";
import { checkTerm, type Term, type TermOptions } from "./term.ts";

/**
 * An energy that should be least: the integral of a density over points (the deep Ritz method of E and Yu 2018). The energies of a problem add up to one, such
 * as that of strain inside, minus the work of tractions on a face: they share one scale. Conditions on the field itself are best exact.
 *
 * A strong minimizer can hide jumps between fixed points of a quadrature and fall below the true minimum. So {@link solve} draws the points anew, compares with
 * quadratures of other points, and goes back and ends the stage where they part. With the sampler {@link gauss} integrals are accurate; others draw points
 * that count the same, with errors like 1/sqrt(count).
 *
 * @param points where; on a boundary the integral is over the boundary
 * @param density energy per length, area or volume, `[n]`, or a record of several that are added
 * @throws if the density is no function
 * @example
 * ```ts
 * import { energy, gauss, interval, mlp, problem } from "@hooke/pinn";
 * import { div, mul, square } from "@hooke/runtime";
 *
 * // A bar of stiffness 1 that is fixed at 0, pulled with 0.5 at 1.
 * const bar = interval({ x: [0, 1] });
 * const pulled = problem({
 *   domain: bar,
 *   fields: { u: mlp({ units: [8] }) },
 *   exact: { u: ({ x, free }) => mul(x, free) },
 *   terms: {
 *     strain: energy(bar.interior(40, { sampler: gauss() }), ({ u, d }) => div(square(d(u, "x")), 2)),
 *     work: energy(bar.face("x", "high"), ({ u }) => mul(u, -0.5)),
 *   },
 * });
 * console.log(pulled.terms.work!.kind); // energy
 * ```
 */
export function energy(points: Points, density: (at: At) => Quantity, options: TermOptions = {}): Term {
  checkTerm("energy", points, options);
  if (typeof density !== "function") {
    fail(
      "energy",
      `received ${show(density)} as the density; expected a function such as ({ u, d }) => square(d(u, "x")).`,
    );
  }
  return Object.freeze({ kind: "energy", points, weight: options.weight ?? 1, record: (at: At) => density(at) });
}
