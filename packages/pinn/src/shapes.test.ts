import { wasmBackend } from "@hooke/backend-wasm";
import { adam, selfScaledBroyden } from "@hooke/minimize";
import { add, cos, exp, mul, sin, sub } from "@hooke/runtime";
import { expect, test } from "vitest";
import {
  type At,
  box,
  difference,
  dirichlet,
  disk,
  errors,
  exactDirichlet,
  mlp,
  neumann,
  problem,
  residual,
  sobol,
  solve,
  withTime,
} from "./index.ts";

const stages = [
  { method: adam({ learningRate: 5e-3 }), iterations: 200 },
  { method: selfScaledBroyden(), iterations: 500 },
];
const backend = wasmBackend();
const sampler = sobol();

test("Laplace on a disk", async () => {
  const domain = disk({ center: { x: 0, y: 0 }, radius: 1 });
  const laplace = problem({
    domain,
    fields: { u: mlp({ units: [14, 14] }) },
    terms: {
      equation: residual(domain.interior(150), ({ u, d }) => d.laplacian(u)),
      circle: dirichlet(domain.boundary(60, { sampler }), { u: ({ x, y }) => mul(exp(x), cos(y)) }),
    },
  });
  const { solution } = await solve(laplace, { backend, stages });
  const { rows } = await errors(solution, {
    grid: { x: 21, y: 21 },
    exact: { u: ({ x, y }) => Math.exp(x!) * Math.cos(y!) },
  });
  expect(rows[0]!.points).toBeLessThan(441);
  expect(rows[0]!.relativeL2).toBeLessThan(5e-4);
});

const wave = ({ x, y }: Readonly<Record<string, number>>): number => Math.sin(Math.PI * x!) * Math.sin(Math.PI * y!);
const recorded = ({ x, y }: At) => mul(sin(mul(x, Math.PI)), sin(mul(y, Math.PI)));

test("Poisson around a hole, all conditions exact", async () => {
  const plate = box({ x: [0, 1], y: [0, 1] });
  const hole = disk({ center: { x: 0.5, y: 0.4 }, radius: 0.2 });
  const domain = difference(plate, hole);
  const poisson = problem({
    domain,
    fields: { u: mlp({ units: [14, 14] }) },
    exact: {
      u: exactDirichlet([
        { on: plate.walls, value: 0 },
        { on: hole.outside, value: recorded as never },
      ]),
    },
    terms: {
      equation: residual(domain.interior(300, { sampler }), (at) =>
        add(at.d.laplacian(at.u), mul(recorded(at), 2 * Math.PI ** 2)),
      ),
    },
  });
  const { solution } = await solve(poisson, { backend, stages });
  const { rows } = await errors(solution, { grid: { x: 31, y: 31 }, exact: { u: wave } });
  expect(rows[0]!.relativeL2).toBeLessThan(1e-3);
  const circle = Array.from({ length: 8 }, (_, i) => [0.5 + 0.2 * Math.cos(i), 0.4 + 0.2 * Math.sin(i)]);
  const edges = [
    [0, 0.3],
    [1, 0.7],
    [0.2, 0],
    [0, 0],
    [1, 1],
  ];
  const { u } = await solution.at([...circle, ...edges]);
  for (const [i, [x, y]] of [...circle, ...edges].entries()) expect(u![i]).toBeCloseTo(wave({ x: x!, y: y! }), 12);
});

test("diffusion and reaction on a disk in time, insulated", async () => {
  const plate = disk({ center: { x: 0, y: 0 }, radius: 1 });
  const domain = withTime(plate, [0, 1]);
  // u = e^{-t} (2 + r^2 - r^4 / 2): its slope at the circle is zero.
  const profile = ({ x, y }: At) => {
    const r2 = add(mul(x, x), mul(y, y));
    return sub(add(r2, 2), mul(mul(r2, r2), 0.5));
  };
  const reaction = problem({
    domain,
    fields: { u: mlp({ units: [14, 14] }) },
    exact: { u: exactDirichlet([({ t }) => t!], profile as never) },
    terms: {
      // u_t = lap u / 2 - u + s, with s = -e^{-t} (2 - 4 r^2).
      equation: residual(domain.interior(300, { sampler }), ({ u, d, t, x, y }) => {
        const source = mul(exp(mul(t, -1)), sub(mul(add(mul(x, x), mul(y, y)), 4), 2));
        const right = add(sub(mul(add(d(u, "x", "x"), d(u, "y", "y")), 0.5), u), source);
        return sub(d(u, "t"), right);
      }),
      insulated: neumann(domain.lateral(80, { sampler }), { u: 0 }),
    },
  });
  const { solution } = await solve(reaction, { backend, stages });
  const { rows } = await errors(solution, {
    grid: { x: 11, y: 11, t: 6 },
    exact: {
      u: ({ x, y, t }) => {
        const r2 = x! ** 2 + y! ** 2;
        return Math.exp(-t!) * (2 + r2 - r2 ** 2 / 2);
      },
    },
  });
  expect(rows[0]!.relativeL2).toBeLessThan(1e-3);
});

test("exact conditions refuse what is no wall and no value", () => {
  const plate = box({ x: [0, 1], y: [0, 1] });
  expect(() => exactDirichlet(plate as never, 0)).toThrow(/as walls; give those of a shape, such as plate.walls/);
  expect(() => exactDirichlet(plate.walls, "0" as never)).toThrow(/exactDirichlet: received the value "0"/);
  expect(() => exactDirichlet([])).toThrow(/give walls and a value/);
  const terms = { equation: residual(plate.interior(3), ({ v, d }) => d.divergence(v)) };
  const fields = { v: mlp({ units: [3], components: ["x", "y"] }) };
  const sides = (value: never) => async () =>
    solve(problem({ domain: plate, fields, terms, exact: { v: exactDirichlet(plate.walls, value) } }), { backend });
  return Promise.all([
    expect(sides(0 as never)()).rejects.toThrow(/exact "v": exactDirichlet: received one value for a vector field/),
    expect(sides({ x: 0 } as never)()).rejects.toThrow(/received no value for "y"/),
  ]);
});
