// A block of rubber that is stretched by a fifth and pulled about inside: from its stress, and from its energy.
import { recipe, type Settings } from "@hooke/example-pinn-frame/training.ts";
import type { Watch } from "@hooke/example-pinn-frame/watch.ts";
import {
  type At,
  box,
  energy,
  errors,
  gauss,
  mlp,
  type Problem,
  problem,
  residual,
  type Solved,
  solve,
} from "@hooke/pinn";
import { deformationGradient, neoHookeanEnergy, neoHookeanStress } from "@hooke/pinn/mechanics";
import { add, type Backend, mul, sin, sub, type Tensor } from "@hooke/runtime";

export const full: Settings = { points: 600, units: [20, 20, 20], steps: [500, 2000] };
export const small: Settings = { points: 400, units: [12, 12], steps: [200, 400] };

/** By its stress: the divergence is a residual. By its energy: the integral, less the work of the body forces, is least. */
export type Form = "stress" | "energy";

const rubber = { E: 2, nu: 0.3 };

/** A displacement that is chosen; forces are those that it takes. It is affine on the edges. */
const chosen = ({ x, y }: At): Record<"x" | "y", Tensor> => {
  const bump = (times: number): Tensor => mul(sin(mul(x, times * Math.PI)), sin(mul(y, Math.PI)));
  return { x: add(mul(x, 0.2), mul(bump(1), 0.1)), y: add(mul(y, -0.1), mul(bump(2), 0.05)) };
};

/** Plane strain; what the edges do holds exactly. */
export function block({ points, units }: Settings, form: Form): Problem {
  const square = box({ x: [0, 1], y: [0, 1] });
  const inside = square.interior(points, form === "energy" ? { sampler: gauss() } : {});
  return problem({
    domain: square,
    fields: { u: mlp({ units, components: ["x", "y"] }) },
    exact: {
      u: ({ x, y, free }) => {
        const inner = mul(mul(x, sub(1, x)), mul(y, sub(1, y)));
        return { x: add(mul(x, 0.2), mul(inner, free.x)), y: add(mul(y, -0.1), mul(inner, free.y)) };
      },
    },
    derived: {
      chosen,
      chosenP: ({ chosen, d }) => neoHookeanStress(deformationGradient(d.gradient(chosen)), rubber),
      F: ({ u, d }) => deformationGradient(d.gradient(u)),
      P: ({ F }) => neoHookeanStress(F, rubber),
    },
    terms: {
      block:
        form === "stress"
          ? residual(inside, ({ P, chosenP, d }) => {
              const [found, force] = [d.divergence(P), d.divergence(chosenP)];
              return { x: sub(found.x, force.x), y: sub(found.y, force.y) };
            })
          : energy(inside, ({ F, u, chosenP, d }) => {
              const force = d.divergence(chosenP);
              return add(neoHookeanEnergy(F, rubber), add(mul(force.x, u.x), mul(force.y, u.y)));
            }),
    },
  });
}

/** Solves it in a form, with a seed. */
export const solveBlock =
  (form: Form) =>
  (backend: Backend, settings: Settings, seed: number, watch: Watch = {}): Promise<Solved> =>
    solve(block(settings, form), { backend, seed, ...recipe(settings), ...watch });

/** The larger of the relative L2 errors of the two displacements. */
export async function errorOf({ solution }: Solved): Promise<number> {
  const bump = (x: number, y: number, times: number): number => Math.sin(times * Math.PI * x) * Math.sin(Math.PI * y);
  const { rows } = await errors(solution, {
    grid: { x: 51, y: 51 },
    exact: {
      "u.x": ({ x, y }) => 0.2 * x! + 0.1 * bump(x!, y!, 1),
      "u.y": ({ x, y }) => -0.1 * y! + 0.05 * bump(x!, y!, 2),
    },
  });
  return Math.max(...rows.map(({ relativeL2 }) => relativeL2));
}
