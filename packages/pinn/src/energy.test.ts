import { wasmBackend } from "@hooke/backend-wasm";
import { adam, levenbergMarquardt, selfScaledBroyden } from "@hooke/minimize";
import { add, div, mul, randomKey, square, sub } from "@hooke/runtime";
import { expect, test } from "vitest";
import {
  type Box,
  box,
  energy,
  errors,
  gauss,
  interval,
  mlp,
  never,
  type Points,
  problem,
  type Sampler,
  type SolveState,
  solve,
} from "./index.ts";

const backend = wasmBackend();
const integralOf = (points: Points, of: (row: Float64Array) => number, key = randomKey(4)): number => {
  const { rows, columns } = points.draw(key);
  const dimensions = points.coordinates.length;
  return columns.quadrature!.reduce((total, weight, i) => {
    return total + weight * of(rows.subarray(i * dimensions, (i + 1) * dimensions));
  }, 0);
};

test("Gauss points integrate polynomials exactly, any number of them, in one to three dimensions and on faces", () => {
  const sampler = gauss();
  for (const count of [4, 7, 8, 160]) {
    const points = interval({ x: [-1, 2] }).interior(count, { sampler });
    // 7 points are cells of 3 and 4: degree 5.
    expect(integralOf(points, ([x]) => x! ** 5)).toBeCloseTo((2 ** 6 - 1) / 6, 11);
  }
  expect(integralOf(interval({ x: [0, 1] }).interior(1, { sampler }), ([x]) => x!)).toBeCloseTo(0.5, 14);
  expect(
    integralOf(interval({ x: [0, 1] }).interior(8, { sampler: gauss({ points: 8 }) }), ([x]) => x! ** 15),
  ).toBeCloseTo(1 / 16, 13);
  const square = box({ x: [0, 2], y: [0, 1] });
  for (const count of [64, 150]) {
    expect(integralOf(square.interior(count, { sampler }), ([x, y]) => x! ** 5 * y! ** 4)).toBeCloseTo(64 / 6 / 5, 12);
  }
  const cube = box({ x: [0, 1], y: [0, 1], z: [0, 1] });
  expect(integralOf(cube.interior(70, { sampler }), ([x, y, z]) => x! * y! ** 2 * z! ** 3)).toBeCloseTo(1 / 24, 12);
  expect(integralOf(square.boundary(40, { sampler }), ([x, y]) => x! + y!)).toBeCloseTo(2 + 2 + 0.5 + 2.5 + 2, 12);
  expect(integralOf(square.face("x", "high", 12, { sampler }), ([, y]) => y! ** 2)).toBeCloseTo(1 / 3, 12);
  const one = square.interior(64, { sampler });
  expect(one.draw(randomKey(1))).toEqual(one.draw(randomKey(1)));
  expect(one.draw(randomKey(1))).not.toEqual(one.draw(randomKey(2)));
  expect(() => gauss({ points: 17 })).toThrow(/gauss.*points/);
});

// A bar of length 2 and stiffness 3e4, fixed at 0, under its weight of 5 a length and pulled with 40: u = 5 (2 x - x^2 / 2) / 3e4 + 40 x / 3e4.
const bar = interval({ x: [0, 2] });
const stiffness = 3e4;
const pulled = problem({
  domain: bar,
  fields: { u: mlp({ units: [8] }) },
  exact: { u: ({ x, free }) => mul(x, free) },
  terms: {
    strain: energy(bar.interior(40, { sampler: gauss() }), ({ u, d }) => mul(square(d(u, "x")), stiffness / 2)),
    work: energy(bar.interior(40, { sampler: gauss() }), ({ u }) => mul(u, -5)),
    pull: energy(bar.face("x", "high"), ({ u }) => mul(u, -40)),
  },
});

