// An elastic plate in plane strain whose moduli are identified from displacements.

import { normals, uniforms } from "@hooke/example-pinn-frame/noise.ts";
import { recipe, type Settings as Size } from "@hooke/example-pinn-frame/training.ts";
import type { Watch } from "@hooke/example-pinn-frame/watch.ts";
import { type At, box, data, mlp, type Problem, problem, residual, type Solved, solve, unknown } from "@hooke/pinn";
import { add, type Backend, cos, foldHost, mul, randomKey, sin, square, sub, type Tensor } from "@hooke/runtime";

/** The moduli of Lamé by which loads and measurements are made. */
export const truth = { lambda: 1, mu: 0.5 } as const;

/** How much is measured, and how long it is trained. */
export interface Settings extends Pick<Size, "units" | "steps"> {
  /** Points at which both displacements are measured. */
  readonly measurements: number;
  /** Standard deviation of the noise; displacements are up to 1. 0: none, and `solve` is not told. */
  readonly noise: number;
  /** Points of equilibrium, and on each pair of sides. */
  readonly points: readonly [inside: number, sides: number];
}

export const full: Settings = {
  measurements: 200,
  noise: 0.01,
  units: [20, 20],
  points: [400, 50],
  steps: [300, 2500],
};
export const small: Settings = { ...full, units: [12, 12], points: [200, 30], steps: [200, 600] };

const { PI } = Math;
const { lambda: L, mu: M } = truth;

/** The displacements of Haghighat et al. 2021. */
const displacements = (x: number, y: number): readonly [number, number] => [
  Math.cos(2 * PI * x) * Math.sin(PI * y),
  Math.sin(PI * x) * y ** 4,
];

/** The load that they take: minus the divergence of their stress. */
function load({ x, y }: At): { readonly x: Tensor; readonly y: Tensor } {
  const [u, sine] = [mul(cos(mul(x, 2 * PI)), sin(mul(y, PI))), sin(mul(x, PI))];
  const v = mul(sine, square(square(y)));
  const uxy = mul(mul(sin(mul(x, 2 * PI)), cos(mul(y, PI))), -2 * PI ** 2);
  const vxy = mul(mul(cos(mul(x, PI)), mul(square(y), y)), 4 * PI);
  const vyy = mul(mul(sine, square(y)), 12);
  return {
    x: sub(mul(u, (4 * (L + 2 * M) + M) * PI ** 2), mul(vxy, L + M)),
    y: sub(mul(v, M * PI ** 2), add(mul(uxy, L + M), mul(vyy, L + 2 * M))),
  };
}

/**
 * The plate of Haghighat et al. 2021, clamped at `y = 0`; its moduli start at 2.5. Displacements that are known on sides hold exactly.
 *
 * @param seed of places and noise
 */
export function inversePlate({ measurements, noise, units, points }: Settings, seed: number): Problem {
  const plate = box({ x: [0, 1], y: [0, 1] });
  const key = foldHost(randomKey(seed), "measurements");
  const places = uniforms(foldHost(key, "places"), 2 * measurements);
  const scatter = normals(foldHost(key, "noise"), 2 * measurements);
  const rows = Array.from({ length: measurements }, (_, i) => [places[2 * i]!, places[2 * i + 1]!] as const);
  const values = rows.map(([x, y], i) => displacements(x, y).map((u, k) => u + noise * scatter[2 * i + k]!));
  const measured = { u: { x: values.map(([ux]) => ux!), y: values.map(([, uy]) => uy!) } };
  return problem({
    domain: plate,
    fields: { u: mlp({ units, components: ["x", "y"] }) },
    unknowns: { lambda: unknown({ start: 2.5, positive: true }), mu: unknown({ start: 2.5, positive: true }) },
    exact: {
      u: ({ x, y, free }) => ({
        x: mul(mul(y, sub(1, y)), free.x),
        y: mul(mul(mul(x, sub(1, x)), y), free.y),
      }),
    },
    derived: {
      stress: ({ u, d, lambda, mu }) => {
        const { xx, xy, yx, yy } = d.gradient(u) as Record<"xx" | "xy" | "yx" | "yy", Tensor>;
        const pressure = mul(add(xx, yy), lambda);
        const normal = (strain: Tensor): Tensor => add(pressure, mul(mul(strain, mu), 2));
        return { xx: normal(xx), yy: normal(yy), xy: mul(add(xy, yx), mu) };
      },
    },
    terms: {
      equilibrium: residual(plate.interior(points[0]), (at) => {
        const [inner, outer] = [at.d.divergence(at.stress), load(at)];
        return { x: add(inner.x, outer.x), y: add(inner.y, outer.y) };
      }),
      sides: residual(plate.faces("x", points[1]), ({ stress }) => stress.xx),
      top: residual(plate.face("y", "high", points[1]), ({ stress, x }) =>
        sub(stress.yy, mul(sin(mul(x, PI)), 4 * (L + 2 * M))),
      ),
      measured: data(plate, rows, measured, noise > 0 ? { sd: noise } : {}),
    },
  });
}

/** Identifies the moduli; the seed is that of places, noise and network. */
export const identify = (backend: Backend, settings: Settings, seed: number, watch: Watch = {}): Promise<Solved> =>
  solve(inversePlate(settings, seed), { backend, seed, ...recipe(settings), ...watch });
