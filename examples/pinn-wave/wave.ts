// The wave equation as a problem: a string with two modes, let go from rest.
import { adam, selfScaledBroyden } from "@hooke/minimize";
import {
  box,
  dirichlet,
  type ErrorRow,
  errors,
  type Marched,
  march,
  mlp,
  type Problem,
  problem,
  residual,
} from "@hooke/pinn";
import { add, type Backend, mul, sin, sub } from "@hooke/runtime";

/** The speed of waves. */
const speed = 2;

/** What is known: `sin(pi x) cos(2 pi t) + sin(2 pi x) cos(4 pi t) / 2`. */
export const exact = ({ x, t }: Readonly<Record<string, number>>): number =>
  [1, 0.5].reduce((total, size, i) => {
    const wave = (i + 1) * Math.PI;
    return total + size * Math.sin(wave * x!) * Math.cos(speed * wave * t!);
  }, 0);

/** How it is trained, in each of its windows. */
export interface Settings {
  readonly windows: number;
  /** Of the equation. */
  readonly points: number;
  /** Of Adam, then of self-scaled Broyden. */
  readonly steps: readonly [adam: number, broyden: number];
}

export const full: Settings = { windows: 4, points: 600, steps: [200, 800] };
export const small: Settings = { windows: 4, points: 400, steps: [200, 400] };

/** The problem. Its ends hold exactly; how it starts, and that it starts from rest, are terms. */
export function wave(points: number): Problem {
  const domain = box({ x: [0, 1], t: [0, 1] });
  const start = domain.face("t", "low", 100);
  return problem({
    domain,
    fields: { u: mlp({ units: [16, 16] }) },
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
export function solveWave(backend: Backend, { windows, points, steps }: Settings, seed: number): Promise<Marched> {
  return march(
    wave(points),
    { windows },
    {
      backend,
      seed,
      stages: [
        { method: adam({ learningRate: 5e-3 }), iterations: steps[0] },
        { method: selfScaledBroyden(), iterations: steps[1] },
      ],
    },
  );
}

/** Its error against the exact solution. */
export async function errorOf({ solution }: Marched): Promise<ErrorRow> {
  const { rows } = await errors(solution, { grid: { x: 101, t: 101 }, exact: { u: exact } });
  return rows[0]!;
}
