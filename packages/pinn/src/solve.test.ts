import { wasmBackend } from "@hooke/backend-wasm";
import { adam, levenbergMarquardt, selfScaledBroyden } from "@hooke/minimize";
import { add, div, log, mul, sin, sub } from "@hooke/runtime";
import { expect, test } from "vitest";
import {
  box,
  dirichlet,
  interval,
  mlp,
  problem,
  residual,
  type SolveState,
  solve,
  type Term,
  unknown,
  type Weighting,
  worstFirst,
} from "./index.ts";

const backend = wasmBackend();
const domain = box({ x: [0, 1], t: [0, 1] });
const heat = problem({
  domain,
  fields: { u: mlp({ units: [6, 6] }) },
  terms: {
    equation: residual(domain.interior(40), ({ u, d }) => sub(d(u, "t"), mul(d(u, "x", "x"), 0.1))),
    start: dirichlet(domain.face("t", "low", 20), { u: ({ x }) => sin(mul(x, Math.PI)) }),
    walls: dirichlet(domain.faces("x", 20), { u: 0 }),
  },
});
/** Weighs the equation by its residual, so that what is remembered matters. */
const weights: Weighting = {
  name: "test",
  every: 7,
  update: async (view, { weights: before }) => {
    const { equation: gradient } = await view.gradients();
    const { start } = await view.residuals();
    const size = Math.hypot(...gradient!);
    expect(view.coordinate("t").start!.every((t) => t === 0)).toBe(true);
    expect(start![0]!.length).toBe(20);
    const equation = 0.5 * Number(before.equation ?? 1) + 0.5 / (1 + size);
    return { weights: { equation, start: start![0]!.map((r) => 1 + r * r) } };
  },
};
const options = {
  backend,
  seed: 3,
  weights,
  stages: [
    { method: adam({ learningRate: 0.01 }), iterations: 25 },
    { method: selfScaledBroyden(), iterations: 40 },
  ],
  resample: worstFirst({ every: 10 }),
};

test("a run that is interrupted anywhere goes on to the same bits", async () => {
  const states: SolveState[] = [];
  const whole = await solve(heat, {
    ...options,
    onProgress: async (_, state) => {
      states.push(await state());
    },
  });
  const { u } = await whole.solution.at([[0.3, 0.4]]);
  // Starts, middles and ends of rounds and of stages.
  for (const at of [0, 4, 7, 10, 24, 25, 26, 33, 45, states.length - 1]) {
    const resumed = await solve(heat, { ...options, resume: structuredClone(states[at]!) });
    expect((await resumed.solution.at([[0.3, 0.4]])).u, `from ${at}`).toEqual(u);
    expect(resumed.report.terms).toEqual(whole.report.terms);
  }
  const again = await solve(heat, { ...options, resume: whole.state });
  expect((await again.solution.at([[0.3, 0.4]])).u).toEqual(u);
  expect(again.report.stages).toEqual(whole.report.stages);
});

test("seeds decide everything", async () => {
  const stages = [{ method: adam(), iterations: 3 }];
  const value = async (seed: number) =>
    (await (await solve(heat, { backend, seed, stages })).solution.at([[0.3, 0.4]])).u;
  expect(await value(1)).toEqual(await value(1));
  expect(await value(1)).not.toEqual(await value(2));
});

test("a signal and a budget end it, and say so", async () => {
  const controller = new AbortController();
  const steps: number[] = [];
  const stopped = await solve(heat, {
    ...options,
    signal: controller.signal,
    onProgress: ({ iteration }) => {
      steps.push(iteration);
      if (iteration === 5) controller.abort();
    },
  });
  expect(steps.at(-1)).toBe(5);
  expect(stopped.report.stages.at(-1)).toMatchObject({ method: "adam", iterations: 5, message: "It was aborted." });
  const whole = await solve(heat, options);
  const resumed = await solve(heat, { ...options, resume: stopped.state });
  expect(await resumed.solution.at([[0.3, 0.4]])).toEqual(await whole.solution.at([[0.3, 0.4]]));

  const long = [{ method: adam(), iterations: 1e6 }];
  const spent = await solve(heat, {
    backend,
    stages: long,
    budget: { seconds: 1 },
    // What counts the seconds must not be collected.
    onProgress: async ({ iteration }) => {
      if (iteration > 15) return;
      await new Promise((resolve) => setTimeout(resolve, 5));
      globalThis.gc!();
    },
  });
  expect(spent.report.stages.at(-1)!.message).toMatch(/^The budget is spent\./);
});

