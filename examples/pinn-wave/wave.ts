// The wave equation as a problem: a string with two modes, let go from rest.
import { recipe, type Settings, type Windows } from "@hooke/example-pinn-frame/training.ts";
import type { Watch } from "@hooke/example-pinn-frame/watch.ts";
import { box, dirichlet, errors, type Marched, march, mlp, type Problem, problem, residual } from "@hooke/pinn";
import { add, type Backend, mul, sin, sub } from "@hooke/runtime";

/** The speed of waves. */
const speed = 2;

/** What is known: `sin(pi x) cos(2 pi t) + sin(2 pi x) cos(4 pi t) / 2`. */
export const exact = ({ x, t }: Readonly<Record<string, number>>): number =>
  [1, 0.5].reduce((total, size, i) => {
    const wave = (i + 1) * Math.PI;
    return total + size * Math.sin(wave * x!) * Math.cos(speed * wave * t!);
  }, 0);

/** The same in each of its windows. */
export const full: Settings & Windows = { windows: 4, points: 600, units: [16, 16], steps: [200, 800] };
export const small: Settings & Windows = { windows: 4, points: 250, units: [12, 12], steps: [200, 400] };

/** The problem. Its ends hold exactly; how it starts, and that it starts from rest, are terms. */
export function wave({ points, units }: Settings): Problem {
  const domain = box({ x: [0, 1], t: [0, 1] });
  const start = domain.face("t", "low", 100);
  return problem({
    domain,
    fields: { u: mlp({ units }) },
    exact: { u: ({ x, free }) => mul(mul(x, sub(1, x)), free) },
    terms: {
      equation: residual(domain.interior(points), ({ u, d }) => sub(d(u, "t", "t"), mul(d(u, "x", "x"), speed ** 2))),
      start: dirichlet(start, {
        u: ({ x }) => add(sin(mul(x, Math.PI)), mul(sin(mul(x, 2 * Math.PI)), 0.5)),
      }),
      rest: residual(start, ({ u, d }) => d(u, "t")),
    },
  });
}

/** Solves it with a seed. */
export const solveWave = (
  backend: Backend,
  settings: Settings & Windows,
  seed: number,
  watch: Watch = {},
): Promise<Marched> =>
  march(wave(settings), { windows: settings.windows }, { backend, seed, ...recipe(settings), ...watch });

/** Its relative L2 error against the exact solution. */
export async function errorOf({ solution }: Marched): Promise<number> {
  const { rows } = await errors(solution, { grid: { x: 101, t: 101 }, exact: { u: exact } });
  return rows[0]!.relativeL2;
}
