import { wasmBackend } from "@hooke/backend-wasm";
import { adam, selfScaledBroyden } from "@hooke/minimize";
import { add, mul, sin, sub } from "@hooke/runtime";
import { expect, test } from "vitest";
import {
  box,
  causal,
  data,
  dirichlet,
  errors,
  interval,
  type MarchState,
  march,
  mlp,
  neumann,
  problem,
  residual,
  solve,
  unknown,
} from "../index.ts";

const backend = wasmBackend();
const line = interval({ t: [0, 20] });
const start = line.face("t", "low");
/** Three swings: more than a small network finds at once. */
const swing = problem({
  domain: line,
  fields: { u: mlp({ units: [10] }) },
  terms: {
    equation: residual(line.interior(40), ({ u, d }) => add(d(u, "t", "t"), u)),
    start: dirichlet(start, { u: 1 }),
    rest: residual(start, ({ u, d }) => d(u, "t")),
  },
});
const stages = [{ method: selfScaledBroyden(), iterations: 400 }];

test("a swing: windows find what one network does not, value and velocity go on", async () => {
  const exact = { u: ({ t }: Readonly<Record<string, number>>) => Math.cos(t!) };
  const grid = { t: 201 };
  const whole = await solve(swing, { backend, stages: [{ method: selfScaledBroyden(), iterations: 2000 }] });
  const alone = (await errors(whole.solution, { grid, exact })).rows[0]!.relativeL2;
  const { solution, report } = await march(swing, { windows: 5 }, { backend, stages });
  const inWindows = (await errors(solution, { grid, exact })).rows[0]!.relativeL2;
  expect(inWindows).toBeLessThan(1e-4);
  expect(alone).toBeGreaterThan(5 * inWindows);
  expect(report.terms.map(({ name }) => name).slice(0, 4)).toEqual([
    "window 1: equation",
    "window 1: start",
    "window 1: rest",
    "window 2: equation",
  ]);
  expect(report.stages.length).toBe(5);
  expect(String(report)).toContain("window 5: selfScaledBroyden");
  const motion = ({ u, d }: never) => ({ u, v: (d as (...all: unknown[]) => never)(u, "t") });
  for (const t of [4, 8, 12, 16]) {
    const near = (await solution.at([[t - 1e-12], [t]], motion as never)) as Record<string, Float64Array>;
    // Steps of 1e-12 in time, and rounding.
    expect(Math.abs(near.u![1]! - near.u![0]!)).toBeLessThan(1e-11);
    expect(Math.abs(near.v![1]! - near.v![0]!)).toBeLessThan(1e-10);
  }
});

const domain = box({ x: [0, 1], t: [0, 2] });
/** A bar with one end that is warmed and one that is insulated. The warm end holds exactly, and so does the start. */
const bar = problem({
  domain,
  fields: { u: mlp({ units: [8, 8] }) },
  exact: { u: ({ x, t, free }) => add(mul(t, sub(1, x)), mul(x, free)) },
  terms: {
    equation: residual(domain.interior(60), ({ u, d }) => sub(d(u, "t"), mul(d(u, "x", "x"), 0.2))),
    start: dirichlet(domain.face("t", "low", 20), { u: ({ x }) => mul(sin(mul(x, Math.PI / 2)), 0.5) }),
    insulated: neumann(domain.face("x", "high", 20), { u: 0 }),
    measured: dirichlet(domain.face("t", "high", 10), { u: 1 }),
  },
});

test("conditions at the start and at the end belong to their windows, walls hold exactly", async () => {
  const { solution, report } = await march(
    bar,
    { coordinate: "t", windows: 3 },
    { backend, stages: [{ method: adam(), iterations: 3 }] },
  );
  const named = report.terms.map(({ name }) => name);
  expect(named).toEqual([
    "window 1: equation",
    "window 1: start",
    "window 1: insulated",
    "window 2: equation",
    "window 2: insulated",
    "window 3: equation",
    "window 3: insulated",
    "window 3: measured",
  ]);
  // Untrained as it is: the warm end is t in every window, and windows meet.
  const times = [0, 0.5, 0.9, 1.1, 1.5, 2];
  const { u } = await solution.at({ x: times.map(() => 0), t: times });
  for (const [i, t] of times.entries()) expect(u![i]).toBeCloseTo(t, 12);
  for (const end of [2 / 3, 4 / 3]) {
    const { u: both } = await solution.at({ x: [0.7, 0.7], t: [end - 1e-13, end + 1e-13] });
    expect(Math.abs(both![0]! - both![1]!)).toBeLessThan(1e-11);
  }
});

