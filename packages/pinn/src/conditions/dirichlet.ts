// Dirichlet conditions, initial conditions among them: what fields are.
import type { Points } from "../points/points.ts";
import { checkGiven, differences, targetsOf } from "./given.ts";
import { checkTerm, type GivenValues, type Term, type TermOptions } from "./term.ts";

/**
 * What fields, or derived quantities, are at points: on a wall, at the start.
 *
 * @param points where
 * @param values by field, and by component where it has some: numbers, or functions of what is known at the points
 * @example
 * ```ts
 * import { box, dirichlet } from "@hooke/pinn";
 * import { mul, sin } from "@hooke/runtime";
 *
 * const domain = box({ x: [0, 1], t: [0, 1] });
 * const start = dirichlet(domain.face("t", "low", 50), { u: ({ x }) => sin(mul(x, Math.PI)) });
 * const clamped = dirichlet(domain.face("x", "low", 50), { v: { x: 0, y: 0 } });
 * console.log(start.points.count + clamped.points.count); // 100
 * ```
 */
export function dirichlet(points: Points, values: GivenValues, options: TermOptions = {}): Term {
  checkTerm("dirichlet", points, options);
  checkGiven("dirichlet", values);
  return Object.freeze<Term>({
    kind: "squares",
    points,
    weight: options.weight ?? 1,
    record: (at) => differences("dirichlet", at, values, (name) => at[name]),
    targets: (at) => targetsOf(at, values),
  });
}