test("what is not finite is named, with the place", async () => {
  const line = interval({ x: [0, 1] });
  const made = (term: Term) =>
    problem({
      domain: line,
      fields: { u: mlp({ units: [3] }) },
      terms: { fine: residual(line.interior(3), ({ u }) => u), term },
    });
  const ends = line.faces("x");
  const wrong = made(residual(ends, ({ u, x }) => add(u, div(1, x))));
  await expect(solve(wrong, { backend })).rejects.toThrow(/the term "term" is Infinity at x = 0\. Look for a division/);
  const nowhere = made(residual(ends, ({ u }) => ({ a: u, b: log(sub(u, 1e9)) })));
  await expect(solve(nowhere, { backend })).rejects.toThrow(
    /the term "term.b" is NaN at x = 0 and 1 more of its 2 points/,
  );
});

test("options are checked by name", async () => {
  const refused = (more: object) => expect(solve(heat, { backend, ...more }));
  await refused({ dtype: "f32" }).rejects.toThrow(/quasi-Newton methods stop at the rounding of f32/);
  const gpu = Object.assign(Object.create(backend), { name: "gpu", dtypes: ["f32"] });
  await refused({ backend: gpu }).rejects.toThrow(/the backend gpu, which has no f64; use wasmBackend\(\)/);
  await refused({ scales: { wals: 2 } }).rejects.toThrow(/a scale of "wals".*Did you mean "walls"\?/);
  await refused({ stages: [] }).rejects.toThrow(/a list of stages/);
  await refused({ stages: [{ method: adam(), steps: 3 }] }).rejects.toThrow(/unknown option "steps"/);
  await refused({ budget: { minutes: 3 } }).rejects.toThrow(/unknown option "minutes"/);
  await expect(solve({} as never, { backend })).rejects.toThrow(/received no problem/);
  const { solution } = await solve(heat, { backend, stages: [{ method: adam(), iterations: 1 }] });
  await expect(solution.at([[1, 2, 3]])).rejects.toThrow(/a row of 3 numbers; a row has "x", "t"/);
  await expect(solution.at({ x: [1], y: [2] })).rejects.toThrow(/received the coordinates "x", "y"/);
  await expect(solution.at([[0, 0]], ["w"])).rejects.toThrow(/there is no "w"/);
  await expect(
    solution.at([
      [0, 0],
      [0.5, 1.5],
    ]),
  ).rejects.toThrow("solution.at: received the point 1, x = 0.5, t = 1.5, which lies outside of the domain");
  await expect(solution.at([[Number.NaN, 0]])).rejects.toThrow("the point 0, x = NaN, t = 0, which lies outside");
  expect(Object.keys(await solution.at([[0, 0]], ({ u }) => ({ toString: u })))).toEqual(["toString"]);
});

test("methods for squares take all problems of squares", async () => {
  const line = interval({ x: [0, 1] });
  const poisson = problem({
    domain: line,
    fields: { u: mlp({ units: [5] }) },
    exact: { u: ({ x, free }) => mul(mul(x, sub(1, x)), free) },
    terms: { equation: residual(line.interior(20), ({ u, d }) => add(d(u, "x", "x"), 2)) },
  });
  const { solution } = await solve(poisson, { backend, stages: [{ method: levenbergMarquardt(), iterations: 60 }] });
  expect((await solution.at([[0.5]])).u![0]).toBeCloseTo(0.25, 5);
});

test("terms have points of the domain, and fields and unknowns that no term depends on are warned of", async () => {
  const line = interval({ x: [0, 1] });
  const fields = { u: mlp({ units: [4] }), v: mlp({ units: [3] }) };
  const equation = residual(line.interior(10), ({ u, d, x }) => add(d(u, "x"), x));
  const stages = [{ method: selfScaledBroyden(), iterations: 3 }];
  const unknowns = { k: unknown({ start: 2 }), g: unknown({ start: 1 }) };
  const end = dirichlet(line.face("x", "high"), { u: ({ g }) => g });
  const { report } = await solve(problem({ domain: line, fields, unknowns, terms: { equation, end } }), {
    backend,
    stages,
  });
  expect(report.warnings).toEqual([
    'No term depends on the field "v": nothing trains it, and it says nothing.',
    'No term depends on the unknown "k": it is where it started.',
  ]);
  const far = dirichlet(interval({ x: [0, 2] }).face("x", "high"), { v: 0 });
  await expect(solve(problem({ domain: line, fields, terms: { equation, far } }), { backend, stages })).rejects.toThrow(
    'term "far": has the point x = 2, which lies outside of the domain; make it one that has all points.',
  );
});
