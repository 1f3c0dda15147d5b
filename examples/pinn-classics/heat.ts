// Heat in a rod: the form of DeepXDE's demo.
import { box, mlp, problem, residual } from "@hooke/pinn";
import { add, mul, sin, sub } from "@hooke/runtime";
import type { Classic } from "./classic.ts";

const diffusivity = 0.4;

/** `u_t = 0.4 u_xx` from `sin(pi x)`, 0 at both ends. Start and ends hold exactly. */
export const heat: Classic = {
  full: { points: 400, units: [20, 20], steps: [300, 1500] },
  small: { points: 150, units: [12, 12], steps: [200, 300] },
  problem: ({ points, units }) => {
    const rod = box({ x: [0, 1], t: [0, 1] });
    return problem({
      domain: rod,
      fields: { u: mlp({ units }) },
      exact: { u: ({ x, t, free }) => add(sin(mul(x, Math.PI)), mul(mul(t, mul(x, sub(1, x))), free)) },
      terms: {
        equation: residual(rod.interior(points), ({ u, d }) => sub(d(u, "t"), mul(d(u, "x", "x"), diffusivity))),
      },
    });
  },
  exact: ({ x, t }) => Math.exp(-diffusivity * Math.PI ** 2 * t!) * Math.sin(Math.PI * x!),
  grid: { x: 101, t: 101 },
};
