// A cantilever under its own weight as a problem of fourth order.
import { recipe, type Settings } from "@hooke/example-pinn-frame/training.ts";
import type { Watch } from "@hooke/example-pinn-frame/watch.ts";
import { errors, interval, mlp, type Problem, problem, residual, type Solved, solve } from "@hooke/pinn";
import { beamLoad, beamMoment, beamShear } from "@hooke/pinn/mechanics";
import { type Backend, mul, square, sub } from "@hooke/runtime";

export const full: Settings = { points: 200, units: [20, 20, 20], steps: [500, 5000] };
export const small: Settings = { points: 40, units: [10, 10], steps: [200, 1000] };

const beam = { EI: 1 };

/** Stiffness, length and load are 1; clamped at 0, which holds exactly, and free at 1. */
export function cantilever({ points, units }: Settings): Problem {
  const span = interval({ x: [0, 1] });
  const tip = span.face("x", "high");
  return problem({
    domain: span,
    fields: { w: mlp({ units }) },
    exact: { w: ({ x, free }) => mul(square(x), free) },
    terms: {
      balance: residual(span.interior(points), ({ w, d }) => sub(beamLoad(d(w, "x", "x", "x", "x"), beam), 1)),
      moment: residual(tip, ({ w, d }) => beamMoment(d(w, "x", "x"), beam)),
      shear: residual(tip, ({ w, d }) => beamShear(d(w, "x", "x", "x"), beam)),
    },
  });
}

/** Its deflection. */
export const deflection = (x: number): number => x ** 4 / 24 - x ** 3 / 6 + x ** 2 / 4;

/** Solves it with a seed. */
export const solveCantilever = (
  backend: Backend,
  settings: Settings,
  seed: number,
  watch: Watch = {},
): Promise<Solved> => solve(cantilever(settings), { backend, seed, ...recipe(settings), ...watch });

/** The relative L2 error of the deflection. */
export async function errorOf({ solution }: Solved): Promise<number> {
  const { rows } = await errors(solution, { grid: { x: 1001 }, exact: { w: ({ x }) => deflection(x!) } });
  return rows[0]!.relativeL2;
}
