// Helmholtz' equation of a standing wave as a problem.
import { recipe, type Training } from "@hooke/example-pinn-frame/training.ts";
import type { Watch } from "@hooke/example-pinn-frame/watch.ts";
import { box, errors, type Field, type Problem, problem, residual, type Solved, siren, solve } from "@hooke/pinn";
import { add, type Backend, mul, sin, sub } from "@hooke/runtime";

/** Two waves along each side of the square. */
export const waveNumber = 4 * Math.PI;

/** The solution. */
export const exact = (x: number, y: number): number => Math.sin(waveNumber * x) * Math.sin(waveNumber * y);

/** Sines, whose frequency of 5 starts them with waves about as long as the domain. */
export const sines = (): Field => siren({ units: [20, 20, 20], frequency: 5 });

/**
 * `u_xx + u_yy + k^2 u = -k^2 sin kx sin ky` on the unit square, `u = 0` on its sides, which holds exactly.
 */
export function helmholtz({ points }: Training, field: Field = sines()): Problem {
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

export const full: Training = { points: 1000, steps: [500, 3000] };
export const small: Training = { points: 600, steps: [300, 500] };

/** Solves it by a network, with a seed. */
export const solveHelmholtz =
  (field: () => Field = sines) =>
  (backend: Backend, training: Training, seed: number, watch: Watch = {}): Promise<Solved> =>
    solve(helmholtz(training, field()), { backend, seed, ...recipe(training), ...watch });

/** Its relative L2 error against the exact solution, on 101 x 101 points. */
export async function errorOf({ solution }: Solved): Promise<number> {
  const { rows } = await errors(solution, { grid: { x: 101, y: 101 }, exact: { u: ({ x, y }) => exact(x!, y!) } });
  return rows[0]!.relativeL2;
}
