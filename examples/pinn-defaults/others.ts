// Problems that no other example has: nothing was chosen by them.
import {
  box,
  data,
  dirichlet,
  energy,
  errors,
  gauss,
  interval,
  mlp,
  periodic,
  problem,
  residual,
  unknown,
} from "@hooke/pinn";
import { add, cos, exp, log, mul, sin, square, sub, type Tensor } from "@hooke/runtime";
import type { Case } from "./rows.ts";

const { PI } = Math;
const worst = async (table: ReturnType<typeof errors>): Promise<number> =>
  Math.max(...(await table).rows.map(({ relativeL2 }) => relativeL2));

/** `u_t = (u_xx + u_yy) / 10 + f` on a square; start and sides are terms. */
function heat(): Case {
  const domain = box({ x: [0, 1], y: [0, 1], t: [0, 1] });
  const mode = (x: Tensor, y: Tensor): Tensor => mul(sin(mul(x, PI)), sin(mul(y, 2 * PI)));
  const rate = 1 - 0.5 * PI ** 2;
  return {
    problem: problem({
      domain,
      fields: { T: mlp() },
      terms: {
        equation: residual(domain.interior(1500), ({ T, x, y, t, d }) =>
          sub(
            sub(d(T, "t"), mul(add(d(T, "x", "x"), d(T, "y", "y")), 0.1)),
            mul(mul(mode(x, y), exp(mul(t, -1))), -rate),
          ),
        ),
        start: dirichlet(domain.face("t", "low", 200), { T: ({ x, y }) => mode(x, y) }),
        sides: dirichlet(domain.faces("x", 100), { T: 0 }),
        ends: dirichlet(domain.faces("y", 100), { T: 0 }),
      },
    }),
    error: (solution) =>
      worst(
        errors(solution, {
          grid: { x: 21, y: 21, t: 11 },
          exact: { T: ({ x, y, t }) => Math.exp(-t!) * Math.sin(PI * x!) * Math.sin(2 * PI * y!) },
        }),
      ),
  };
}

/** `u' - 0.02 u'' = 1`, 0 at both ends: a layer at the right one. */
function layer(): Case {
  const domain = interval({ x: [0, 1] });
  const width = 0.02;
  return {
    problem: problem({
      domain,
      fields: { u: mlp() },
      terms: {
        equation: residual(domain.interior(300), ({ u, d }) => sub(sub(d(u, "x"), mul(d(u, "x", "x"), width)), 1)),
        ends: dirichlet(domain.faces("x", 2), { u: 0 }),
      },
    }),
    error: (solution) =>
      worst(
        errors(solution, {
          grid: { x: 1001 },
          exact: {
            u: ({ x }) => x! - (Math.exp((x! - 1) / width) - Math.exp(-1 / width)) / (1 - Math.exp(-1 / width)),
          },
        }),
      ),
  };
}

/** `u_tt - u_xx + u^3 = f` of Wang, Teng and Perdikaris 2021, whose solution is `x cos 5 pi t + (x t)^3`. */
function kleinGordon(): Case {
  const domain = box({ x: [0, 1], t: [0, 1] });
  const cube = (x: Tensor): Tensor => mul(square(x), x);
  const known = (x: Tensor, t: Tensor): Tensor => add(mul(x, cos(mul(t, 5 * PI))), cube(mul(x, t)));
  const start = domain.face("t", "low", 100);
  return {
    problem: problem({
      domain,
      fields: { u: mlp() },
      terms: {
        equation: residual(domain.interior(1500), ({ u, x, t, d }) => {
          const swing = mul(mul(x, cos(mul(t, 5 * PI))), -25 * PI ** 2);
          const source = add(add(swing, mul(sub(mul(cube(x), t), mul(x, cube(t))), 6)), cube(known(x, t)));
          return sub(add(sub(d(u, "t", "t"), d(u, "x", "x")), cube(u)), source);
        }),
        start: dirichlet(start, { u: ({ x }) => x }),
        rest: residual(start, ({ u, d }) => d(u, "t")),
        sides: dirichlet(domain.faces("x", 200), { u: ({ x, t }) => known(x, t) }),
      },
    }),
    error: (solution) =>
      worst(
        errors(solution, {
          grid: { x: 51, t: 101 },
          exact: { u: ({ x, t }) => x! * Math.cos(5 * PI * t!) + (x! * t!) ** 3 },
        }),
      ),
  };
}

