// The profile of a crack across a bar as the least energy of AT2.
import { recipe, type Settings } from "@hooke/example-pinn-frame/training.ts";
import type { Watch } from "@hooke/example-pinn-frame/watch.ts";
import { energy, errors, gauss, interval, mlp, type Problem, problem, type Solved, solve } from "@hooke/pinn";
import { crackDensity } from "@hooke/pinn/mechanics";
import { type Backend, mul, sub } from "@hooke/runtime";

export const full: Settings = { points: 320, units: [16, 16], steps: [500, 3000] };
export const small: Settings = { points: 160, units: [12], steps: [300, 600] };

/** Energy per area, the width of the profile, and the length of the bar on one side of the crack. */
const [Gc, length, side] = [2.7, 0.05, 1];

/** One side of the crack, which is at 0, exactly. */
export function crack({ points, units }: Settings): Problem {
  const bar = interval({ x: [0, side] });
  return problem({
    domain: bar,
    fields: { phi: mlp({ units }) },
    exact: { phi: ({ x, free }) => sub(1, mul(x, free)) },
    terms: {
      surface: energy(bar.interior(points, { sampler: gauss() }), ({ phi, d }) =>
        crackDensity(phi, d.gradient(phi), { Gc, length }),
      ),
    },
  });
}

/** The exact profile, and its energy. */
export const profile = (x: number): number => Math.cosh((side - x) / length) / Math.cosh(side / length);
export const least = (Gc / 2) * Math.tanh(side / length);

/** Solves it with a seed. */
export const solveCrack = (backend: Backend, settings: Settings, seed: number, watch: Watch = {}): Promise<Solved> =>
  solve(crack(settings), { backend, seed, ...recipe(settings), ...watch });

/** The relative error of the surface energy, by Simpson's rule at points that have nothing to do with those of the training. */
export async function errorOf({ solution }: Solved): Promise<number> {
  const count = 20_001;
  const places = Array.from({ length: count }, (_, i) => [(side * i) / (count - 1)]);
  const { density } = await solution.at(places, ({ phi, d }) => ({
    density: crackDensity(phi, d.gradient(phi), { Gc, length }),
  }));
  const weight = (i: number): number => (i === 0 || i === count - 1 ? 1 : i % 2 === 1 ? 4 : 2);
  const total = density!.reduce((sum, each, i) => sum + each * weight(i), 0);
  return Math.abs((total * side) / (3 * (count - 1)) / least - 1);
}

/** The relative L2 error of the profile. */
export async function profileErrorOf({ solution }: Solved): Promise<number> {
  const { rows } = await errors(solution, { grid: { x: 1001 }, exact: { phi: ({ x }) => profile(x!) } });
  return rows[0]!.relativeL2;
}
