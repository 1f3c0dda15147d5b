// Burgers' equation as it is identified: how strongly it convects, and how viscous it is.

import { exact, viscosity } from "@hooke/example-pinn-burgers/exact.ts";
import { normals, uniforms } from "@hooke/example-pinn-frame/noise.ts";
import { recipe, type Training } from "@hooke/example-pinn-frame/training.ts";
import type { Watch } from "@hooke/example-pinn-frame/watch.ts";
import { box, data, mlp, type Problem, problem, residual, type Solved, solve, unknown } from "@hooke/pinn";
import { add, type Backend, foldHost, mul, randomKey, sub } from "@hooke/runtime";

/** What is to be found: the coefficient of `u u_x`, and the viscosity. */
export const truth = { convection: 1, nu: viscosity } as const;

/** There are as many measurements as points of the equation. */
export const full: Training = { points: 2000, steps: [500, 6000] };

/**
 * The inverse problem of Raissi, Perdikaris and Karniadakis 2019: nothing but measurements of `u` at random points, with noise of 1 % of the root
 * mean square of `u`. Unknowns start at 0 and exp(-6).
 *
 * @param seed of points and noise
 */
export function inverseBurgers({ points }: Training, seed: number): Problem {
  const domain = box({ x: [-1, 1], t: [0, 1] });
  const key = foldHost(randomKey(seed), "measurements");
  const places = uniforms(foldHost(key, "places"), 2 * points);
  const x = Array.from({ length: points }, (_, i) => 2 * places[2 * i]! - 1);
  const t = x.map((_, i) => places[2 * i + 1]!);
  const u = x.map((at, i) => exact(at, t[i]!));
  const sd = 0.01 * Math.sqrt(u.reduce((total, each) => total + each * each, 0) / points);
  const noise = normals(foldHost(key, "noise"), points);
  return problem({
    domain,
    fields: { u: mlp({ units: [20, 20, 20] }) },
    unknowns: { convection: unknown({ start: 0 }), nu: unknown({ start: Math.exp(-6), positive: true }) },
    terms: {
      equation: residual(domain.interior(points), ({ u, convection, nu, d }) =>
        sub(add(d(u, "t"), mul(mul(u, d(u, "x")), convection)), mul(d(u, "x", "x"), nu)),
      ),
      measured: data(domain, { x, t }, { u: u.map((value, i) => value + sd * noise[i]!) }, { sd, holdOut: 0.1 }),
    },
  });
}

/** Identifies the two numbers; the seed is that of points, noise and network. */
export const identify = (backend: Backend, settings: Training, seed: number, watch: Watch = {}): Promise<Solved> =>
  solve(inverseBurgers(settings, seed), { backend, seed, ...recipe(settings), ...watch });
