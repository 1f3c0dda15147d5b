import { wasmBackend } from "@hooke/backend-wasm";
import { numbersOf, parseCsv } from "@hooke/data";
import { adam, selfScaledBroyden } from "@hooke/minimize";
import { add, cos, mul, sin, square, sub, type Tensor } from "@hooke/runtime";
import { expect, test } from "vitest";
import {
  box,
  data,
  dirichlet,
  disk,
  errors,
  exactDirichlet,
  flux,
  initial,
  interfaceBetween,
  interval,
  mlp,
  type Points,
  periodicBoundary,
  problem,
  residual,
  robin,
  solve,
  type Term,
  unknown,
} from "../index.ts";

const backend = wasmBackend();
const stages = [
  { method: adam({ learningRate: 5e-3 }), iterations: 200 },
  { method: selfScaledBroyden(), iterations: 600 },
];
const line = interval({ x: [0, 1] });
const fixed = { u: exactDirichlet([line.wall("x", "low")], 0) };

// -u'' = 2, u(0) = 0, h u + u' = 0 at 1: u = c x - x^2 with c = (2 + h) / (1 + h).
const cooled = (x: number, h: number): number => ((2 + h) / (1 + h)) * x - x * x;

test("robin", async () => {
  const rod = problem({
    domain: line,
    fields: { u: mlp({ units: [10] }) },
    exact: fixed,
    terms: {
      equation: residual(line.interior(30), ({ u, d }) => add(d(u, "x", "x"), 2)),
      end: robin(line.face("x", "high"), { u: { alpha: 3, value: 0 } }),
    },
  });
  const { solution } = await solve(rod, { backend, stages });
  const { rows } = await errors(solution, { grid: { x: 41 }, exact: { u: ({ x }) => cooled(x!, 3) } });
  expect(rows[0]!.relativeL2).toBeLessThan(1e-5);
});

test("the coefficient of a robin condition is identified, from a table", async () => {
  const places = [0.2, 0.4, 0.6, 0.8];
  const measured = parseCsv(`x,u\n${places.map((x) => `${x},${cooled(x, 3)}`).join("\n")}`);
  const rod = problem({
    domain: line,
    fields: { u: mlp({ units: [10] }) },
    unknowns: { h: unknown({ start: 1, positive: true }) },
    exact: fixed,
    terms: {
      equation: residual(line.interior(30), ({ u, d }) => add(d(u, "x", "x"), 2)),
      end: robin(line.face("x", "high"), { u: { alpha: ({ h }) => h, beta: 2, value: ({ u, d }) => d(u, "x") } }),
      seen: data(line, { x: numbersOf(measured, "x") }, { u: numbersOf(measured, "u") }),
    },
  });
  const { identified } = await solve(rod, { backend, stages });
  expect(identified.h!.value).toBeCloseTo(3, 3);
});

test("periodic: values and derivatives", async () => {
  const known = ({ x }: Readonly<Record<string, number>>) => Math.sin(2 * Math.PI * x! + 0.3);
  const cell = problem({
    domain: line,
    fields: { u: mlp({ units: [14, 14] }) },
    terms: {
      equation: residual(line.interior(60), ({ u, d, x }) =>
        sub(sub(d(u, "x", "x"), u), mul(sin(add(mul(x, 2 * Math.PI), 0.3)), -4 * Math.PI ** 2 - 1)),
      ),
      around: periodicBoundary(line.face("x", "low"), { shift: { x: 1 }, fields: ["u"] }),
    },
  });
  const { solution, report } = await solve(cell, { backend, stages });
  expect(report.terms.map(({ name }) => name)).toEqual(["equation", "around.u", "around.u.dx"]);
  const { rows } = await errors(solution, { grid: { x: 41 }, exact: { u: known } });
  expect(rows[0]!.relativeL2).toBeLessThan(1e-4);
});

