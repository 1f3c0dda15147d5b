// Allen-Cahn's equation as a problem: phases that part, and stiff fronts between them.
import { adam, selfScaledBroyden } from "@hooke/minimize";
import { box, dirichlet, type Marched, march, type Problem, problem, residual, worstFirst } from "@hooke/pinn";
import { type Backend, cos, mul, square, sub } from "@hooke/runtime";
import { periodicMlp } from "./periodic.ts";
import { diffusion, allenCahn as reference } from "./reference.ts";

/** How it is trained, in each of its windows. */
export interface Settings {
  readonly windows: number;
  readonly units: readonly number[];
  /** Of the equation. */
  readonly points: number;
  /** Of Adam, then of self-scaled Broyden. */
  readonly steps: readonly [adam: number, broyden: number];
}

export const full: Settings = { windows: 5, units: [20, 20, 20], points: 800, steps: [300, 1000] };
export const small: Settings = { windows: 5, units: [20, 20], points: 500, steps: [200, 500] };

/** The problem of Raissi, Perdikaris and Karniadakis 2019. That it is periodic holds exactly; the start, whose slope is not, is a term. */
export function allenCahn({ units, points }: Pick<Settings, "units" | "points">): Problem {
  const domain = box({ x: [-1, 1], t: [0, 1] });
  return problem({
    domain,
    fields: { u: periodicMlp(units) },
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
export function solveAllenCahn(backend: Backend, settings: Settings, seed: number): Promise<Marched> {
  const { windows, steps } = settings;
  return march(
    allenCahn(settings),
    { windows },
    {
      backend,
      seed,
      stages: [
        { method: adam({ learningRate: 5e-3 }), iterations: steps[0] },
        { method: selfScaledBroyden(), iterations: steps[1] },
      ],
      resample: worstFirst({ every: 250 }),
    },
  );
}

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