/** A pendulum let go at 2 rad, three swings and a half, as two equations of first order. */
function pendulum(): Case {
  const end = 10;
  const domain = interval({ t: [0, end] });
  const start = domain.face("t", "low");
  return {
    problem: problem({
      domain,
      fields: { angle: mlp({ units: [20, 20] }), speed: mlp({ units: [20, 20] }) },
      terms: {
        angle: residual(domain.interior(300), ({ angle, speed, d }) => sub(d(angle, "t"), speed)),
        speed: residual(domain.interior(300), ({ angle, speed, d }) => add(d(speed, "t"), mul(sin(angle), 4))),
        start: dirichlet(start, { angle: 2, speed: 0 }),
      },
    }),
    error: (solution) => {
      const steps = 20_000;
      const [angles, speeds] = [[2], [0]];
      const rate = (a: number, s: number): readonly [number, number] => [s, -4 * Math.sin(a)];
      const h = end / steps;
      for (let i = 0; i < steps; i++) {
        const [a, s] = [angles[i]!, speeds[i]!];
        const k1 = rate(a, s);
        const k2 = rate(a + (h / 2) * k1[0], s + (h / 2) * k1[1]);
        const k3 = rate(a + (h / 2) * k2[0], s + (h / 2) * k2[1]);
        const k4 = rate(a + h * k3[0], s + h * k3[1]);
        angles.push(a + (h / 6) * (k1[0] + 2 * k2[0] + 2 * k3[0] + k4[0]));
        speeds.push(s + (h / 6) * (k1[1] + 2 * k2[1] + 2 * k3[1] + k4[1]));
      }
      const at = (values: readonly number[]) => Array.from({ length: 201 }, (_, i) => values[(i * steps) / 200]!);
      return worst(errors(solution, { grid: { t: 201 }, reference: { angle: at(angles), speed: at(speeds) } }));
    },
  };
}

/** Fisher's equation `u_t = u_xx + 100 u (1 - u)`: its front that travels (Ablowitz and Zeppetella 1979). */
function fisher(): Case {
  const domain = box({ x: [-1, 1], t: [0, 0.08] });
  const growth = 100;
  const steep = Math.sqrt(growth / 6);
  const known = ({ x, t }: { readonly x?: number; readonly t?: number }): number =>
    (1 + Math.exp(steep * (x! + 0.5) - ((5 * growth) / 6) * t!)) ** -2;
  const along = (x: Tensor, t: Tensor): Tensor => {
    const inner = add(exp(sub(mul(add(x, 0.5), steep), mul(t, (5 * growth) / 6))), 1);
    return exp(mul(log(inner), -2));
  };
  return {
    problem: problem({
      domain,
      fields: { u: mlp() },
      terms: {
        equation: residual(domain.interior(1500), ({ u, d }) =>
          sub(sub(d(u, "t"), d(u, "x", "x")), mul(mul(u, sub(1, u)), growth)),
        ),
        start: dirichlet(domain.face("t", "low", 100), { u: ({ x, t }) => along(x, t) }),
        sides: dirichlet(domain.faces("x", 100), { u: ({ x, t }) => along(x, t) }),
      },
    }),
    error: (solution) => worst(errors(solution, { grid: { x: 101, t: 51 }, exact: { u: known } })),
  };
}

/** A vortex of Taylor and Green that fades: Navier-Stokes in time, velocity given at the start and on the sides. */
function vortex(): Case {
  const domain = box({ x: [0, PI], y: [0, PI], t: [0, 2] });
  const viscosity = 0.1;
  const fade = (t: Tensor): Tensor => exp(mul(t, -2 * viscosity));
  const velocity = {
    x: ({ x, y, t }: Record<string, Tensor>): Tensor => mul(mul(mul(cos(x!), sin(y!)), -1), fade(t!)),
    y: ({ x, y, t }: Record<string, Tensor>): Tensor => mul(mul(sin(x!), cos(y!)), fade(t!)),
  };
  const inside = domain.interior(1500);
  return {
    problem: problem({
      domain,
      fields: { v: mlp({ components: ["x", "y"] }), p: mlp({ units: [20, 20] }) },
      terms: {
        momentum: residual(inside, ({ v, p, d }) => {
          const [slope, friction, rate] = [d.gradient(v), d.laplacian(v), d(v, "t")];
          const balance = (r: Tensor, a: Tensor, b: Tensor, pressure: Tensor, f: Tensor): Tensor =>
            sub(add(add(r, add(mul(v.x, a), mul(v.y, b))), pressure), mul(f, viscosity));
          return {
            x: balance(rate.x!, slope.xx!, slope.xy!, d(p, "x"), friction.x!),
            y: balance(rate.y!, slope.yx!, slope.yy!, d(p, "y"), friction.y!),
          };
        }),
        mass: residual(inside, ({ v, d }) => d.divergence(v)),
        start: dirichlet(domain.face("t", "low", 200), { v: velocity as never }),
        sides: dirichlet(domain.faces("x", 150), { v: velocity as never }),
        ends: dirichlet(domain.faces("y", 150), { v: velocity as never }),
      },
    }),
    error: (solution) =>
      worst(
        errors(solution, {
          grid: { x: 21, y: 21, t: 11 },
          exact: {
            "v.x": ({ x, y, t }) => -Math.cos(x!) * Math.sin(y!) * Math.exp(-2 * viscosity * t!),
            "v.y": ({ x, y, t }) => Math.sin(x!) * Math.cos(y!) * Math.exp(-2 * viscosity * t!),
          },
        }),
      ),
  };
}

