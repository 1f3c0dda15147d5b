import { wasmBackend } from "@hooke/backend-wasm";
import { adam } from "@hooke/minimize";
import { add, sub } from "@hooke/runtime";
import { expect, test } from "vitest";
import { box, dirichlet, mlp, neumann, problem, residual, solve, type Term, unknown } from "./index.ts";

const bar = box({ x: [0, 2], t: [0, 5] });
const left = bar.face("x", "low", 20);
const warningsOf = async (terms: Readonly<Record<string, Term>>): Promise<readonly string[]> => {
  const { report } = await solve(
    problem({
      domain: bar,
      fields: { u: mlp({ units: [5] }) },
      unknowns: { wall: unknown({ start: 1 }) },
      terms: { equation: residual(bar.interior(30), ({ u, d }) => sub(d(u, "t"), d(u, "x", "x"))), ...terms },
    }),
    { backend: wasmBackend(), stages: [{ method: adam(), iterations: 1 }] },
  );
  return report.warnings.filter((warning) => warning.includes("contradict each other"));
};

test("two conditions with different values on one wall are told of, with a point", async () => {
  const again = bar.face("x", "low", 30);
  const [warning, ...more] = await warningsOf({ cold: dirichlet(left, { u: 1 }), hot: dirichlet(again, { u: 3 }) });
  expect(warning).toMatch(/^"cold" and "hot" hold at the same places .* at x = 0, t = \S+ they are 2 apart whatever/);
  expect(more).toEqual([]);
  const shared = { cold: dirichlet(left, { u: 1 }), hot: dirichlet(left, { u: ({ t }) => add(t, 9) }) };
  expect(await warningsOf(shared)).toHaveLength(1);
  const within = { all: dirichlet(bar.boundary(80), { u: 0 }), lid: dirichlet(bar.face("t", "high", 20), { u: 1 }) };
  expect(await warningsOf(within)).toHaveLength(1);
});

test("what agrees, holds elsewhere, is of another kind or has an unknown is not", async () => {
  const terms = {
    wall: dirichlet(left, { u: 1 }),
    same: dirichlet(bar.face("x", "low", 30), { u: 1 }),
    flux: neumann(bar.face("x", "low", 25), { u: 4 }),
    sought: dirichlet(left, { u: ({ wall }) => wall }),
    right: dirichlet(bar.face("x", "high", 20), { u: 7 }),
    start: dirichlet(bar.face("t", "low", 20), { u: 5 }),
  };
  expect(await warningsOf(terms)).toEqual([]);
});
