import { wasmBackend } from "@hooke/backend-wasm";
import { adam, selfScaledBroyden } from "@hooke/minimize";
import { mul, sin, sub } from "@hooke/runtime";
import { expect, test } from "vitest";
import { box, dirichlet, errors, mlp, problem, residual, solve, unknown } from "./index.ts";

// A bar of 2 m that cools from 300 K above its ends, in minutes: everything is far from 1.
const bar = box({ x: [0, 2], t: [0, 60] });
const diffusivity = 0.01;
const temperature = ({ x, t }: Readonly<Record<string, number>>) =>
  300 * Math.exp(-diffusivity * (Math.PI / 2) ** 2 * t!) * Math.sin((Math.PI / 2) * x!);
const conditions = {
  start: dirichlet(bar.face("t", "low", 40), { T: ({ x }) => mul(sin(mul(x, Math.PI / 2)), 300) }),
  ends: dirichlet(bar.faces("x", 40), { T: 0 }),
};
const stages = [
  { method: adam({ learningRate: 5e-3 }), iterations: 300 },
  { method: selfScaledBroyden(), iterations: 600 },
];

test("heat in the user's units", async () => {
  const heat = problem({
    domain: bar,
    fields: { T: mlp({ units: [12, 12] }) },
    derived: { flux: ({ T, d }) => mul(d(T, "x"), -diffusivity) },
    terms: {
      equation: residual(bar.interior(200), ({ T, flux, d }) => ({ energy: sub(mul(d(flux, "x"), -1), d(T, "t")) })),
      ...conditions,
    },
  });
  const { solution, report } = await solve(heat, { backend: wasmBackend(), seed: 1, stages });
  expect(report.warnings).toEqual([]);
  expect(report.terms.map(({ name }) => name)).toEqual(["equation.energy", "start", "ends"]);
  expect(report.scales.fields.T).toBeCloseTo(300 / Math.SQRT2, -1);
  const flux = ({ x, t }: Readonly<Record<string, number>>) =>
    -diffusivity *
    300 *
    (Math.PI / 2) *
    Math.exp(-diffusivity * (Math.PI / 2) ** 2 * t!) *
    Math.cos((Math.PI / 2) * x!);
  const { rows } = await errors(solution, { grid: { x: 41, t: 21 }, exact: { T: temperature, flux } });
  for (const { relativeL2 } of rows) expect(relativeL2).toBeLessThan(3e-4);
});

test("the diffusivity from temperatures", async () => {
  const heat = problem({
    domain: bar,
    unknowns: { alpha: unknown({ start: 0.05, positive: true }) },
    fields: { T: mlp({ units: [12, 12] }) },
    terms: {
      equation: residual(bar.interior(200), ({ T, alpha, d }) => sub(mul(d(T, "x", "x"), alpha), d(T, "t"))),
      ...conditions,
      later: dirichlet(bar.face("t", "high", 40), {
        T: ({ x }) => mul(sin(mul(x, Math.PI / 2)), temperature({ x: 1, t: 60 })),
      }),
    },
  });
  const { identified } = await solve(heat, { backend: wasmBackend(), seed: 1, stages });
  expect(identified.alpha!.start).toBe(0.05);
  expect(identified.alpha!.value / diffusivity).toBeCloseTo(1, 3);
});
