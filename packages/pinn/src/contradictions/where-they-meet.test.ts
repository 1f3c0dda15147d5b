import { wasmBackend } from "@hooke/backend-wasm";
import { adam } from "@hooke/minimize";
import { add, mul, sin, square, sub } from "@hooke/runtime";
import { expect, test } from "vitest";
import {
  box,
  difference,
  dirichlet,
  disk,
  initial,
  mlp,
  polygon,
  problem,
  residual,
  type Shape,
  solve,
  type Term,
  withTime,
} from "../index.ts";

const jumpsOf = async (domain: Shape, terms: Readonly<Record<string, Term>>): Promise<readonly string[]> => {
  const { report } = await solve(
    problem({
      domain,
      fields: { u: mlp({ units: [5] }) },
      terms: { equation: residual(domain.interior(30), ({ u, d }) => d.laplacian(u)), ...terms },
    }),
    { backend: wasmBackend(), stages: [{ method: adam(), iterations: 1 }] },
  );
  return report.warnings.filter((warning) => warning.includes("meet at"));
};

const cavity = box({ x: [0, 1], y: [0, 2] });
const lid = cavity.face("y", "high", 30);
const sides = cavity.faces("x", 40);

test("a lid that moves between walls that do not: the report names a corner, and by how much they are apart", async () => {
  const [warning, ...more] = await jumpsOf(cavity, {
    lid: dirichlet(lid, { u: 3 }),
    sides: dirichlet(sides, { u: 0 }),
  });
  expect(warning).toMatch(
    /^"lid" and "sides" meet at x = [01], y = 2, where they are 3 apart: no smooth field has both/,
  );
  expect(more).toEqual([]);
});

test("one whose speed goes over into that of the walls is not told of", async () => {
  const eased = dirichlet(lid, { u: ({ x }) => mul(square(mul(x, sub(1, x))), 16) });
  expect(await jumpsOf(cavity, { lid: eased, sides: dirichlet(sides, { u: 0 }) })).toEqual([]);
  const bar = box({ x: [0, 1], t: [0, 1] });
  const start = initial(bar.face("t", "low", 20), { u: ({ x }) => sin(mul(x, Math.PI)) });
  const ends = dirichlet(bar.faces("x", 20), { u: ({ t }) => mul(t, 4) });
  expect(await jumpsOf(bar, { start, ends })).toEqual([]);
});

const bracket = polygon({
  corners: [
    [0, 0],
    [3, 0],
    [3, 1],
    [1, 1],
    [1, 2],
    [0, 2],
  ],
});
const pipe = withTime(disk({ center: { x: 0, y: 0 }, radius: 1 }), [0, 1]);
const bay = difference(box({ x: [-1, 1], y: [0, 2] }), disk({ center: { x: 0, y: 0 }, radius: 0.5 }));
const isTop = ({ y }: { readonly y?: number }) => y! === 1;

test.each<[string, Shape, Term["points"], Term["points"], RegExp]>([
  [
    "at a re-entrant corner",
    bracket,
    bracket.boundary(20, { where: isTop }),
    bracket.boundary(20, { where: ({ x, y }) => x! === 1 && !isTop({ y: y! }) }),
    /meet at x = 1, y = 1,/,
  ],
  ["at the start of a pipe", pipe, pipe.start(200), pipe.lateral(100), /meet at x = \S+, y = \S+, t = 0,/],
  [
    "between the parts of one circle",
    pipe.space,
    pipe.space.boundary(40, { where: ({ x }) => x! < 0 }),
    pipe.space.boundary(40, { where: ({ x }) => x! >= 0 }),
    /meet at x = \S+, y = \S*(0\.9|1)\S*,/,
  ],
  [
    "where a circle is cut off",
    bay,
    bay.boundary(40, { where: ({ x, y }) => Math.hypot(x!, y!) < 0.501 }),
    bay.boundary(40, { where: ({ y }) => y! === 0 }),
    /meet at x = -?0\.[45]\d*, y = \S+,/,
  ],
])("values that are apart are told of %s", async (_, domain, own, other, expected) => {
  const terms = { one: dirichlet(own, { u: 1 }), two: dirichlet(other, { u: ({ x }) => add(mul(x, 0), 4) }) };
  const [warning, ...more] = await jumpsOf(domain, terms);
  expect(warning).toMatch(expected);
  expect(warning).toMatch(/where they are 3 apart/);
  expect(more).toEqual([]);
});
