// Poisson's equation on a square with a hole, all conditions exact.
import { type At, box, difference, disk, exactDirichlet, mlp, problem, residual, sobol } from "@hooke/pinn";
import { add, mul, sin, type Tensor } from "@hooke/runtime";
import type { Classic } from "./classic.ts";

const wave = ({ x, y }: Pick<At, "x" | "y">): Tensor => mul(sin(mul(x, Math.PI)), sin(mul(y, Math.PI)));

/** A circle around (0.5, 0.4). */
export const radius = 0.2;

/** `u_xx + u_yy = -2 pi^2 sin(pi x) sin(pi y)` on the unit square without a disk; `sin(pi x) sin(pi y)`, which is 0 on the sides, is given on the circle. */
export const hole: Classic = {
  full: { points: 600, units: [20, 20], steps: [300, 2000] },
  small: { points: 300, units: [14, 14], steps: [200, 500] },
  problem: ({ points, units }) => {
    const square = box({ x: [0, 1], y: [0, 1] });
    const cut = disk({ center: { x: 0.5, y: 0.4 }, radius });
    const domain = difference(square, cut);
    return problem({
      domain,
      fields: { u: mlp({ units }) },
      exact: {
        u: exactDirichlet([
          { on: square.walls, value: 0 },
          { on: cut.outside, value: wave as never },
        ]),
      },
      terms: {
        equation: residual(domain.interior(points, { sampler: sobol() }), ({ u, x, y, d }) =>
          add(d.laplacian(u), mul(wave({ x, y }), 2 * Math.PI ** 2)),
        ),
      },
    });
  },
  exact: ({ x, y }) => Math.sin(Math.PI * x!) * Math.sin(Math.PI * y!),
  grid: { x: 61, y: 61 },
};
