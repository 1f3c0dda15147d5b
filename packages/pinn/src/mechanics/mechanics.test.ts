import { wasmBackend } from "@hooke/backend-wasm";
import { adam } from "@hooke/minimize";
import { add, array, cos, exp, grad, mul, referenceBackend, run, sin, square, sum, type Tensor } from "@hooke/runtime";
import { expect, test } from "vitest";
import { type At, box, mlp, problem, residual, solve } from "../index.ts";
import {
  beamEnergy,
  beamLoad,
  beamMoment,
  beamShear,
  type Components,
  consolidationCoefficient,
  crackBalance,
  crackDensity,
  darcyFlux,
  deformationGradient,
  degradation,
  edgeMoment,
  effectiveShear,
  fluidBalance,
  lame,
  linearEnergy,
  linearStress,
  neoHookeanEnergy,
  neoHookeanStress,
  partials,
  plateEnergy,
  plateLoad,
  plateMoments,
  plateRigidity,
  plateShear,
  strain,
  terzaghi,
  totalStress,
  traction,
} from "./index.ts";

type Numbers = Readonly<Record<string, number>>;

/** Components at two points: the numbers, and half of them. */
const points = (numbers: Numbers) =>
  Object.fromEntries(
    Object.entries(numbers).map(([name, value]) => [name, array([value, value / 2], { dtype: "f64" })]),
  );

async function evaluate(
  fn: (given: Components) => Tensor | Components,
  numbers: Numbers,
): Promise<Record<string, number>> {
  const found = await run(
    referenceBackend(),
    (given: Components) => ({ out: fn(given) }) as never,
    points(numbers) as never,
  );
  const { out } = found as unknown as { out: { data: Float64Array } | Record<string, { data: Float64Array }> };
  if ("data" in out && out.data instanceof Float64Array) return { "": out.data[0]! };
  return Object.fromEntries(Object.entries(out).map(([name, { data }]) => [name, data[0]!]));
}

function close(found: Numbers, expected: Numbers, digits = 12): void {
  expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, value] of Object.entries(expected)) {
    const size = Math.max(1, ...Object.values(expected).map(Math.abs));
    expect(found[name]! / size, name).toBeCloseTo(value / size, digits);
  }
}

const flat = { xx: 0.31, xy: -0.12, yx: 0.27, yy: -0.16 };
const solid3 = { ...flat, xz: 0.05, yz: -0.21, zx: 0.11, zy: 0.08, zz: 0.19 };

