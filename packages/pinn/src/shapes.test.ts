import { wasmBackend } from "@hooke/backend-wasm";
import { adam, selfScaledBroyden } from "@hooke/minimize";
import { add, exp, mul, sub } from "@hooke/runtime";
import { expect, test } from "vitest";
import {
  type At,
  box,
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
