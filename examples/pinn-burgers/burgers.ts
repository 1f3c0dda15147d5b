// Burgers' equation as a problem: a sine that steepens into a shock.
import { recipe, type Settings as Size } from "@hooke/example-pinn-frame/training.ts";
import type { Watch } from "@hooke/example-pinn-frame/watch.ts";
import { box, type ErrorRow, errors, mlp, type Problem, problem, residual, type Solved, solve } from "@hooke/pinn";
import { add, type Backend, mul, sin, square, sub } from "@hooke/runtime";
import { exact, viscosity } from "./exact.ts";

/** How it is trained, and judged. */
export interface Settings extends Size {
  /** Values of `x` and `t` at which errors are measured. */
  readonly grid: { readonly x: number; readonly t: number };
}

export const full: Settings = { points: 2000, units: [20, 20, 20], steps: [500, 10_000], grid: { x: 201, t: 101 } };
export const small: Settings = { points: 800, units: [16, 16, 16], steps: [300, 1100], grid: { x: 101, t: 21 } };

/** The problem of Raissi, Perdikaris and Karniadakis 2019. Start and walls hold exactly: `-sin(pi x) + t (1 - x^2) N(x, t)`. */
export function burgers({ points, units }: Settings): Problem {
  const domain = box({ x: [-1, 1], t: [0, 1] });
  return problem({
    domain,
    fields: { u: mlp({ units }) },
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

/** Solves it with a seed: in its full size by what `solve` does where nothing is said. */
export const solveBurgers = (backend: Backend, settings: Settings, seed: number, watch: Watch = {}): Promise<Solved> =>
  solve(burgers(settings), { backend, seed, stages: recipe(settings).stages, ...watch });

/** Its errors against the exact solution. */
export async function errorOf({ solution }: Solved, { grid }: Settings): Promise<ErrorRow> {
  const { rows } = await errors(solution, {
    grid: { ...grid },
    exact: { u: ({ x, t }) => exact(x!, t!) },
  });
  return rows[0]!;
}
