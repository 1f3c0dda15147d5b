// A layer of clay that is loaded at once and drains at its top.
import { recipe, type Settings } from "@hooke/example-pinn-frame/training.ts";
import type { Watch } from "@hooke/example-pinn-frame/watch.ts";
import { box, errors, mlp, neumann, type Problem, problem, residual, type Solved, solve } from "@hooke/pinn";
import { consolidationCoefficient, terzaghi } from "@hooke/pinn/mechanics";
import { add, type Backend, div, erf, mul, sqrt } from "@hooke/runtime";

export const full: Settings = { points: 500, units: [20, 20, 20], steps: [500, 2000] };
export const small: Settings = { points: 200, units: [10, 10], steps: [200, 300] };

/** mm^4/(N s) and N/mm^2 as of cartilage; a load of 0.1 N/mm^2 on 2 mm. Times reach to where about a twelfth of the pressure is left. */
const [load, depth, tissue, end] = [0.1, 2, { permeability: 2e-3, modulus: 0.5 }, 4000];
const coefficient = Number(consolidationCoefficient(tissue));

/**
 * The pressure is `load` everywhere at the start and zero at the drained surface from then on: a jump that no network has. The layer that it becomes is known,
 * `erf(x / sqrt(4 c t))`, so it is written down, and the network finds what the other end changes.
 */
export function consolidation({ points, units }: Settings): Problem {
  const layer = box({ x: [0, depth], t: [0, end] });
  return problem({
    domain: layer,
    fields: { p: mlp({ units }) },
    exact: {
      p: ({ x, t, free }) =>
        add(mul(erf(div(x, sqrt(mul(t, 4 * coefficient)))), load), mul(mul(div(x, depth), div(t, end)), free)),
    },
    terms: {
      flow: residual(layer.interior(points), ({ p, d }) =>
        terzaghi({ rate: d(p, "t"), curvature: d(p, "x", "x") }, tissue),
      ),
      bottom: neumann(layer.face("x", "high", Math.ceil(points / 8)), { p: 0 }),
    },
  });
}

/** The exact pressure, by its series; `t` above 0. */
export function pressure(x: number, t: number): number {
  let sum = 0;
  for (let m = 0; m < 200; m++) {
    const M = (Math.PI * (2 * m + 1)) / 2;
    sum += (2 / M) * Math.sin((M * x) / depth) * Math.exp((-M * M * coefficient * t) / depth ** 2);
  }
  return load * sum;
}

/** Solves it with a seed. */
export const solveConsolidation = (
  backend: Backend,
  settings: Settings,
  seed: number,
  watch: Watch = {},
): Promise<Solved> => solve(consolidation(settings), { backend, seed, ...recipe(settings), ...watch });

/** The relative L2 error of the pressure, from a thousandth of the time on. */
export async function errorOf({ solution }: Solved): Promise<number> {
  const points = Array.from({ length: 51 }, (_, i) =>
    Array.from({ length: 50 }, (_, j) => [(depth * i) / 50, (end * (j + 0.05)) / 50]),
  ).flat();
  const { rows } = await errors(solution, { points, exact: { p: ({ x, t }) => pressure(x!, t!) } });
  return rows[0]!.relativeL2;
}