test("energies of several terms are one: strain inside, less the work on the boundary", async () => {
  const { solution, report } = await solve(pulled, { backend });
  const exact = { u: ({ x }: Readonly<Record<string, number>>) => (5 * (2 * x! - x! ** 2 / 2) + 40 * x!) / stiffness };
  const { rows } = await errors(solution, { grid: { x: 41 }, exact });
  expect(rows[0]!.relativeL2).toBeLessThan(1e-5);
  expect(report.warnings).toEqual([]);
  expect(new Set(report.terms.map(({ scale }) => scale)).size).toBe(1);
  const total = report.terms.reduce((sum, { fresh, training }) => sum + (fresh ?? training), 0);
  const least = (-0.5 * (5 * (5 * (8 / 2 - 8 / 6) + 40 * 2) + 40 * (5 * 2 + 40 * 2))) / stiffness;
  expect(total / least).toBeCloseTo(1, 8);
});

test("a scale of energies is one scale", async () => {
  const stages = [{ method: adam(), iterations: 1 }];
  const given = solve(pulled, { backend, stages, scales: { strain: 1, work: 2 } });
  await expect(given).rejects.toThrow(/different scales of the energies "strain", "work", "pull", which are added/);
  const { report } = await solve(pulled, { backend, stages, scales: { work: 0.5 } });
  expect(report.terms.map(({ scale }) => scale)).toEqual([0.5, 0.5, 0.5]);
});

test("methods for squares refuse energies by name", async () => {
  const stages = [{ method: levenbergMarquardt(), iterations: 5 }];
  await expect(solve(pulled, { backend, stages })).rejects.toThrow(
    'the term "strain" is an energy, and levenbergMarquardt takes squares only; use lbfgs() or selfScaledBroyden().',
  );
  expect(() => energy(bar.interior(3), 4 as never)).toThrow(/received 4 as the density/);
});

// The profile of a crack whose width is a fiftieth of the bar's: few points for so steep a function.
const crack = (domain: Box, sampler: Sampler) =>
  problem({
    domain,
    fields: { phi: mlp({ units: [16, 16] }) },
    exact: { phi: ({ x, free }) => sub(1, mul(x, free)) },
    terms: {
      surface: energy(domain.interior(80, { sampler }), ({ phi, d }) =>
        div(add(div(square(phi), 0.02), mul(square(d(phi, "x")), 0.02)), 2),
      ),
    },
  });
const stages = [
  { method: adam({ learningRate: 5e-3 }), iterations: 300 },
  { method: selfScaledBroyden(), iterations: 1500 },
];

test("where the network hides a jump between points, the stage goes back, ends and says so", async () => {
  for (const options of [{}, { resample: never() }]) {
    const { report } = await solve(crack(interval({ x: [0, 1] }), gauss()), { backend, stages, ...options });
    expect(report.stages[1]!.iterations).toBeLessThan(1500);
    expect(report.warnings.at(-1)).toMatch(
      /^selfScaledBroyden was ended after \d+ steps\. The energy was \S+ by its quadrature, and \S+ away by another\. It went back to step \d+/,
    );
    // Without the comparison it ends at 0, far below the least energy there is, tanh(50) / 2.
    expect(report.terms[0]!.fresh).toBeGreaterThan(0.49);
    expect(report.terms[0]!.fresh).toBeLessThan(0.53);
  }
});

test("an energy that was interrupted goes on to the same bits, through steps back", async () => {
  const states: SolveState[] = [];
  const options = { backend, stages: [stages[0]!, { ...stages[1]!, iterations: 400 }] };
  const steep = crack(interval({ x: [0, 1] }), gauss());
  const whole = await solve(steep, {
    ...options,
    onProgress: async ({ evaluations }, state) => {
      if (evaluations % 60 === 1) states.push(await state());
    },
  });
  const { phi } = await whole.solution.at([[0.1]]);
  for (const state of states) {
    const resumed = await solve(steep, { ...options, resume: structuredClone(state) });
    expect((await resumed.solution.at([[0.1]])).phi).toEqual(phi);
    expect(resumed.report.warnings).toEqual(whole.report.warnings);
  }
});