test("an interface between two materials, and a flux", async () => {
  // Conductivities 1 and 3; -1.5 flows in at the right: T is 0.75 at the interface, and 1 at the right.
  const [left, right] = [interval({ x: [0, 0.5] }), interval({ x: [0.5, 1] })];
  const wall = problem({
    domain: line,
    fields: { T1: mlp({ units: [6] }), T2: mlp({ units: [6] }) },
    exact: { T1: fixed.u },
    derived: {
      q1: ({ T1, d }) => ({ x: mul(d(T1, "x"), -1) }),
      q2: ({ T2, d }) => ({ x: mul(d(T2, "x"), -3) }),
    },
    terms: {
      one: residual(left.interior(20), ({ q1, d }) => d.divergence(q1)),
      two: residual(right.interior(20), ({ q2, d }) => d.divergence(q2)),
      bond: interfaceBetween(left.face("x", "high"), { values: ["T1", "T2"], fluxes: ["q1", "q2"] }),
      heated: flux(line.face("x", "high"), { q2: -1.5 }),
    },
  });
  const { solution, report } = await solve(wall, { backend, stages });
  // At the start the fluxes balance to the last bit: fields are scaled so that they do.
  expect(report.terms[3]!.scale).toBeGreaterThan(0.1);
  expect(report.terms.map(({ name }) => name)).toEqual(["one", "two", "bond.value", "bond.flux", "heated"]);
  const { T1, T2 } = await solution.at([[0.25], [0.5], [0.75], [1]]);
  for (const [found, expected] of [
    [T1![0], 0.375],
    [T1![1], 0.75],
    [T2![1], 0.75],
    [T2![2], 0.875],
    [T2![3], 1],
  ] as const) {
    expect(found).toBeCloseTo(expected, 4);
  }
});

test("initial values and rates of a wave", async () => {
  const domain = box({ x: [0, 1], t: [0, 0.5] });
  const string = problem({
    domain,
    fields: { u: mlp({ units: [12, 12] }) },
    exact: { u: exactDirichlet([domain.wall("x", "low"), domain.wall("x", "high")], 0) },
    terms: {
      equation: residual(domain.interior(150), ({ u, d }) => sub(d(u, "t", "t"), d(u, "x", "x"))),
      start: initial(
        domain.face("t", "low", 40),
        { u: ({ x }) => sin(mul(x, Math.PI)) },
        { rates: { u: ({ x }) => mul(sin(mul(x, 2 * Math.PI)), 2) } },
      ),
    },
  });
  const { solution, report } = await solve(string, { backend, stages });
  expect(report.terms.map(({ name }) => name)).toEqual(["equation", "start.u", "start.u.rate"]);
  const { rows } = await errors(solution, {
    grid: { x: 21, t: 11 },
    exact: {
      u: ({ x, t }) =>
        Math.sin(Math.PI * x!) * Math.cos(Math.PI * t!) +
        (Math.sin(2 * Math.PI * x!) * Math.sin(2 * Math.PI * t!)) / Math.PI,
    },
  });
  expect(rows[0]!.relativeL2).toBeLessThan(1e-3);
});

// Fields that are what the exact transform says: what conditions say of them is known.
const plane = disk({ center: { x: 0, y: 0 }, radius: 1 });
const known = {
  domain: plane,
  fields: { u: mlp({ units: [2] }), v: mlp({ units: [2], components: ["x", "y"] }) },
  exact: {
    u: ({ x, y, free }: Record<string, Tensor>) => add(mul(sin(x!), y!), mul(free!, 0)),
    v: ({ x, y, free }: Record<string, Tensor>) => {
      const parts = free as unknown as Record<string, Tensor>;
      return { x: add(mul(x!, y!), mul(parts.x!, 0)), y: add(cos(x!), mul(parts.y!, 0)) };
    },
  },
  derived: { stress: ({ x, y }: Record<string, Tensor>) => ({ xx: square(x!), xy: mul(x!, y!), yy: square(y!) }) },
};
const zero = (points: Points, term: Term) =>
  solve(problem({ ...known, terms: { term, all: residual(points, ({ u, v }) => add(u, v.x)) } } as never), {
    backend,
    stages: [{ method: adam(), iterations: 1 }],
    scales: { u: 1, v: 1 },
  }).then(({ report }) => report.terms.filter(({ name }) => name.startsWith("term")));

