// Convection as a problem: a sine that travels nearly five times around a circle.
import { recipe, type Settings, type Windows } from "@hooke/example-pinn-frame/training.ts";
import type { Watch } from "@hooke/example-pinn-frame/watch.ts";
import {
  box,
  causal,
  errors,
  fixed,
  march,
  mlp,
  type Problem,
  periodic,
  problem,
  type Report,
  residual,
  type Solution,
  solve,
} from "@hooke/pinn";
import { add, type Backend, mul, sin } from "@hooke/runtime";

/** The speed of Krishnapriyan et al. 2021, at which plain networks fail. */
const speed = 30;

/** What is known. */
export const exact = ({ x, t }: Readonly<Record<string, number>>): number => Math.sin(x! - speed * t!);

/** `u_t + 30 u_x = 0` from `sin x`. The start holds exactly, and so does that it is periodic. */
export function convection({ units, points }: Settings): Problem {
  const domain = box({ x: [0, 2 * Math.PI], t: [0, 1] });
  return problem({
    domain,
    fields: { u: mlp({ units, embedding: [periodic({ x: 2 * Math.PI })] }) },
    exact: { u: ({ x, t, free }) => add(sin(x), mul(t, free)) },
    terms: { equation: residual(domain.interior(points), ({ u, d }) => add(d(u, "t"), mul(d(u, "x"), speed))) },
  });
}

/** How it is solved: all at once, all at once with causal weights, or in windows of time. */
export type Way = "plain" | "causal" | "windows";

type Size = Settings & Partial<Windows>;

export const full: Readonly<Record<Way, Size>> = {
  plain: { units: [20, 20, 20], points: 1500, steps: [300, 1500] },
  causal: { units: [20, 20, 20], points: 1500, steps: [300, 3000] },
  windows: { windows: 5, units: [16, 16], points: 500, steps: [200, 800] },
};

/** Of causal weights there is no small form: with 800 points and two layers of 16 units they found it for one seed in three. */
export const small: Readonly<Record<Way, Size>> = {
  plain: { units: [16, 16], points: 800, steps: [200, 500] },
  causal: full.causal,
  windows: { windows: 5, units: [16, 16], points: 300, steps: [200, 300] },
};

/** Solves it in a way, with a seed. */
export const solveConvection =
  (way: Way) =>
  async (
    backend: Backend,
    settings: Size,
    seed: number,
    watch: Watch = {},
  ): Promise<{ readonly solution: Solution; readonly report: Report }> => {
    const options = { backend, seed, ...recipe(settings), ...watch };
    const { windows } = settings;
    if (windows !== undefined) return march(convection(settings), { windows }, options);
    return solve(convection(settings), { ...options, weights: way === "causal" ? causal({ every: 50 }) : fixed() });
  };

/** Its relative L2 error against the exact solution. */
export async function errorOf({ solution }: { readonly solution: Solution }): Promise<number> {
  const { rows } = await errors(solution, { grid: { x: 101, t: 101 }, exact: { u: exact } });
  return rows[0]!.relativeL2;
}
