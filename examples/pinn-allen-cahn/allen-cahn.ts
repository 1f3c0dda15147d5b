// Allen-Cahn's equation as a problem: phases that part, and stiff fronts between them.
import { recipe, type Settings, type Windows } from "@hooke/example-pinn-frame/training.ts";
import type { Watch } from "@hooke/example-pinn-frame/watch.ts";
import {
  box,
  dirichlet,
  type Marched,
  march,
  mlp,
  type Problem,
  periodic,
  problem,
  residual,
  worstFirst,
} from "@hooke/pinn";
import { type Backend, cos, mul, square, sub } from "@hooke/runtime";
import { diffusion, allenCahn as reference } from "./reference.ts";

/** The same in each of its windows. */
export const full: Settings & Windows = { windows: 5, units: [20, 20, 20], points: 800, steps: [300, 1000] };
export const small: Settings & Windows = { windows: 5, units: [12, 12], points: 200, steps: [200, 600] };

/** The problem of Raissi, Perdikaris and Karniadakis 2019. That it is periodic holds exactly; the start, whose slope is not, is a term. */
export function allenCahn({ units, points }: Settings): Problem {
  const domain = box({ x: [-1, 1], t: [0, 1] });
  return problem({
    domain,
    fields: { u: mlp({ units, embedding: [periodic({ x: 2 })] }) },
    terms: {
      equation: residual(domain.interior(points), ({ u, d }) =>
        sub(sub(d(u, "t"), mul(d(u, "x", "x"), diffusion)), mul(mul(u, sub(1, square(u))), 5)),
      ),
      start: dirichlet(
        domain.face("t", "low", 200),
        { u: ({ x }) => mul(square(x), cos(mul(x, Math.PI))) },
        { weight: 100 },
      ),
    },
  });
}

/** Solves it with a seed. */
export const solveAllenCahn = (
  backend: Backend,
  settings: Settings & Windows,
  seed: number,
  watch: Watch = {},
): Promise<Marched> =>
  march(
    allenCahn(settings),
    { windows: settings.windows },
    { backend, seed, ...recipe(settings), resample: worstFirst({ every: 250, stale: 0 }), ...watch },
  );

/** Its relative L2 error on 256 x 101 points, against the spectral reference. */
export async function errorOf({ solution }: Marched): Promise<number> {
  const [modes, times, count] = [1024, 100, 256];
  const x = Array.from({ length: count }, (_, i) => -1 + (2 * i) / count);
  let [wrong, size] = [0, 0];
  for (const [j, values] of reference(modes, 200, times).entries()) {
    const { u } = await solution.at({ x, t: x.map(() => j / times) });
    for (const [i, value] of u!.entries()) {
      const known = values[(i * modes) / count]!;
      wrong += (value - known) ** 2;
      size += known ** 2;
    }
  }
  return Math.sqrt(wrong / size);
}
