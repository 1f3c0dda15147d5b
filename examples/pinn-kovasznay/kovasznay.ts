// Kovasznay's flow as a problem: Navier-Stokes equations whose solution is known.
import { recipe, type Training } from "@hooke/example-pinn-frame/training.ts";
import type { Watch } from "@hooke/example-pinn-frame/watch.ts";
import { type At, box, dirichlet, errors, mlp, type Problem, problem, residual, type Solved, solve } from "@hooke/pinn";
import { add, type Backend, cos, exp, mul, sin, sub, type Tensor } from "@hooke/runtime";

/** The Reynolds number. */
export const reynolds = 40;
/** How fast the wake of the grid fades. */
export const decay = reynolds / 2 - Math.sqrt(reynolds ** 2 / 4 + 4 * Math.PI ** 2);

type Point = Readonly<Record<string, number>>;

/** The solution of Kovasznay 1948; the pressure is 0 at `x = 0`. */
export const exact = {
  "v.x": ({ x, y }: Point): number => 1 - Math.exp(decay * x!) * Math.cos(2 * Math.PI * y!),
  "v.y": ({ x, y }: Point): number => (decay / (2 * Math.PI)) * Math.exp(decay * x!) * Math.sin(2 * Math.PI * y!),
  p: ({ x }: Point): number => (1 - Math.exp(2 * decay * x!)) / 2,
};

/** The velocity of the solution as terms see it. */
const velocity = {
  x: ({ x, y }: At): Tensor => sub(1, mul(exp(mul(x, decay)), cos(mul(y, 2 * Math.PI)))),
  y: ({ x, y }: At): Tensor => mul(mul(exp(mul(x, decay)), sin(mul(y, 2 * Math.PI))), decay / (2 * Math.PI)),
};

/**
 * `(v . grad) v = -grad p + laplacian v / Re`, `div v = 0` on [-0.5, 1] x [-0.5, 1.5]; the velocity is given on all sides, the pressure on the right.
 */
export function kovasznay({ points }: Training): Problem {
  const domain = box({ x: [-0.5, 1], y: [-0.5, 1.5] });
  const inside = domain.interior(points);
  return problem({
    domain,
    fields: { v: mlp({ units: [20, 20, 20], components: ["x", "y"] }), p: mlp({ units: [20, 20] }) },
    terms: {
      momentum: residual(inside, ({ v, p, d }) => {
        const slope = d.gradient(v);
        const friction = d.laplacian(v);
        const balance = (along: Tensor, across: Tensor, pressure: Tensor, viscous: Tensor): Tensor =>
          sub(add(add(mul(v.x, along), mul(v.y, across)), pressure), mul(viscous, 1 / reynolds));
        return {
          x: balance(slope.xx!, slope.xy!, d(p, "x"), friction.x!),
          y: balance(slope.yx!, slope.yy!, d(p, "y"), friction.y!),
        };
      }),
      mass: residual(inside, ({ v, d }) => d.divergence(v)),
      sides: dirichlet(domain.boundary(200), { v: velocity }),
      outlet: dirichlet(domain.face("x", "high", 50), { p: exact.p({ x: 1 }) }),
    },
  });
}

export const full: Training = { points: 1000, steps: [500, 3000] };
export const small: Training = { points: 400, steps: [200, 300] };

/** Solves it with a seed. */
export const solveKovasznay = (
  backend: Backend,
  training: Training,
  seed: number,
  watch: Watch = {},
): Promise<Solved> => solve(kovasznay(training), { backend, seed, ...recipe(training), ...watch });

/** Its relative L2 errors against the exact solution, on 61 x 81 points: of both velocities and of the pressure. */
export async function errorsOf({ solution }: Solved): Promise<Record<string, number>> {
  const { rows } = await errors(solution, { grid: { x: 61, y: 81 }, exact });
  return Object.fromEntries(rows.map(({ name, relativeL2 }) => [name, relativeL2]));
}
