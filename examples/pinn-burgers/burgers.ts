// Burgers' equation as a problem: a sine that steepens into a shock.
import { adam, selfScaledBroyden } from "@hooke/minimize";
import {
  box,
  type ErrorRow,
  errors,
  mlp,
  type Problem,
  problem,
  residual,
  type Solved,
  type SolveOptions,
  solve,
  worstFirst,
} from "@hooke/pinn";
import { add, type Backend, mul, sin, square, sub } from "@hooke/runtime";
import { exact, viscosity } from "./exact.ts";

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

/** How long it is trained, and on how many points. */
export interface Settings {
  readonly points: number;
  /** Of Adam, then of self-scaled Broyden. */
  readonly steps: readonly [adam: number, broyden: number];
  /** Values of `x` and `t` at which errors are measured. */
  readonly grid: { readonly x: number; readonly t: number };
}

export const full: Settings = { points: 2000, steps: [500, 8000], grid: { x: 201, t: 101 } };
export const small: Settings = { points: 1500, steps: [300, 1200], grid: { x: 101, t: 21 } };

/** Solves it with a seed. */
export function solveBurgers(
  backend: Backend,
  { points, steps }: Settings,
  seed: number,
  options: Pick<SolveOptions, "onProgress" | "signal"> = {},
): Promise<Solved> {
  return solve(burgers(points), {
    backend,
    seed,
    stages: [
      { method: adam({ learningRate: 5e-3 }), iterations: steps[0] },
      { method: selfScaledBroyden(), iterations: steps[1] },
    ],
    resample: worstFirst({ every: 500 }),
    ...options,
  });
}

/** Its errors against the exact solution. */
export async function errorOf({ solution }: Solved, { grid }: Settings): Promise<ErrorRow> {
  const { rows } = await errors(solution, {
    grid: { ...grid },
    exact: { u: ({ x, t }) => exact(x!, t!) },
  });
  return rows[0]!;
}
