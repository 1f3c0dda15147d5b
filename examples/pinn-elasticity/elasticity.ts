// Plane elasticity with body forces: the problem of Haghighat et al. 2021.
import { recipe, type Settings } from "@hooke/example-pinn-frame/training.ts";
import type { Watch } from "@hooke/example-pinn-frame/watch.ts";
import { box, errors, mlp, type Problem, problem, residual, type Solved, solve } from "@hooke/pinn";
import { linearStress, strain, traction } from "@hooke/pinn/mechanics";
import { add, type Backend, cos, mul, pow, sin, sub, type Tensor } from "@hooke/runtime";

export const full: Settings = { points: 400, units: [24, 24], steps: [500, 6000] };
export const small: Settings = { points: 200, units: [12, 12], steps: [200, 800] };

const [lambda, mu, Q] = [1, 0.5, 4];
const solid = { lambda, mu, plane: "strain" } as const;
const wave = (fn: (x: Tensor) => Tensor, x: Tensor, times = 1): Tensor => fn(mul(x, times * Math.PI));

/** Forces per area that the exact displacements are in balance with. */
function force(x: Tensor, y: Tensor): { readonly x: Tensor; readonly y: Tensor } {
  const bend = mul(mul(pow(y, 3), wave(cos, x)), -Math.PI * Q * (lambda + mu));
  const spread = mul(mul(wave(sin, y), wave(cos, x, 2)), Math.PI ** 2 * (4 * lambda + 9 * mu));
  const pressed = add(mul(pow(y, 2), -3 * Q * (lambda + 2 * mu)), mul(pow(y, 4), (Math.PI ** 2 * Q * mu) / 4));
  const twisted = mul(mul(wave(cos, x), wave(cos, y)), 4 * Math.PI ** 2 * (lambda + mu));
  return { x: add(bend, spread), y: mul(add(pressed, twisted), wave(sin, x)) };
}

/**
 * The problem of Haghighat, Raissi, Moure, Gomez and Juanes 2021. What displacements are on edges holds exactly; tractions are terms.
 */
export function elasticity({ points, units }: Settings): Problem {
  const square = box({ x: [0, 1], y: [0, 1] });
  const edge = Math.ceil(points / 16);
  return problem({
    domain: square,
    fields: { u: mlp({ units, components: ["x", "y"] }) },
    exact: {
      u: ({ x, y, free }) => ({ x: mul(mul(y, sub(1, y)), free.x), y: mul(mul(mul(x, sub(1, x)), y), free.y) }),
    },
    derived: { stress: ({ u, d }) => linearStress(strain(d.gradient(u)), solid) },
    terms: {
      equilibrium: residual(square.interior(points), ({ stress, x, y, d }) => {
        const [inner, outer] = [d.divergence(stress), force(x, y)];
        return { x: add(inner.x, outer.x), y: add(inner.y, outer.y) };
      }),
      sides: residual(square.faces("x", 2 * edge), ({ stress, normal }) => traction(stress, normal).x!),
      top: residual(square.face("y", "high", edge), ({ stress, normal, x }) =>
        sub(traction(stress, normal).y!, mul(wave(sin, x), (lambda + 2 * mu) * Q)),
      ),
    },
  });
}

type Point = Readonly<Record<string, number>>;

/** The exact displacements. */
export const displacement = {
  x: ({ x, y }: Point): number => Math.cos(2 * Math.PI * x!) * Math.sin(Math.PI * y!),
  y: ({ x, y }: Point): number => (Math.sin(Math.PI * x!) * Q * y! ** 4) / 4,
};

/** Solves it with a seed. */
export const solveElasticity = (
  backend: Backend,
  settings: Settings,
  seed: number,
  watch: Watch = {},
): Promise<Solved> => solve(elasticity(settings), { backend, seed, ...recipe(settings), ...watch });

/** The larger of the relative L2 errors of the two displacements. */
export async function errorOf({ solution }: Solved): Promise<number> {
  const exact = { "u.x": displacement.x, "u.y": displacement.y };
  const { rows } = await errors(solution, { grid: { x: 51, y: 51 }, exact });
  return Math.max(...rows.map(({ relativeL2 }) => relativeL2));
}
