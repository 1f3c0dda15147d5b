// Residuals: differential equations, and all else that should be zero.
import { fail, show } from "@hooke/runtime";
import type { At, Quantity } from "../derivatives/at.ts";
import type { Points } from "../points/points.ts";
import { checkTerm, type Term, type TermOptions } from "./term.ts";

/**
 * What should be zero at points: an equation.
 *
 * @param points where
 * @param equation left side minus right side, `[n]`, or a record of several
 * @example
 * ```ts
 * import { box, residual } from "@hooke/pinn";
 * import { mul, sub } from "@hooke/runtime";
 *
 * const domain = box({ x: [0, 1], t: [0, 1] });
 * const heat = residual(domain.interior(500), ({ u, d }) => sub(d(u, "t"), mul(d(u, "x", "x"), 0.4)));
 * console.log(heat.kind, heat.points.count); // squares 500
 * ```
 */
export function residual(points: Points, equation: (at: At) => Quantity, options: TermOptions = {}): Term {
  checkTerm("residual", points, options);
  if (typeof equation !== "function") {
    fail(
      "residual",
      `received ${show(equation)} as the equation; expected a function such as ({ u, d }) => d(u, "x").`,
    );
  }
  return Object.freeze({ kind: "squares", points, weight: options.weight ?? 1, record: (at: At) => equation(at) });
}
