import { wasmBackend } from "@hooke/backend-wasm";
import { adam, selfScaledBroyden } from "@hooke/minimize";
import { add, mul, randomKey, sin, sub } from "@hooke/runtime";
import { expect, test } from "vitest";
import { data, interval, mlp, problem, residual, type SolveState, solve } from "../index.ts";
import { watchBetweenPoints } from "./between-points.ts";

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

test("of the last fifth of all steps the solution with the least residuals between points is chosen, and words say so", async () => {
  // Parameters stand for the residual that they leave.
  const evaluator = { residuals: async (left: unknown) => ({ equation: new Float64Array(16).fill(left as number) }) };
  const watcher = watchBetweenPoints(wavy(16), evaluator as never, randomKey(0))!;
  let state = { stage: 0, ended: [], scales: { fields: { u: 1 }, terms: { equation: 2 } } } as unknown as SolveState;
  for (const [i, left] of [0.1, 4, 8, 6, 3, 5, 4].entries()) {
    const here = { done: 100 * (i + 1), state, parameters: left };
    state = (await watcher.look(here as never)).state;
  }
  expect(state.lately!.map(({ step, loss }) => [step, loss])).toEqual([[700, 4]]);
  const early = { ...state, lately: [{ parameters: 3, step: 600, loss: 2.25 }, ...state.lately!] };
  const end = { done: 720, state: early, parameters: 10 };
  expect(await watcher.choose!(end as never)).toEqual({
    parameters: 3,
    words:
      "The solution is that of step 600, where residuals between points were least: 1.5 of their scale, 5 at the end.",
    warned: false,
  });
  expect(await watcher.choose!({ ...end, done: 800 } as never)).toMatchObject({ parameters: 4 });
  expect(await watcher.choose!({ ...end, parameters: 1 } as never)).toEqual({
    parameters: 1,
    words: "",
    warned: false,
  });
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
    expect(resumed.report.stages.at(-1)!.message).toBe(whole.report.stages.at(-1)!.message);
  }
});

test("where data are fitted, the last solution is returned: unknowns come to rest late", async () => {
  const { plan: _, terms, ...rest } = wavy(16);
  const measured = data(line, { x: [0.5] }, { u: [0] });
  const { report } = await solve(problem({ ...rest, terms: { ...terms, measured } }), { ...options, stages });
  expect(report.stages.at(-1)!.message).not.toMatch(chosen);
});