test("fluxes of vectors and tensors, and robin of a vector, are what they are on a circle", async () => {
  const edge = plane.boundary(20);
  const [vector] = await zero(edge, flux(edge, { v: ({ x, y }) => add(mul(square(x), y), mul(cos(x), y)) }));
  expect(vector!.training).toBeLessThan(1e-14);
  // n = (x, y) on the circle, so the traction of n n is n.
  const traction = await zero(edge, flux(edge, { stress: { x: ({ x }) => x, y: ({ y }) => y } }));
  expect(traction.map(({ name }) => name)).toEqual(["term.stress.x", "term.stress.y"]);
  for (const { training } of traction) expect(training).toBeLessThan(1e-14);
  const both = await zero(edge, robin(edge, { v: { alpha: ({ x }) => x, beta: 0, value: ({ x, v }) => mul(v.x, x) } }));
  expect(both.map(({ name }) => name)).toEqual(["term.v.x", "term.v.y"]);
  expect(both[0]!.training).toBeLessThan(1e-14);
  expect(both[1]!.training).toBeGreaterThan(0.1);
});

test("periodic conditions of vectors to the second order name what differs", async () => {
  const edge = plane.interior(20);
  const rows = await zero(edge, periodicBoundary(edge, { shift: { x: 2 * Math.PI }, fields: ["u", "v"], order: 2 }));
  expect(rows.map(({ name }) => name)).toEqual(
    ["u", "u.dx", "u.dxx", "v.x", "v.y", "v.dx.x", "v.dx.y", "v.dxx.x", "v.dxx.y"].map((name) => `term.${name}`),
  );
  const differing = rows.filter(({ training }) => training > 1e-12).map(({ name }) => name);
  expect(differing).toEqual(["term.v.x"]);
});

test("what conditions are not is refused, with the cure", () => {
  const end = line.face("x", "high");
  const with_ = (term: Term) => () => problem({ ...known, terms: { term } } as never);
  expect(() => robin(end, { u: { value: 0 } as never })).toThrow(
    /robin: received "value" for "u"; expected \{ alpha, beta, value \}/,
  );
  expect(() => robin(end, { u: { alpha: 1, valu: 0 } as never })).toThrow(/such as \{ alpha: 2, value: 0 \}/);
  expect(() => robin(end, 3 as never)).toThrow(/a record by field/);
  expect(() => periodicBoundary(end, { shift: { y: 1 }, fields: ["u"] })).toThrow(
    'periodicBoundary: received a shift along "y"; the points have "x".',
  );
  expect(() => periodicBoundary(end, { shift: { x: 0 }, fields: ["u"] })).toThrow(/distances by coordinate/);
  expect(() => periodicBoundary(end, { shift: { x: 1 }, fields: [] })).toThrow(/names of fields/);
  expect(() => interfaceBetween(end, { values: ["u", "u"], fluxes: ["p", "q"] })).toThrow(/two names/);
  expect(() => initial(end, { u: 0 }, { rates: 0 as never })).toThrow(/rates: received 0 as the values/);
  expect(() => initial(end, { u: 0 }, { rate: {} } as never)).toThrow(/unknown option "rate"/);
  expect(() => initial(end, { u: 0 })).toThrow(
    'initial: received points with the coordinates "x", without "t"; give those of',
  );
  const bar = box({ x: [0, 1], t: [0, 2] });
  expect(() => initial(bar.interior(9), { u: 0 })).toThrow(
    /initial: received points at t = \S+ and t = \S+; give those of one time/,
  );
  expect(initial(bar.face("t", "low", 9), { u: 0 }).points.count).toBe(9);
  expect(with_(flux(plane.boundary(5), { u: 0 }))).toThrow(/flux: received "u", which is a scalar; give a vector/);
  expect(with_(flux(plane.interior(5), { v: 0 }))).toThrow(/normal: the points have none/);
  expect(with_(interfaceBetween(plane.boundary(5), { values: ["u", "v"], fluxes: ["v", "stress"] }))).toThrow(
    /interfaceBetween: received "u", "v" with the components/,
  );
  expect(with_(dirichlet(plane.boundary(5), { v: { z: 0 } }))).toThrow(/there is no "z"/);
});
