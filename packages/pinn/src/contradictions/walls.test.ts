import { wasmBackend } from "@hooke/backend-wasm";
import { adam } from "@hooke/minimize";
import { add } from "@hooke/runtime";
import { expect, test } from "vitest";
import {
  box,
  difference,
  type Exact,
  exactDirichlet,
  mlp,
  polygon,
  problem,
  residual,
  type Shape,
  solve,
} from "../index.ts";

const solved = (domain: Shape, u: Exact) =>
  solve(
    problem({
      domain,
      fields: { u: mlp({ units: [5] }) },
      exact: { u },
      terms: { equation: residual(domain.interior(60), ({ u, d }) => add(d.laplacian(u), 1)) },
    }),
    { backend: wasmBackend(), stages: [{ method: adam(), iterations: 1 }] },
  );

const whole = box({ x: [0, 2], y: [0, 2] });
const corner = box({ x: [1, 2], y: [1, 2] });
const bracket = difference(whole, corner);

test("the line of a side runs through the domain beyond a re-entrant corner: it is no wall", async () => {
  await expect(solved(bracket, exactDirichlet([...whole.walls, corner.wall("x", "low")], 0))).rejects.toThrow(
    /^exact "u": has a wall that is -\S+ at x = 0\.\d+, y = \S+; walls are positive in the domain\. This one runs through/,
  );
  await solved(bracket, exactDirichlet(bracket.walls, 0));
  const sides = polygon({
    corners: [
      [0, 0],
      [2, 0],
      [2, 1],
      [1, 1],
      [1, 2],
      [0, 2],
    ],
  });
  await solved(sides, exactDirichlet(sides.walls, 0));
});

test("nor is a wall of a hole seen from within", async () => {
  const inner = box({ x: [0.8, 1.2], y: [0.8, 1.2] });
  const holed = difference(whole, inner);
  const parts = (on: typeof inner.outside) =>
    exactDirichlet([
      { on: whole.walls, value: 0 },
      { on, value: 1 },
    ]);
  await expect(solved(holed, parts(inner.distance))).rejects.toThrow(/negative|from its other side: hole\.outside/);
  await solved(holed, parts(inner.outside));
});