test("moduli are Lame's or Young's and Poisson's", () => {
  expect(lame({ E: 210, nu: 0.3 })).toEqual({ lambda: (210 * 0.3) / (1.3 * 0.4), mu: 210 / 2.6 });
  expect(lame({ lambda: 2, mu: 3 })).toEqual({ lambda: 2, mu: 3 });
  expect(() => lame({ E: 1, mu: 2 } as never)).toThrow(
    "lame: takes two moduli of a material; give { lambda, mu } or { E, nu }.",
  );
  expect(() => lame({ E: 1, nu: 0.5 })).toThrow(/nu.*Poisson's ratio, a number between -1 and 0.5/);
});

test("uniaxial tension by hand: plane stress, plane strain, three dimensions", async () => {
  // E = 100, nu = 0.25: a strain of 0.01 along x and -0.0025 across is a stress of 1 along x.
  const moduli = { E: 100, nu: 0.25 };
  close(await evaluate((e) => linearStress(e, { ...moduli, plane: "stress" }), { xx: 0.01, xy: 0.002, yy: -0.0025 }), {
    xx: 1,
    xy: 0.16,
    yy: 0,
  });
  // lambda = mu = 40.
  close(await evaluate((e) => linearStress(e, { ...moduli, plane: "strain" }), { xx: 0.01, xy: 0.002, yy: -0.0025 }), {
    xx: 1.1,
    xy: 0.16,
    yy: 0.1,
  });
  const free = { xx: 0.01, xy: 0, xz: 0.003, yy: -0.0025, yz: 0, zz: -0.0025 };
  close(await evaluate((e) => linearStress(e, moduli), free), { xx: 1, xy: 0, xz: 0.24, yy: 0, yz: 0, zz: 0 });
  close(await evaluate((e) => linearEnergy(e, { ...moduli, plane: "stress" }), { xx: 0.01, xy: 0, yy: -0.0025 }), {
    "": 0.005,
  });
  close(await evaluate((h) => strain(h), flat), { xx: 0.31, xy: 0.075, yy: -0.16 });
});

const laws = [
  [
    "plane stress",
    flat,
    (h: Components) => linearEnergy(strain(h), { E: 3, nu: 0.3, plane: "stress" }),
    (h: Components) => linearStress(strain(h), { E: 3, nu: 0.3, plane: "stress" }),
  ],
  [
    "plane strain",
    flat,
    (h: Components) => linearEnergy(strain(h), { lambda: 2, mu: 0.7, plane: "strain" }),
    (h: Components) => linearStress(strain(h), { lambda: 2, mu: 0.7, plane: "strain" }),
  ],
  [
    "three dimensions",
    solid3,
    (h: Components) => linearEnergy(strain(h), { E: 3, nu: 0.3 }),
    (h: Components) => linearStress(strain(h), { E: 3, nu: 0.3 }),
  ],
  [
    "neo-Hookean, plane strain",
    flat,
    (h: Components) => neoHookeanEnergy(deformationGradient(h), { E: 3, nu: 0.3 }),
    (h: Components) => neoHookeanStress(deformationGradient(h), { E: 3, nu: 0.3 }),
  ],
  [
    "neo-Hookean, three dimensions",
    solid3,
    (h: Components) => neoHookeanEnergy(deformationGradient(h), { lambda: 2, mu: 0.7 }),
    (h: Components) => neoHookeanStress(deformationGradient(h), { lambda: 2, mu: 0.7 }),
  ],
] as const;

test.each(laws)("the stress of %s is the derivative of its energy", async (_, gradient, energy, stress) => {
  const derivative = await evaluate(
    (h) => grad((inner: Components) => sum(energy(inner)))(h as never) as unknown as Components,
    gradient,
  );
  const found = await evaluate(stress, gradient);
  close(
    Object.fromEntries(Object.keys(derivative).map((name) => [name, found[name] ?? found[name[1]! + name[0]!]!])),
    derivative,
  );
});

test.each([flat, solid3])(
  "a neo-Hookean solid of small strains is linear, and turning it costs nothing",
  async (gradient) => {
    const plane = "zz" in gradient ? {} : ({ plane: "strain" } as const);
    const tiny = Object.fromEntries(Object.entries(gradient).map(([name, value]) => [name, value * 1e-6]));
    const near = await evaluate((h) => neoHookeanStress(deformationGradient(h), { E: 3, nu: 0.3 }), tiny);
    const linear = await evaluate((h) => linearStress(strain(h), { E: 3, nu: 0.3, ...plane }), tiny);
    for (const [name, value] of Object.entries(linear)) expect(near[name]! / 1e-6).toBeCloseTo(value / 1e-6, 4);
    const [c, s] = [Math.cos(0.8), Math.sin(0.8)];
    const turned = {
      ...Object.fromEntries(Object.keys(gradient).map((name) => [name, 0])),
      xx: c - 1,
      xy: -s,
      yx: s,
      yy: c - 1,
    };
    close(await evaluate((h) => neoHookeanEnergy(deformationGradient(h), { E: 3, nu: 0.3 }), turned), { "": 0 });
  },
);

test("stretching a neo-Hookean block by hand", async () => {
  // F = diag(2, 1), lambda = 3, mu = 5: P_xx = 5 (2 - 1/2) + 3 ln 2 / 2, P_yy = 3 ln 2.
  const P = await evaluate((h) => neoHookeanStress(deformationGradient(h), { lambda: 3, mu: 5 }), {
    xx: 1,
    xy: 0,
    yx: 0,
    yy: 0,
  });
  close(P, { xx: 7.5 + 1.5 * Math.LN2, xy: 0, yx: 0, yy: 3 * Math.LN2 });
  const psi = await evaluate((h) => neoHookeanEnergy(deformationGradient(h), { lambda: 3, mu: 5 }), {
    xx: 1,
    xy: 0,
    yx: 0,
    yy: 0,
  });
  close(psi, { "": 2.5 * 3 - 5 * Math.LN2 + 1.5 * Math.LN2 ** 2 });
});

test("tractions act along rows", async () => {
  const found = await evaluate(({ nx, ny, ...stress }) => traction(stress, { x: nx!, y: ny! }), {
    ...flat,
    nx: 0.6,
    ny: 0.8,
  });
  close(found, { x: 0.31 * 0.6 - 0.12 * 0.8, y: 0.27 * 0.6 - 0.16 * 0.8 });
  const symmetric = await evaluate(({ nx, ny, ...stress }) => traction(stress, { x: nx!, y: ny! }), {
    xx: 1,
    xy: 2,
    yy: 3,
    nx: 0,
    ny: -1,
  });
  close(symmetric, { x: -2, y: -3 });
});

test("a beam by hand", async () => {
  close(await evaluate(({ a }) => beamMoment(a!, { EI: 4 }), { a: 0.5 }), { "": -2 });
  close(await evaluate(({ a }) => beamShear(a!, { EI: 4 }), { a: 0.5 }), { "": -2 });
  close(await evaluate(({ a }) => beamLoad(a!, { EI: 4 }), { a: 0.5 }), { "": 2 });
  close(await evaluate(({ a }) => beamEnergy(a!, { EI: 4 }), { a: 0.5 }), { "": 0.5 });
});

test("pores: coefficients, total stress, flow and balance by hand", async () => {
  expect(consolidationCoefficient({ permeability: 2e-3, modulus: 500 })).toBe(1);
  close(
    await evaluate(({ r, c }) => terzaghi({ rate: r!, curvature: c! }, { permeability: 0.1, modulus: 20 }), {
      r: 3,
      c: 1,
    }),
    { "": 1 },
  );
  close(await evaluate(({ p, ...s }) => totalStress(s, p!, { alpha: 0.5 }), { xx: 1, xy: 2, yy: 3, p: 4 }), {
    xx: -1,
    xy: 2,
    yy: 1,
  });
  close(await evaluate((g) => darcyFlux(g, { permeability: 0.5 }), { x: 2, y: -4 }), { x: -1, y: 2 });
  const rates = { p: 2, e: 3, q: 5 };
  const balance =
    (options: object) =>
    ({ p, e, q }: Components) =>
      fluidBalance({ pressure: p!, dilatation: e!, outflow: q! }, options);
  close(await evaluate(balance({}), rates), { "": 8 });
  close(await evaluate(balance({ storage: 0.1, alpha: 0.5 }), rates), { "": 6.7 });
});

test("cracks: density and balance by hand, and the balance is the derivative of the energy", async () => {
  const solid = { Gc: 3, length: 0.5 };
  close(await evaluate(({ phi, x, y }) => crackDensity(phi!, { x: x!, y: y! }, solid), { phi: 0.4, x: 1, y: 2 }), {
    "": 1.5 * (0.32 + 2.5),
  });
  close(await evaluate(({ phi }) => degradation(phi!, { residual: 0.01 }), { phi: 0.4 }), { "": 0.37 });
  // Without gradients: d/dphi of the density and of (1 - phi)^2 psi.
  const by = await evaluate(
    ({ phi }) => {
      const all = (inner: Tensor) =>
        sum(add(crackDensity(inner, { x: mul(inner, 0) }, solid), mul(degradation(inner), 7)));
      return grad(all)(phi!) as Tensor;
    },
    { phi: 0.4 },
  );
  close(
    await evaluate(({ phi, zero, psi }) => crackBalance(phi!, zero!, psi!, solid), { phi: 0.4, zero: 0, psi: 7 }),
    by,
  );
});

// Fields that are known: the exact transform takes no notice of the network.
const domain = box({ x: [0, 1], y: [0, 1], t: [0, 1] });
const w = ({ x, y }: At): Tensor => mul(sin(mul(x, 2)), exp(y));
const known = problem({
  domain,
  fields: { w: mlp({ units: [2] }), u: mlp({ units: [2], components: ["x", "y"] }), p: mlp({ units: [2] }) },
  exact: {
    w: ({ free, ...at }) => add(w(at as never), mul(free, 0)),
    u: ({ x, y, t, free }) => ({
      x: add(mul(square(x), mul(y, t)), mul(free.x, 0)),
      y: add(mul(cos(y), x), mul(free.y, 0)),
    }),
    p: ({ x, y, t, free }) => add(mul(mul(x, square(y)), t), mul(free, 0)),
  },
  derived: {
    moments: ({ w, d }) => plateMoments(partials(d, w, 2), plate),
    dilatation: ({ u, d }) => d.divergence(u),
    flux: ({ p, d }) => darcyFlux(d.gradient(p), { permeability: 0.2 }),
    stress: ({ u, p, d }) => totalStress(linearStress(strain(d.gradient(u)), { lambda: 1, mu: 2, plane: "strain" }), p),
  },
  terms: { any: residual(domain.interior(2), ({ w }) => w) },
});
const plate = { D: 3, nu: 0.3 };

test("a plate is in balance: shear is the divergence of moments, the load that of shear", async () => {
  const { solution } = await solve(known, {
    backend: wasmBackend(),
    scales: { w: 1, u: 1, p: 1 },
    stages: [{ method: adam(), iterations: 1 }],
  });
  const [x, y, t] = [0.3, 0.7, 0.6];
  const found = await solution.at([[x, y, t]], ({ w, moments, dilatation, flux, stress, p, d, x: along }) => {
    const one = add(mul(along, 0), 1);
    const normal = { x: mul(one, 0.6), y: mul(one, 0.8) };
    const third = partials(d, w, 3);
    return {
      shear: plateShear(third, plate),
      force: d.divergence(moments),
      load: plateLoad(partials(d, w, 4), plate),
      pushed: mul(add(d(d(moments.xx, "x"), "x"), add(mul(d(moments.xy, "x", "y"), 2), d(moments.yy, "y", "y"))), -1),
      right: effectiveShear(third, { x: one, y: mul(one, 0) }, plate),
      straight: mul(add(d(w, "x", "x", "x"), mul(d(w, "x", "y", "y"), 1.7)), -3),
      slanted: effectiveShear(third, normal, plate),
      about: edgeMoment(moments, normal),
      energy: plateEnergy(partials(d, w, 2), plate),
      work: mul(
        add(
          add(mul(moments.xx, d(w, "x", "x")), mul(moments.yy, d(w, "y", "y"))),
          mul(mul(moments.xy, d(w, "x", "y")), 2),
        ),
        -0.5,
      ),
      fluid: fluidBalance(
        { pressure: d(p, "t"), dilatation: d(dilatation, "t"), outflow: d.divergence(flux) },
        { storage: 0.5 },
      ),
      solid: d.divergence(stress),
    };
  });
  const number = (name: string): number => found[name]![0]!;
  for (const axis of ["x", "y"]) expect(number(`shear.${axis}`)).toBeCloseTo(number(`force.${axis}`), 10);
  // (D_x^2 + D_y^2)^2 of sin(2x) exp(y) is 9 of it.
  expect(number("load")).toBeCloseTo(3 * 9 * Math.sin(0.6) * Math.exp(0.7), 9);
  expect(number("pushed")).toBeCloseTo(number("load"), 9);
  expect(number("right")).toBeCloseTo(number("straight"), 10);
  expect(number("energy")).toBeCloseTo(number("work"), 10);
  // n . M . n, and n . Q + s . grad(n . M . s), by differences along the tangent (-0.8, 0.6).
  const M = (a: number, b: number): [number, number, number] => {
    const [s, c, e] = [Math.sin(2 * a), Math.cos(2 * a), Math.exp(b)];
    return [-3 * (-4 * s * e + 0.3 * s * e), -3 * 0.7 * 2 * c * e, -3 * (s * e - 0.3 * 4 * s * e)];
  };
  const [xx, xy, yy] = M(x, y);
  expect(number("about")).toBeCloseTo(0.36 * xx + 0.96 * xy + 0.64 * yy, 10);
  const twist = (h: number): number => {
    const [a, b, c] = M(x - 0.8 * h, y + 0.6 * h);
    return 0.48 * (c - a) + (0.36 - 0.64) * b;
  };
  const change = (twist(1e-5) - twist(-1e-5)) / 2e-5;
  expect(number("slanted")).toBeCloseTo(0.6 * number("force.x") + 0.8 * number("force.y") + change, 7);
  // p_t = x y^2; (div u)_t = 2 x y; div q = -0.2 (2 x t).
  expect(number("fluid")).toBeCloseTo(0.5 * x * y * y + 2 * x * y - 0.4 * x * t, 12);
  // u = (x^2 y t, x cos y), lambda = 1, mu = 2: xx = 5 (2 x y t) - x sin y - p, xy = 2 (x^2 t + cos y), yy = -5 x sin y + 2 x y t - p.
  expect(number("solid.x")).toBeCloseTo(10 * y * t - Math.sin(y) - y * y * t - 2 * Math.sin(y), 10);
  expect(number("solid.y")).toBeCloseTo(2 * 2 * x * t - 5 * x * Math.cos(y) + 2 * x * t - 2 * x * y * t, 10);
});

test("what does not fit is refused by name", async () => {
  const refused = (fn: (given: Components) => unknown, numbers: Numbers, message: RegExp) =>
    expect(evaluate(fn as never, numbers)).rejects.toThrow(message);
  await refused(
    (e) => linearStress(e, { E: 1, nu: 0.3 }),
    { xx: 1, xy: 1, yy: 1 },
    /say plane: "stress" or plane: "strain"/,
  );
  await refused(
    (e) => linearStress(e, { E: 1, nu: 0.3, plane: "strain" }),
    { xx: 1, xy: 1, xz: 1, yy: 1, yz: 1, zz: 1 },
    /leave plane out/,
  );
  await refused((h) => strain(h), { xx: 1, yy: 1, xy: 0 }, /received a gradient without "yx"/);
  await refused((h) => strain(h), { x: 1, y: 1 }, /received a gradient without "xx", "yy"/);
  await refused(({ a }) => strain(a as never), { a: 1 }, /received a gradient without/);
  await refused((s) => plateShear(s, { D: 1, nu: 0.3 }), { xx: 1 }, /without "xxx"/);
  await refused(({ a }) => beamMoment(a!, { EI: -1 }), { a: 1 }, /EI.*a number above 0/);
  await refused(() => beamMoment(3 as never, { EI: 1 }), { a: 1 }, /received no tensor as a derivative/);
  expect(plateRigidity({ E: 12 * 0.91, nu: 0.3, thickness: 2 })).toBeCloseTo(8, 12);
});
