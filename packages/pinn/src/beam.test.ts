import { wasmBackend } from "@hooke/backend-wasm";
import { adam, selfScaledBroyden } from "@hooke/minimize";
import { add, mul, square } from "@hooke/runtime";
import { expect, test } from "vitest";
import { dirichlet, errors, interval, mlp, neumann, problem, residual, solve } from "./index.ts";

// The cantilever of Euler and Bernoulli: u'''' + 1 = 0, clamped at 0, free at 1.
const beam = interval({ x: [0, 1] });
const end = beam.face("x", "high");
const deflection = ({ x }: Readonly<Record<string, number>>) => -(x! ** 4) / 24 + x! ** 3 / 6 - x! ** 2 / 4;

test("a cantilever, clamped exactly", async () => {
  const cantilever = problem({
    domain: beam,
    fields: { u: mlp({ units: [10, 10] }) },
    exact: { u: ({ x, free }) => mul(square(x), free) },
    terms: {
      equation: residual(beam.interior(60), ({ u, d }) => add(d(u, "x", "x", "x", "x"), 1)),
      moment: residual(end, ({ u, d }) => d(u, "x", "x")),
      shear: residual(end, ({ u, d }) => d(u, "x", "x", "x")),
    },
  });
  const { solution } = await solve(cantilever, {
    backend: wasmBackend(),
    stages: [
      { method: adam({ learningRate: 5e-3 }), iterations: 200 },
      { method: selfScaledBroyden(), iterations: 1500 },
    ],
  });
  const table = await errors(solution, { grid: { x: 101 }, exact: { u: deflection } });
  expect(table.rows[0]!.relativeL2).toBeLessThan(1e-7);
});

test("the same, all conditions as terms", async () => {
  const cantilever = problem({
    domain: beam,
    fields: { u: mlp({ units: [10, 10] }) },
    terms: {
      equation: residual(beam.interior(60), ({ u, d }) => add(d(u, "x", "x", "x", "x"), 1)),
      clamp: dirichlet(beam.face("x", "low"), { u: 0 }),
      slope: neumann(beam.face("x", "low"), { u: 0 }),
      moment: residual(end, ({ u, d }) => d(u, "x", "x")),
      shear: residual(end, ({ u, d }) => d(u, "x", "x", "x")),
    },
  });
  const { solution } = await solve(cantilever, {
    backend: wasmBackend(),
    stages: [
      { method: adam({ learningRate: 5e-3 }), iterations: 200 },
      { method: selfScaledBroyden(), iterations: 1500 },
    ],
  });
  const table = await errors(solution, { grid: { x: 101 }, exact: { u: deflection } });
  expect(table.rows[0]!.relativeL2).toBeLessThan(1e-5);
});
