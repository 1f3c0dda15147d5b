// The loss: half the sum of squares of what terms say times their factors, whether it is evaluated point by point or at all points at once.
import { wasmBackend } from "@hooke/backend-wasm";
import type { Squares } from "@hooke/minimize";
import { add, array, div, mean, mul, randomKey, square, sub, sum } from "@hooke/runtime";
import { expect, test } from "vitest";
import { Evaluator } from "./evaluator.ts";
import {
  box,
  dirichlet,
  type Exact,
  mlp,
  neumann,
  type Problem,
  type ProblemOptions,
  problem,
  residual,
  unknown,
} from "./index.ts";
import { lossData, prepareLoss } from "./loss.ts";
import { networksOf, startParameters } from "./model.ts";
import { pointwiseIn } from "./pointwise.ts";
import { drawAll } from "./resampling/refresh.ts";
import { residualName, siteData } from "./residuals.ts";

const backend = wasmBackend();
const domain = box({ x: [0, 1], y: [0, 2] });
const inside = domain.interior(300);
const given = (terms: ProblemOptions["terms"], more: Partial<ProblemOptions> = {}): Problem =>
  problem({
    domain,
    fields: { u: mlp({ units: [6] }), q: mlp({ units: [5], components: ["x", "y"] }) },
    derived: { flux: ({ u, k, d }) => ({ x: mul(d(u, "x"), k), y: mul(d(u, "y"), k) }) },
    unknowns: { k: unknown({ start: 2 }) },
    terms,
    ...more,
  });
const darcy = given(
  {
    law: residual(inside, ({ q, flux }) => ({ x: add(q.x, flux.x), y: add(q.y, flux.y) })),
    balance: residual(inside, ({ q, u, d }) => sub(d.divergence(q), u)),
    walls: neumann(domain.boundary(40), { u: 1 }),
    // Not a function of a point.
    level: residual(domain.face("x", "low", 30), ({ u }) => sub(u, mean(u))),
  },
  { exact: { q: ({ x, free }) => ({ x: mul(x, free.x), y: free.y }) } },
);

test("is the same point by point as at all points at once", async () => {
  const networks = networksOf(darcy);
  const parameters = await startParameters(backend, darcy, networks, 0);
  const sets = drawAll(darcy, randomKey(1));
  const names = Object.entries(darcy.plan.components).flatMap(([term, parts]) =>
    parts.map((part) => residualName(term, part)),
  );
  const scales = { fields: { u: 2, q: 0.5 }, terms: Object.fromEntries(names.map((name, i) => [name, 1 + i])) };
  const data = lossData(darcy, siteData(darcy, sets), sets, scales, {});
  const loss = (await prepareLoss(backend, darcy, networks, parameters, data)) as Squares;
  const at = loss.flatten(parameters);
  const { value, gradient } = await loss.evaluate(at);

  const evaluator = new Evaluator(backend, darcy, networks);
  const said = await evaluator.residuals(parameters, scales.fields, sets);
  const total = names.reduce((all, name) => {
    const factors = data.factors[name]!.data;
    return all + said[name]!.reduce((half, r, i) => half + (r * factors[i]!) ** 2 / 2, 0);
  }, 0);
  expect(Math.abs(value / total - 1)).toBeLessThan(1e-13);

  // J^T r, by the Jacobian of points.
  const [r, { data: j }] = [await loss.residuals(at), await loss.jacobian(at)];
  expect(r.length).toBe(3 * 300 + 40 + 30);
  for (const [i, slope] of gradient.entries()) {
    const product = Array.from(r).reduce((all, each, row) => all + each * j[row * loss.size + i]!, 0);
    expect(Math.abs(product - slope)).toBeLessThan(1e-12);
  }
  loss.free();
  evaluator.free();
});

test("terms that mix points are found out", () => {
  const points = domain.interior(9);
  const isPointwise = (record: Parameters<typeof residual>[1], more: Partial<ProblemOptions> = {}): boolean =>
    pointwiseIn(given({ term: residual(points, record) }, more)).has(points);
  expect(pointwiseIn(darcy)).toEqual(new Set([inside, darcy.terms.walls!.points]));
  expect(isPointwise(({ u, k, x, d }) => mul(k, add(square(d(u, "x")), mul(x, 3))))).toBe(true);
  expect(isPointwise(({ u }) => sub(u, mean(u)))).toBe(false);
  expect(isPointwise(({ u }) => mul(u, 1 / u.shape[0]))).toBe(false);
  expect(isPointwise(({ u }) => sub(u, array([1, 2, 3, 4, 5, 6, 7, 8, 9], { dtype: "f64" })))).toBe(false);
  const normalized: Exact = ({ free }) => div(free, sum(free));
  expect(isPointwise(({ u }) => u, { exact: { u: normalized } })).toBe(false);
  const bounded: Exact = ({ x, free }) => mul(x, free);
  expect(isPointwise(({ u }) => u, { exact: { u: bounded } })).toBe(true);
  expect(pointwiseIn(given({ wall: dirichlet(points, { u: ({ x }) => x }) })).has(points)).toBe(true);
});
