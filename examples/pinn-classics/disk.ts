// Laplace's equation on a disk, with what is known of the circle as a term.
import { dirichlet, disk, mlp, problem, residual, sobol } from "@hooke/pinn";
import { cos, exp, mul } from "@hooke/runtime";
import type { Classic } from "./classic.ts";

/**
 * `u_xx + u_yy = 0` on the unit disk; on the circle `u = e^x cos y`, which is harmonic. DeepXDE's demo has `r cos(theta)`, which is `x` in these coordinates:
 * too easy.
 */
export const laplace: Classic = {
  full: { points: 400, units: [20, 20], steps: [300, 2000] },
  small: { points: 150, units: [14, 14], steps: [200, 500] },
  problem: ({ points, units }) => {
    const domain = disk({ center: { x: 0, y: 0 }, radius: 1 });
    const circle = domain.boundary(Math.ceil(points / 2.5), { sampler: sobol() });
    return problem({
      domain,
      fields: { u: mlp({ units }) },
      terms: {
        equation: residual(domain.interior(points), ({ u, d }) => d.laplacian(u)),
        circle: dirichlet(circle, { u: ({ x, y }) => mul(exp(x), cos(y)) }),
      },
    });
  },
  exact: ({ x, y }) => Math.exp(x!) * Math.cos(y!),
  grid: { x: 51, y: 51 },
};
