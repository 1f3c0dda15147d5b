import { wasmBackend } from "@hooke/backend-wasm";
import { adam } from "@hooke/minimize";
import { add, mul, square, sub } from "@hooke/runtime";
import { expect, test } from "vitest";
import {
  ball,
  box,
  data,
  difference,
  dirichlet,
  disk,
  type Exact,
  exactDirichlet,
  grid,
  mlp,
  neumann,
  polygon,
  problem,
  residual,
  type Shape,
  solve,
  type Term,
  unknown,
  withTime,
} from "../index.ts";

const bar = box({ x: [0, 1], t: [0, 1] });
const left = bar.face("x", "low", 20);
const start = bar.face("t", "low", 21, { sampler: grid() });
/** A bar whose ends are at 2. */
const ends: Exact = ({ x, free }) => add(mul(mul(x, sub(1, x)), free), 2);
const heat = (u: Exact, terms: Readonly<Record<string, Term>>) =>
  solve(
    problem({
      domain: bar,
      fields: { u: mlp({ units: [5] }) },
      unknowns: { wall: unknown({ start: 1 }) },
      exact: { u },
      terms: { equation: residual(bar.interior(30), ({ u, d }) => sub(d(u, "t"), d(u, "x", "x"))), ...terms },
    }),
    { backend: wasmBackend(), stages: [{ method: adam(), iterations: 1 }] },
  );

test("a condition that contradicts an exact transform is refused, with the point", async () => {
  await expect(heat(ends, { wall: dirichlet(left, { u: 1 }) })).rejects.toThrow(
    /the term "wall" is 1 at x = 0, t = \S+ whatever the networks say: the exact transform of "u" holds there, and contradicts it/,
  );
  await expect(heat(ends, { walls: dirichlet(bar.faces("x", 20), { u: ({ t }) => t }) })).rejects.toThrow(/"walls"/);
  const flat: Exact = ({ x, free }) => mul(square(x), free);
  await expect(heat(flat, { flux: neumann(left, { u: 3 }) })).rejects.toThrow(/the term "flux"/);
});

const hole = disk({ center: { x: 0, y: 0 }, radius: 0.5 });
const plate = difference(box({ x: [-1, 1], y: [-1, 1] }), hole);
const globe = ball({ center: { x: 0, y: 0, z: 1 }, radius: 2 });
const pipe = withTime(hole, [0, 1]);
const bracket = polygon({
  corners: [
    [0, 0],
    [2, 0],
    [2, 1],
    [1, 1],
    [1, 2],
    [0, 2],
  ],
});

test.each<[string, Shape, Exact, Term["points"]]>([
  ["a circle", hole, exactDirichlet(hole.walls, 2), hole.boundary(30)],
  ["a hole", plate, exactDirichlet(hole.outside, 2), plate.boundary(300)],
  ["a sphere", globe, exactDirichlet(globe.walls, 2), globe.boundary(50)],
  ["a circle over time", pipe, exactDirichlet(hole.walls, 2), pipe.lateral(50)],
  ["sides that meet at a re-entrant corner", bracket, exactDirichlet(bracket.walls, 2), bracket.boundary(60)],
])("so is one on %s", async (_, domain, u, points) => {
  const terms = {
    equation: residual(domain.interior(30), ({ u, d }) => d.laplacian(u)),
    wall: dirichlet(points, { u: 5 }),
  };
  const stages = [{ method: adam(), iterations: 1 }];
  const contrary = problem({ domain, fields: { u: mlp({ units: [5] }) }, exact: { u }, terms });
  await expect(solve(contrary, { backend: wasmBackend(), stages })).rejects.toThrow(
    /the term "wall" is -3\S* at x = \S+, .* whatever the networks say/,
  );
});

test("what agrees with it, differs at corners, has an unknown or is measured is not", async () => {
  await heat(ends, { wall: dirichlet(left, { u: 2 }) });
  await heat(ends, { start: dirichlet(start, { u: 0 }) });
  await heat(ends, { wall: dirichlet(left, { u: ({ wall }) => wall }) });
  await heat(ends, { sensor: data(bar, { x: [0, 0], t: [0.2, 0.4] }, { u: [2.1, 1.9] }, { sd: 0.1 }) });
});
