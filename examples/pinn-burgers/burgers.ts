// Burgers' equation as a problem: a sine that steepens into a shock.
import { box, mlp, type Problem, problem, residual } from "@hooke/pinn";
import { add, mul, sin, square, sub } from "@hooke/runtime";
import { viscosity } from "./exact.ts";

/**
 * The problem of Raissi, Perdikaris and Karniadakis 2019. Start and walls hold exactly: `-sin(pi x) + t (1 - x^2) N(x, t)`.
 *
 * @param points of the equation
 */
export function burgers(points: number): Problem {
  const domain = box({ x: [-1, 1], t: [0, 1] });
  return problem({
    domain,
    fields: { u: mlp({ units: [20, 20, 20] }) },
    exact: {
      u: ({ x, t, free }) => sub(mul(mul(t, sub(1, square(x))), free), sin(mul(x, Math.PI))),
    },
    terms: {
      equation: residual(domain.interior(points), ({ u, d }) =>
        sub(add(d(u, "t"), mul(u, d(u, "x"))), mul(d(u, "x", "x"), viscosity)),
      ),
    },
  });
}
