// Convection as a problem: a sine that travels nearly five times around a circle.
import { adam, selfScaledBroyden } from "@hooke/minimize";
import {
  box,
  causal,
  type ErrorRow,
  errors,
  fixed,
  march,
  type Problem,
  problem,
  type Report,
  residual,
  type Solution,
  solve,
} from "@hooke/pinn";
import { add, type Backend, mul, sin } from "@hooke/runtime";
import { periodicMlp } from "./periodic.ts";

/** The speed of Krishnapriyan et al. 2021, at which plain networks fail. */
const speed = 30;

/** What is known. */
export const exact = ({ x, t }: Readonly<Record<string, number>>): number => Math.sin(x! - speed * t!);

/** `u_t + 30 u_x = 0` from `sin x`. The start holds exactly, and so does that it is periodic. */
export function convection({ units, points }: Pick<Settings, "units" | "points">): Problem {
  const domain = box({ x: [0, 2 * Math.PI], t: [0, 1] });
  return problem({
    domain,
    fields: { u: periodicMlp(units) },
    exact: { u: ({ x, t, free }) => add(sin(x), mul(t, free)) },
    terms: { equation: residual(domain.interior(points), ({ u, d }) => add(d(u, "t"), mul(d(u, "x"), speed))) },
  });
}

/** How it is solved: all at once, all at once with causal weights, or in windows of time. */
export type Way = "plain" | "causal" | "windows";

/** How it is trained; in windows, in each of five. */
export interface Settings {
  readonly units: readonly number[];
  /** Of the equation. */
  readonly points: number;
  /** Of Adam, then of self-scaled Broyden. */
  readonly steps: readonly [adam: number, broyden: number];
}

export const full: Readonly<Record<Way, Settings>> = {
  plain: { units: [20, 20, 20], points: 1500, steps: [300, 1500] },
  causal: { units: [20, 20, 20], points: 1500, steps: [300, 3000] },
  windows: { units: [16, 16], points: 500, steps: [200, 800] },
};

/** Of causal weights there is no small form: with 800 points and two layers of 16 units they found it for one seed in three. */
export const small: Readonly<Record<Way, Settings>> = {
  plain: { units: [16, 16], points: 800, steps: [200, 500] },
  causal: full.causal,
  windows: { units: [16, 16], points: 300, steps: [200, 300] },
};

/** Solves it with a seed. */
export async function solveConvection(
  backend: Backend,
  way: Way,
  { steps, ...size }: Settings,
  seed: number,
): Promise<{ readonly solution: Solution; readonly report: Report }> {
  const stages = [
    { method: adam({ learningRate: 5e-3 }), iterations: steps[0] },
    { method: selfScaledBroyden(), iterations: steps[1] },
  ];
  const options = { backend, seed, stages };
  if (way === "windows") return march(convection(size), { windows: 5 }, options);
  return solve(convection(size), { ...options, weights: way === "causal" ? causal({ every: 50 }) : fixed() });
}

/** Its error against the exact solution. */
export async function errorOf(solution: Solution): Promise<ErrorRow> {
  const { rows } = await errors(solution, { grid: { x: 101, t: 101 }, exact: { u: exact } });
  return rows[0]!;
}
