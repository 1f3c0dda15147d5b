// Helmholtz' equation of a standing wave as a problem.
import { adam, selfScaledBroyden } from "@hooke/minimize";
import {
  box,
  type ErrorRow,
  errors,
  type Field,
  type Problem,
  problem,
  residual,
  type Solved,
  type SolveOptions,
  siren,
  solve,
} from "@hooke/pinn";
import { add, type Backend, mul, sin, sub } from "@hooke/runtime";

/** Two waves along each side of the square. */
export const waveNumber = 4 * Math.PI;

/** The solution. */
export const exact = (x: number, y: number): number => Math.sin(waveNumber * x) * Math.sin(waveNumber * y);

/** Sines, whose frequency of 5 starts them with waves about as long as the domain. */
export const sines = (): Field => siren({ units: [20, 20, 20], frequency: 5 });

/**
 * `u_xx + u_yy + k^2 u = -k^2 sin kx sin ky` on the unit square, `u = 0` on its sides, which holds exactly.
 *
 * @param points of the equation
 */
export function helmholtz(points: number, field: Field = sines()): Problem {
  const square = box({ x: [0, 1], y: [0, 1] });
  const k2 = waveNumber ** 2;
  return problem({
    domain: square,
    fields: { u: field },
    exact: { u: ({ x, y, free }) => mul(mul(mul(x, sub(1, x)), mul(y, sub(1, y))), free) },
    terms: {
      equation: residual(square.interior(points), ({ u, d, x, y }) => {
        const source = mul(mul(sin(mul(x, waveNumber)), sin(mul(y, waveNumber))), -k2);
        return sub(add(d.laplacian(u), mul(u, k2)), source);
      }),
    },
  });
}

/** How long it is trained, and on how many points. */
export interface Settings {
  readonly points: number;
  /** Of Adam, then of self-scaled Broyden. */
  readonly steps: readonly [adam: number, broyden: number];
}

export const full: Settings = { points: 1000, steps: [500, 3000] };
export const small: Settings = { points: 600, steps: [300, 500] };

/** Solves it with a seed. */
export function solveHelmholtz(
  backend: Backend,
  { points, steps }: Settings,
  seed: number,
  field: Field = sines(),
  options: Pick<SolveOptions, "onProgress" | "signal"> = {},
): Promise<Solved> {
  return solve(helmholtz(points, field), {
    backend,
    seed,
    stages: [
      { method: adam({ learningRate: 5e-3 }), iterations: steps[0] },
      { method: selfScaledBroyden(), iterations: steps[1] },
    ],
    ...options,
  });
}

/** Its error against the exact solution, on 101 x 101 points. */
export async function errorOf({ solution }: Solved): Promise<ErrorRow> {
  const { rows } = await errors(solution, { grid: { x: 101, y: 101 }, exact: { u: ({ x, y }) => exact(x!, y!) } });
  return rows[0]!;
}
