import { wasmBackend } from "@hooke/backend-wasm";
import { adam } from "@hooke/minimize";
import { add, sub } from "@hooke/runtime";
import { expect, test } from "vitest";
import {
  ball,
  box,
  difference,
  dirichlet,
  disk,
  initial,
  mlp,
  neumann,
  polygon,
  problem,
  residual,
  rotate,
  type Shape,
  solve,
  type Term,
  unknown,
  withTime,
} from "../index.ts";

const solved = (domain: Shape, terms: Readonly<Record<string, Term>>) =>
  solve(
    problem({
      domain,
      fields: { u: mlp({ units: [5] }) },
      unknowns: { wall: unknown({ start: 1 }) },
      terms: { equation: residual(domain.interior(30), ({ u, d }) => sub(d.laplacian(u), 1)), ...terms },
    }),
    { backend: wasmBackend(), stages: [{ method: adam(), iterations: 1 }] },
  );

const bar = box({ x: [0, 2], t: [0, 5] });
const left = bar.face("x", "low", 20);

test("two conditions with different values on one wall are refused, with a point and by how much", async () => {
  const again = bar.face("x", "low", 30);
  await expect(solved(bar, { cold: dirichlet(left, { u: 1 }), hot: dirichlet(again, { u: 3 }) })).rejects.toThrow(
    /^solve: "cold" and "hot" hold at the same places .* at x = 0, t = \S+ they are 2 apart whatever the fields are\. Remove one/,
  );
  const shared = { cold: dirichlet(left, { u: 1 }), hot: dirichlet(left, { u: ({ t }) => add(t, 9) }) };
  await expect(solved(bar, shared)).rejects.toThrow(/"cold" and "hot" hold at the same places/);
  const within = { all: dirichlet(bar.boundary(80), { u: 0 }), lid: dirichlet(bar.face("t", "high", 20), { u: 1 }) };
  await expect(solved(bar, within)).rejects.toThrow(/"lid" and "all" hold at the same places/);
});

const hole = disk({ center: { x: 0, y: 0 }, radius: 0.5 });
const plate = difference(box({ x: [-1, 1], y: [-1, 3] }), hole);
const pipe = withTime(hole, [0, 4]);
const globe = ball({ center: { x: 0, y: 0, z: 1 }, radius: 2 });
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
const roof = rotate(box({ x: [0, 2], y: [0, 1] }), { angle: 0.3 });

test.each<[string, Shape, Term["points"], Term["points"]]>([
  ["a circle", hole, hole.boundary(30), hole.boundary(25)],
  ["a hole", plate, plate.boundary(40, { where: ({ x, y }) => Math.hypot(x!, y!) < 0.6 }), plate.boundary(400)],
  ["a circle over time", pipe, pipe.lateral(90), pipe.lateral(70)],
  ["a sphere", globe, globe.boundary(80), globe.boundary(60)],
  ["sides that meet at a re-entrant corner", bracket, bracket.boundary(40), bracket.boundary(50)],
  ["sides that are not along an axis", roof, roof.boundary(40), roof.boundary(50)],
])("so are those on %s", async (_, domain, own, other) => {
  await expect(solved(domain, { one: dirichlet(own, { u: 1 }), two: dirichlet(other, { u: 1.5 }) })).rejects.toThrow(
    /"(one|two)" and "(one|two)" hold at the same places and contradict each other: .* they are 0\.5 apart/,
  );
});

test("what agrees, holds elsewhere, is of another kind or has an unknown is not", async () => {
  const { report } = await solved(bar, {
    wall: dirichlet(left, { u: 5 }),
    same: dirichlet(bar.face("x", "low", 30), { u: 5 }),
    flux: neumann(bar.face("x", "low", 25), { u: 4 }),
    sought: dirichlet(left, { u: ({ wall }) => wall }),
    right: dirichlet(bar.face("x", "high", 20), { u: 5 }),
    start: initial(bar.face("t", "low", 20), { u: 5 }),
  });
  expect(report.warnings.filter((warning) => /contradict|meet/.test(warning))).toEqual([]);
});