/** A pulse that travels twice around a circle; its start is a term. */
function pulse(): Case {
  const domain = box({ x: [-1, 1], t: [0, 2] });
  return {
    problem: problem({
      domain,
      fields: { u: mlp({ embedding: [periodic({ x: 2 })] }) },
      terms: {
        equation: residual(domain.interior(1500), ({ u, d }) => add(d(u, "t"), mul(d(u, "x"), 2))),
        start: dirichlet(domain.face("t", "low", 100), { u: ({ x }) => exp(mul(sub(cos(mul(x, PI)), 1), 3)) }),
      },
    }),
    error: (solution) =>
      worst(
        errors(solution, {
          grid: { x: 101, t: 51 },
          exact: { u: ({ x, t }) => Math.exp(3 * (Math.cos(PI * (x! - 2 * t!)) - 1)) },
        }),
      ),
  };
}

/** Poisson's equation on a square as an energy. */
function membrane(): Case {
  const domain = box({ x: [0, 1], y: [0, 1] });
  return {
    problem: problem({
      domain,
      fields: { u: mlp() },
      exact: { u: ({ x, y, free }) => mul(mul(mul(x, sub(1, x)), mul(y, sub(1, y))), free) },
      terms: {
        work: energy(domain.interior(900, { sampler: gauss() }), ({ u, x, y, d }) => {
          const { x: ux, y: uy } = d.gradient(u);
          const load = mul(mul(sin(mul(x, PI)), sin(mul(y, 2 * PI))), 5 * PI ** 2);
          return sub(mul(add(square(ux!), square(uy!)), 0.5), mul(load, u));
        }),
      },
    }),
    error: (solution) =>
      worst(
        errors(solution, {
          grid: { x: 51, y: 51 },
          exact: { u: ({ x, y }) => Math.sin(PI * x!) * Math.sin(2 * PI * y!) },
        }),
      ),
  };
}

/** Damping and stiffness of an oscillator from 60 noisy readings. */
function oscillator(): Case {
  const domain = interval({ t: [0, 6] });
  const [damping, stiffness] = [0.4, 9];
  const beat = Math.sqrt(stiffness - damping ** 2 / 4);
  const known = (t: number): number => Math.exp((-damping / 2) * t) * Math.cos(beat * t);
  const t = Array.from({ length: 60 }, (_, i) => 0.05 + 0.1 * i);
  const u = t.map((time, i) => known(time) + 0.02 * Math.SQRT2 * Math.sin(i ** 3 + 1));
  return {
    problem: problem({
      domain,
      fields: { u: mlp({ units: [20, 20] }) },
      unknowns: { damping: unknown({ start: 1, positive: true }), stiffness: unknown({ start: 4, positive: true }) },
      terms: {
        equation: residual(domain.interior(200), ({ u, damping: c, stiffness: k, d }) =>
          add(add(d(u, "t", "t"), mul(d(u, "t"), c)), mul(u, k)),
        ),
        measured: data(domain, { t }, { u }, { sd: 0.02 }),
      },
    }),
    error: async ({ identified }) =>
      Math.max(
        Math.abs(identified.damping!.value / damping - 1),
        Math.abs(identified.stiffness!.value / stiffness - 1),
      ),
  };
}

/** By name. */
export const others: Readonly<Record<string, () => Case>> = {
  heat,
  layer,
  "Klein-Gordon": kleinGordon,
  pendulum,
  Fisher: fisher,
  vortex,
  pulse,
  membrane,
  oscillator,
};
