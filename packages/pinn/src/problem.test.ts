import { mean, reshape, square } from "@hooke/runtime";
import { expect, test } from "vitest";
import { type At, box, dirichlet, interval, mlp, neumann, problem, residual, unknown } from "./index.ts";

const domain = box({ x: [0, 1], t: [0, 2] });
const fields = { u: mlp({ units: [4] }), v: mlp({ units: [4], components: ["x", "y"] }) };
const inside = domain.interior(7);
const withTerm = (equation: (at: At) => never) => () =>
  problem({ domain, fields, terms: { equation: residual(inside, equation) } });

test("names that are not there are refused while the problem is made", () => {
  expect(withTerm(({ u, d }) => d(u, "z") as never)).toThrow(
    'term "equation": d: field "u" has no coordinate "z"; it has x, t.',
  );
  expect(withTerm(({ w }) => w as never)).toThrow(
    /term "equation": problem: there is no "w"; there are .*the fields "u", "v"/,
  );
  expect(withTerm(({ v }) => v.z as never)).toThrow(/there is no "z"; there are "x", "y"/);
  expect(() => domain.face("y", "low", 3)).toThrow('box: has no coordinate "y"; it has "x", "t".');
  expect(() => problem({ domain, fields, terms: { wall: dirichlet(inside, { w: 0 }) } })).toThrow(/there is no "w"/);
});

test("derivatives of what has no name are refused, with the cure", () => {
  expect(withTerm(({ u, d }) => d(square(u), "x") as never)).toThrow(/Name it under `derived`/);
});

test("residuals are one number a point", () => {
  expect(withTerm(({ u }) => reshape(u, [7, 1]) as never)).toThrow(
    /is f64\[7, 1\] at 7 points; it is one number a point, f64\[7\]/,
  );
  expect(withTerm(({ u }) => mean(u) as never)).toThrow(/is f64\[\] at 7 points/);
  expect(withTerm(() => 1 as never)).toThrow(/is not a tensor/);
  expect(withTerm(() => ({}) as never)).toThrow(/returned no quantity/);
});

test("names are taken once", () => {
  const terms = { equation: residual(inside, ({ u }) => u) };
  expect(() => problem({ domain, fields: { x: mlp() }, terms })).toThrow('"x" names a coordinate and a field');
  expect(() => problem({ domain, fields: { d: mlp() }, terms })).toThrow('the name "d" of a field is taken');
  expect(() => problem({ domain, fields, unknowns: { u: unknown({ start: 1 }) }, terms })).toThrow(
    '"u" names a field and an unknown',
  );
});

test("what every record has already is no name, wherever names are given", () => {
  const terms = { equation: residual(inside, ({ u }) => u) };
  const taken = (kind: string, name: string) => `the name "${name}" of ${kind} is taken; choose another.`;
  const own = (name: string, value: unknown) => Object.fromEntries([[name, value]]) as never;
  const line = interval(own("valueOf", [0, 1]));
  expect(() =>
    problem({ domain: line, fields, terms: { equation: residual(line.interior(3), ({ u }) => u) } }),
  ).toThrow(taken("a coordinate", "valueOf"));
  expect(() => problem({ domain, fields: own("__proto__", mlp()), terms })).toThrow(taken("a field", "__proto__"));
  expect(() => problem({ domain, fields, derived: own("constructor", () => 0), terms })).toThrow(
    taken("a derived quantity", "constructor"),
  );
  expect(() => problem({ domain, fields, unknowns: own("toString", unknown({ start: 1 })), terms })).toThrow(
    taken("an unknown", "toString"),
  );
  expect(() => problem({ domain, fields, terms: own("constructor", terms.equation) })).toThrow(
    taken("a term", "constructor"),
  );
  expect(() => problem({ domain, fields: own("", mlp()), terms })).toThrow("received an empty name of a field");
  // Nor is it found where it was not given.
  expect(withTerm((at) => at.constructor as never)).toThrow(/there is no "constructor"/);
  expect(withTerm(({ v }) => v.hasOwnProperty as never)).toThrow(/there is no "hasOwnProperty"; there are "x", "y"/);
});

test("vectors and scalars take their own kind of values, and normals are of boundaries", () => {
  const with_ = (term: ReturnType<typeof dirichlet>) => () => problem({ domain, fields, terms: { term } });
  expect(with_(dirichlet(inside, { v: 0 }))).toThrow(/has the components "x", "y"; give \{ x: ... \}/);
  expect(with_(dirichlet(inside, { u: { x: 0 } }))).toThrow(/which is a scalar; give one value/);
  expect(with_(neumann(inside, { u: 0 }))).toThrow(/normal: the points have none; use those of a boundary or a face/);
  expect(with_(neumann(domain.boundary(8), { u: 0, v: { x: 1, y: 2 } }))).not.toThrow();
});

test("points of another domain are refused", () => {
  const line = interval({ s: [0, 1] });
  expect(() => problem({ domain, fields, terms: { equation: residual(line.interior(3), ({ u }) => u) } })).toThrow(
    'term "equation": has points of the coordinates "s"; those of the domain are "x", "t".',
  );
});

test("derived quantities that form a circle are refused", () => {
  const terms = { equation: residual(inside, ({ a }) => a) };
  expect(() => problem({ domain, fields, derived: { a: ({ b }) => b, b: ({ a }) => a }, terms })).toThrow(
    /derived "a".*depends on itself/,
  );
});
