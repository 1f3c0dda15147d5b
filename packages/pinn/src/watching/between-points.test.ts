import { wasmBackend } from "@hooke/backend-wasm";
import { adam, selfScaledBroyden } from "@hooke/minimize";
import { add, mul, sin, sub } from "@hooke/runtime";
import { expect, test } from "vitest";
import { data, interval, mlp, problem, residual, type SolveState, solve } from "../index.ts";

const line = interval({ x: [0, 1] });
/** More parameters than points, which go stale. */
const wavy = (count: number) =>
  problem({
    domain: line,
    fields: { u: mlp({ units: [20, 20] }) },
    exact: { u: ({ x, free }) => mul(mul(x, sub(1, x)), free) },
    terms: {
      equation: residual(line.interior(count), ({ u, d, x }) => add(d(u, "x", "x"), mul(sin(mul(x, 30)), 50))),
    },
  });
const options = { backend: wasmBackend(), seed: 1 };
const stages = [
  { method: adam({ learningRate: 5e-3 }), iterations: 100 },
  { method: selfScaledBroyden(), iterations: 900 },
];
const chosen =
  /The solution is that of step \d+00, where residuals between points were least: (\S+) of their scale, (\S+) at the end\.$/;

test("the solution whose residuals between points were least is returned, and the report says so", async () => {
  const { report } = await solve(wavy(16), { ...options, stages });
  const said = report.stages.at(-1)!.message;
  const [, then, end] = said.match(chosen)!;
  expect(Number(then)).toBeLessThan(Number(end));
  // Its residual at points that did not choose it is about as small, and below that of the end, which the history has.
  const [{ fresh, scale }] = report.terms as [(typeof report.terms)[0]];
  expect(fresh! / scale / Number(then)).toBeGreaterThan(0.7);
  expect(fresh! / scale / Number(then)).toBeLessThan(1.4);
  expect(fresh!).toBeLessThan(report.history.at(-1)!.fresh.equation!);
});

test("where residuals between points fall to the end, that is the solution", async () => {
  const { report } = await solve(wavy(100), { ...options, stages: [{ method: selfScaledBroyden(), iterations: 200 }] });
  expect(report.stages[0]!.message).toBe("It made 200 steps.");
});

test("it chooses the same after an interruption, to the bit", async () => {
  const at = [99, 101, 850, 900, 950, 999];
  const states: SolveState[] = [];
  const whole = await solve(wavy(16), {
    ...options,
    stages,
    onProgress: async ({ stage, iteration }, state) => {
      if (at.includes(100 * stage + iteration)) states.push(await state());
    },
  });
  const expected = await whole.solution.at([[0.3]]);
  expect(states.length).toBe(at.length);
  for (const [i, state] of states.entries()) {
    const resumed = await solve(wavy(16), { ...options, stages, resume: structuredClone(state) });
    expect(await resumed.solution.at([[0.3]]), `from ${at[i]}`).toEqual(expected);
    expect(resumed.report.stages.at(-1)!.message).toMatch(chosen);
  }
});

test("where data are fitted, the last solution is returned: unknowns come to rest late", async () => {
  const { plan: _, terms, ...rest } = wavy(16);
  const measured = data(line, { x: [0.5] }, { u: [0] });
  const { report } = await solve(problem({ ...rest, terms: { ...terms, measured } }), { ...options, stages });
  expect(report.stages.at(-1)!.message).not.toMatch(chosen);
});