test("a march that is interrupted goes on to the same bits", async () => {
  const options = {
    backend,
    seed: 2,
    stages: [
      { method: adam({ learningRate: 0.01 }), iterations: 6 },
      { method: selfScaledBroyden(), iterations: 8 },
    ],
  };
  const states: MarchState[] = [];
  const whole = await march(
    bar,
    { windows: 3 },
    {
      ...options,
      onProgress: async (_, state) => {
        states.push(await state());
      },
    },
  );
  const places = { x: [0.3, 0.3, 0.3], t: [0.1, 1, 1.9] };
  const expected = await whole.solution.at(places);
  for (const at of [3, 9, 20, 40, states.length - 1]) {
    const resumed = await march(bar, { windows: 3 }, { ...options, resume: structuredClone(states[at]!) });
    expect(await resumed.solution.at(places), `from ${at}`).toEqual(expected);
  }
  const controller = new AbortController();
  const cut = await march(
    bar,
    { windows: 3 },
    {
      ...options,
      signal: controller.signal,
      onProgress: ({ window, iteration }) => {
        if (window === 1 && iteration === 4) controller.abort();
      },
    },
  );
  await expect(cut.solution.at(places)).rejects.toThrow(
    /t = 1.9, where the march did not come: it was ended in window 2 of 3/,
  );
  const resumed = await march(bar, { windows: 3 }, { ...options, resume: cut.state });
  expect(await resumed.solution.at(places)).toEqual(expected);
});

test("what cannot be marched is refused, with the cure", async () => {
  const equation = residual(domain.interior(9), ({ u, d }) => d(u, "t"));
  const fields = { u: mlp({ units: [3] }) };
  const refused = (given: Parameters<typeof problem>[0], more: object = {}) =>
    expect(march(problem(given), { windows: 2, ...more }, { backend }));
  await refused({ domain, fields, terms: { equation } }, { coordinate: "z" }).rejects.toThrow(
    /coordinate.*a coordinate of the domain: "x", "t"/,
  );
  await refused({ domain, fields, terms: { equation } }, { windows: 0 }).rejects.toThrow(/windows/);
  await refused({ domain, fields, unknowns: { k: unknown({ start: 1 }) }, terms: { equation } }).rejects.toThrow(
    /the unknown "k".*identify it by solve with weights: causal\(\), or .* and march with the number/,
  );
  await refused({
    domain,
    fields: { ...fields, m: mlp({ units: [3], coordinates: ["x"] }) },
    terms: { equation },
  }).rejects.toThrow(/the field "m", which does not depend on "t"/);
  await refused({
    domain,
    fields,
    terms: { equation: residual(domain.interior(9), ({ u, d }) => d(u, "t", "t", "t")) },
  }).rejects.toThrow(/order 3 of "u" along "t"; it takes two/);
  await refused({ domain, fields, terms: { equation, all: dirichlet(domain.boundary(20), { u: 0 }) } }).rejects.toThrow(
    /term "all": has points at the ends of "t" among others/,
  );
  const flat = box({ x: [0, 1], y: [0, 1] });
  await refused({
    domain: flat,
    fields,
    terms: { equation: residual(flat.interior(9), ({ u, d }) => d(u, "x")) },
  }).rejects.toThrow(/goes along "t", which there is not/);
});

/** A swing of unknown stiffness, read for its first quarter, or of a known one. */
function spring(end: number, units: readonly number[], known?: number) {
  const time = interval({ t: [0, end] });
  const [first, stiffness] = [time.face("t", "low"), 1.44];
  const t = Array.from({ length: 30 }, (_, i) => 0.1 + i / 6);
  const u = t.map((at, i) => Math.cos(Math.sqrt(stiffness) * at) + 0.02 * Math.SQRT2 * Math.sin(i ** 3 + 1));
  return problem({
    domain: time,
    fields: { u: mlp({ units }) },
    ...(known === undefined && { unknowns: { k: unknown({ start: 0.5, positive: true }) } }),
    terms: {
      equation: residual(time.interior(Math.ceil(2 * end)), (at) =>
        add(at.d(at.u, "t", "t"), mul(at.u, known ?? at.k)),
      ),
      start: dirichlet(first, { u: 1 }),
      rest: residual(first, ({ u, d }) => d(u, "t")),
      ...(known === undefined && { measured: data(time, { t }, { u }, { sd: 0.02 }) }),
    },
  });
}

test("the cures that a march with unknowns is refused with find them, and march", async () => {
  const both = [{ method: adam({ learningRate: 5e-3 }), iterations: 200 }, ...stages];
  const long = [both[0]!, { method: selfScaledBroyden(), iterations: 1500 }];
  await expect(march(spring(20, [10]), { windows: 5 }, { backend, stages: both })).rejects.toThrow(/the unknown "k"/);
  const causally = await solve(spring(20, [16, 16]), { backend, stages: long, weights: causal() });
  const shortly = await solve(spring(5.2, [10]), { backend, stages: both });
  for (const { identified } of [causally, shortly]) {
    expect(identified.k!.low95).toBeLessThan(1.44);
    expect(identified.k!.high95).toBeGreaterThan(1.44);
  }
  const found = shortly.identified.k!.value;
  expect(Math.abs(found - 1.44)).toBeLessThan(0.03);
  const { solution } = await march(spring(20, [10], found), { windows: 5 }, { backend, stages: both });
  const exact = { u: ({ t }: Readonly<Record<string, number>>) => Math.cos(Math.sqrt(found) * t!) };
  expect((await errors(solution, { grid: { t: 201 }, exact })).rows[0]!.relativeL2).toBeLessThan(1e-3);
});
