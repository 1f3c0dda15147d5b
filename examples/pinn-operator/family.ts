// Poisson's equation for a family of sources, solved once: a DeepONet that is told the equation, and no solution.
import { defineLayer, dense, type Layer, sequential } from "@hooke/core";
import { uniforms } from "@hooke/example-pinn-frame/noise.ts";
import { recipe, type Settings } from "@hooke/example-pinn-frame/training.ts";
import type { Watch } from "@hooke/example-pinn-frame/watch.ts";
import { type At, box, deepONet, field, type Problem, problem, residual, type Solved, solve } from "@hooke/pinn";
import {
  add,
  array,
  type Backend,
  expandDims,
  foldHost,
  matmul,
  mul,
  randomKey,
  sin,
  sliceAxis,
  sub,
  type Tensor,
} from "@hooke/runtime";

/** `units` are those of the hidden layer of branch and trunk, and how many functions these make. */
export const full: Settings = { points: 2000, units: [30, 20], steps: [500, 3000] };
export const small: Settings = { points: 800, units: [20, 12], steps: [300, 400] };

/** Sources are sums of `a sin(k pi x)`, the coefficients `a` in [-1, 1]; the branch knows them at sensors. */
const [modes, sensors] = [3, 12];
const names = Array.from({ length: modes }, (_, k) => `a${k + 1}`);
const wave = (k: number, x: number): number => Math.sin((k + 1) * Math.PI * x);
/** From coefficients to the values at sensors, `[modes, sensors]`. */
const atSensors = array(
  names.map((_, k) => Array.from({ length: sensors }, (_, j) => wave(k, (j + 0.5) / sensors))),
  { dtype: "f64" },
);

const tanh = (units: number): Layer => dense({ units, activation: "tanh", kernelInitializer: "glorotNormal" });

/** A DeepONet as a field: each row is a place and a source. */
const operator = defineLayer({
  type: "example/operator",
  children: ({ units: [hidden, functions] }: { readonly units: readonly number[] }) => ({
    net: deepONet({
      branch: sequential([tanh(hidden!), dense({ units: functions! })]),
      trunk: sequential([tanh(hidden!), tanh(functions!)]),
    }),
  }),
  apply: ({ children: { net } }, rows) => {
    const [x, coefficients] = [sliceAxis(rows, 1, 0, 1), sliceAxis(rows, 1, 1, 1 + modes)];
    return net(matmul(coefficients, atSensors), { at: expandDims(x, 1) });
  },
});

const source = (at: At): Tensor =>
  names.map((name, k) => mul(at[name], sin(mul(at.x, (k + 1) * Math.PI)))).reduce((sum, each) => add(sum, each));

/**
 * `u_xx + f = 0` on [0, 1], 0 at both ends, which holds exactly, for all sources `f` of the family at once: their coefficients are coordinates, so that points are
 * drawn among places and sources alike. Wang, Wang and Perdikaris 2021.
 */
export function family({ points, units }: Settings): Problem {
  const domain = box({ x: [0, 1], ...Object.fromEntries(names.map((name) => [name, [-1, 1] as const])) });
  return problem({
    domain,
    fields: { u: field(operator({ units })) },
    exact: { u: ({ x, free }) => mul(mul(x, sub(1, x)), free) },
    terms: { equation: residual(domain.interior(points), (at) => add(at.d(at.u, "x", "x"), source(at))) },
  });
}

/** The solution for a source. */
export const exact = (coefficients: readonly number[], x: number): number =>
  coefficients.reduce((sum, a, k) => sum + (a * wave(k, x)) / ((k + 1) * Math.PI) ** 2, 0);

/** Solves it with a seed. */
export const solveFamily = (backend: Backend, settings: Settings, seed: number, watch: Watch = {}): Promise<Solved> =>
  solve(family(settings), { backend, seed, ...recipe(settings), ...watch });

/** Relative L2 errors for sources that are drawn by chance: their median and the worst. */
export async function errorsOf({ solution }: Pick<Solved, "solution">): Promise<Record<"median" | "worst", number>> {
  const count = 100;
  const found: number[] = [];
  for (let i = 0; i < count; i++) {
    const coefficients = [...uniforms(foldHost(randomKey(7), i), modes)].map((u) => 2 * u - 1);
    const x = Array.from({ length: 101 }, (_, j) => j / 100);
    const { u } = await solution.at(x.map((at) => [at, ...coefficients]));
    const known = x.map((at) => exact(coefficients, at));
    const wrong = known.reduce((sum, value, j) => sum + (u![j]! - value) ** 2, 0);
    found.push(Math.sqrt(wrong / known.reduce((sum, value) => sum + value ** 2, 0)));
  }
  found.sort((a, b) => a - b);
  return { median: found[count / 2]!, worst: found.at(-1)! };
}
