// Diffusion and reaction: the form of DeepXDE's demo, with modes from 1 to 8.
import { box, problem, residual, siren } from "@hooke/pinn";
import { add, exp, mul, sin, sub, type Tensor } from "@hooke/runtime";
import type { Classic } from "./classic.ts";

const modes = [1, 2, 3, 4, 8];

/** The sum of `factor(k) sin(k x)` over the modes. */
const series = (x: Tensor, factor: (k: number) => number): Tensor =>
  modes.map((k) => mul(sin(mul(x, k)), factor(k))).reduce((total, each) => add(total, each));

/**
 * `u_t = u_xx + e^-t (3/2 sin 2x + 8/3 sin 3x + 15/4 sin 4x + 63/8 sin 8x)` on [-pi, pi], 0 at both ends, from the sum of `sin(kx) / k` over `k` = 1, 2, 3, 4 and 8,
 * which then fades by `e^-t`. Start and ends hold exactly. Sines find the mode of eight waves sooner than tanh.
 */
export const reaction: Classic = {
  full: { points: 600, units: [20, 20, 20], steps: [500, 3000] },
  small: { points: 400, units: [20, 20], steps: [200, 500] },
  problem: ({ points, units }) => {
    const domain = box({ x: [-Math.PI, Math.PI], t: [0, 1] });
    return problem({
      domain,
      fields: { u: siren({ units, frequency: 5 }) },
      exact: {
        u: ({ x, t, free }) =>
          add(
            series(x, (k) => 1 / k),
            mul(mul(t, sub(Math.PI ** 2, mul(x, x))), free),
          ),
      },
      terms: {
        equation: residual(domain.interior(points), ({ u, x, t, d }) =>
          sub(
            sub(d(u, "t"), d(u, "x", "x")),
            mul(
              exp(mul(t, -1)),
              series(x, (k) => (k * k - 1) / k),
            ),
          ),
        ),
      },
    });
  },
  exact: ({ x, t }) => Math.exp(-t!) * modes.reduce((total, k) => total + Math.sin(k * x!) / k, 0),
  grid: { x: 201, t: 51 },
};
