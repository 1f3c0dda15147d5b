// A simply supported square plate under a load of one half-wave.
import { recipe, type Settings } from "@hooke/example-pinn-frame/training.ts";
import type { Watch } from "@hooke/example-pinn-frame/watch.ts";
import { box, errors, mlp, type Problem, problem, residual, type Solved, solve } from "@hooke/pinn";
import { edgeMoment, partials, plateLoad, plateMoments } from "@hooke/pinn/mechanics";
import { type Backend, mul, sin, sub } from "@hooke/runtime";

export const full: Settings = { points: 400, units: [20, 20, 20], steps: [500, 2000] };
export const small: Settings = { points: 150, units: [12, 12], steps: [200, 500] };

const stiffness = { D: 1, nu: 0.3 };

/** A square of side 1; edges do not move, which holds exactly, and bear no moment. */
export function plate({ points, units }: Settings): Problem {
  const square = box({ x: [0, 1], y: [0, 1] });
  return problem({
    domain: square,
    fields: { w: mlp({ units }) },
    exact: { w: ({ x, y, free }) => mul(mul(mul(x, sub(1, x)), mul(y, sub(1, y))), free) },
    terms: {
      balance: residual(square.interior(points), ({ w, x, y, d }) =>
        sub(plateLoad(partials(d, w, 4), stiffness), mul(sin(mul(x, Math.PI)), sin(mul(y, Math.PI)))),
      ),
      edges: residual(square.boundary(Math.ceil(points / 4)), ({ w, normal, d }) =>
        edgeMoment(plateMoments(partials(d, w, 2), stiffness), normal),
      ),
    },
  });
}

/** Its deflection (Navier; Timoshenko and Woinowsky-Krieger 1959, 27). */
export const deflection = (x: number, y: number): number =>
  (Math.sin(Math.PI * x) * Math.sin(Math.PI * y)) / (4 * Math.PI ** 4 * stiffness.D);

/** Solves it with a seed. */
export const solvePlate = (backend: Backend, settings: Settings, seed: number, watch: Watch = {}): Promise<Solved> =>
  solve(plate(settings), { backend, seed, ...recipe(settings), ...watch });

/** The relative L2 error of the deflection. */
export async function errorOf({ solution }: Solved): Promise<number> {
  const { rows } = await errors(solution, { grid: { x: 51, y: 51 }, exact: { w: ({ x, y }) => deflection(x!, y!) } });
  return rows[0]!.relativeL2;
}
