import { wasmBackend } from "@hooke/backend-wasm";
import { adam } from "@hooke/minimize";
import { add, mul, sin, square, sub } from "@hooke/runtime";
import { expect, test } from "vitest";
import { box, mlp, problem, residual, solve } from "../index.ts";

// The exact transform takes no notice of the network: fields are what is written here.
const domain = box({ x: [-1, 2], y: [0, 3] });
const known = problem({
  domain,
  fields: { u: mlp({ units: [2] }), v: mlp({ units: [2], components: ["x", "y"] }) },
  exact: {
    u: ({ x, y, free }) => add(mul(sin(x), square(y)), mul(free, 0)),
    v: ({ x, y, free }) => ({ x: add(mul(mul(x, x), y), mul(free.x, 0)), y: add(mul(y, square(y)), mul(free.y, 0)) }),
  },
  derived: {
    flux: ({ u, x, d }) => ({ x: mul(d(u, "x"), x), y: square(d(u, "y")) }),
    source: ({ flux, d }) => d.divergence(flux),
    stress: ({ v, d }) => {
      const g = d.gradient(v);
      return { xx: g.xx!, xy: mul(add(g.xy!, g.yx!), 0.5), yy: g.yy! };
    },
  },
  terms: { equation: residual(domain.interior(2), ({ u }) => u) },
});

test("derivatives of fields and of derived quantities, through exact transforms", async () => {
  const { solution } = await solve(known, {
    backend: wasmBackend(),
    stages: [{ method: adam(), iterations: 1 }],
    scales: { u: 1, v: 1 },
  });
  const [x, y] = [0.7, 1.3];
  const found = await solution.at([[x, y]], ({ u, v, flux, source, stress, d }) => ({
    mixed: d(u, "x", "y", "y"),
    again: d(d(u, "x"), "y", "y"),
    laplacian: d.laplacian(u),
    biharmonic: d.laplacian(d.laplacian(u)),
    slope: d(d.laplacian(u), "y"),
    ofDerived: d.laplacian(flux).x!,
    slopeOfDerived: d(d.laplacian(flux).y!, "y"),
    gradient: d.gradient(v),
    divergence: d.divergence(v),
    fluxX: d(flux, "x"),
    source,
    sourceY: d(source, "y"),
    force: d.divergence(stress),
    whole: sub(d(u, "x"), d(u, "x")),
  }));
  const [s, c] = [Math.sin(x), Math.cos(x)];
  // flux = (x c y^2, 4 s^2 y^2); its divergence is (c - x s) y^2 + 8 s^2 y.
  const expected = {
    mixed: 2 * c,
    again: 2 * c,
    laplacian: -s * y * y + 2 * s,
    biharmonic: s * y * y - 4 * s,
    slope: -2 * s * y,
    ofDerived: (-x * c - 2 * s) * y * y + 2 * x * c,
    slopeOfDerived: 16 * (c * c - s * s) * y,
    "gradient.xx": 2 * x * y,
    "gradient.xy": x * x,
    "gradient.yx": 0,
    "gradient.yy": 3 * y * y,
    divergence: 2 * x * y + 3 * y * y,
    "fluxX.x": (c - x * s) * y * y,
    "fluxX.y": 8 * s * c * y * y,
    source: (c - x * s) * y * y + 8 * s * s * y,
    sourceY: 2 * (c - x * s) * y + 8 * s * s,
    "force.x": 2 * y,
    "force.y": x + 6 * y,
    whole: 0,
  };
  expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, value] of Object.entries(expected)) expect(found[name]![0], name).toBeCloseTo(value, 10);
});
