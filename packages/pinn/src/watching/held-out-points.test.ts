import { wasmBackend } from "@hooke/backend-wasm";
import { selfScaledBroyden } from "@hooke/minimize";
import { add, mul, sin, sub } from "@hooke/runtime";
import { expect, test } from "vitest";
import { dirichlet, interval, mlp, never, problem, residual, type SolveState, solve } from "../index.ts";

const line = interval({ x: [0, 1] });
/** More parameters than points: it fits these, and nothing between them. */
const wavy = (count: number) =>
  problem({
    domain: line,
    fields: { u: mlp({ units: [20, 20] }) },
    exact: { u: ({ x, free }) => mul(mul(x, sub(1, x)), free) },
    terms: {
      equation: residual(line.interior(count), ({ u, d, x }) => add(d(u, "x", "x"), mul(sin(mul(x, 30)), 50))),
    },
  });
const method = selfScaledBroyden();
const options = { backend: wasmBackend(), resample: never(), seed: 1 };
const heldOut = { every: 10, patience: 5 };

test("a stage ends where only the training loss falls, goes back, and says so", async () => {
  const blind = await solve(wavy(8), { ...options, stages: [{ method, iterations: 600 }] });
  const seeing = await solve(wavy(8), { ...options, stages: [{ method, iterations: 600, heldOut }] });
  const [stage] = seeing.report.stages;
  expect(stage!.message).toMatch(
    /^At held-out points the loss has not fallen since step \d+0 \(.*, now .*\), where it was trained it fell from .* to .*: it went back to step \d+0\.$/,
  );
  expect(stage!.iterations).toBeLessThan(600);
  expect(seeing.report.terms[0]!.fresh).toBeLessThan(blind.report.terms[0]!.fresh!);
  expect(seeing.report.terms[0]!.training).toBeGreaterThan(blind.report.terms[0]!.training);
});

test("a stage goes on where both fall, to the same bits as without looking", async () => {
  const stages = [{ method, iterations: 150 }];
  const blind = await solve(wavy(100), { ...options, stages });
  const seeing = await solve(wavy(100), { ...options, stages: stages.map((stage) => ({ ...stage, heldOut })) });
  expect(seeing.report.stages[0]!.message).toBe("It made 150 steps.");
  expect(await seeing.solution.at([[0.3]])).toEqual(await blind.solution.at([[0.3]]));
});

test("it goes on to the same bits, before and after comparisons", async () => {
  const stages = [
    { method, iterations: 300, heldOut },
    { method, iterations: 5 },
  ];
  const states: SolveState[] = [];
  const whole = await solve(wavy(8), {
    ...options,
    stages,
    onProgress: async (_, state) => {
      states.push(await state());
    },
  });
  const expected = await whole.solution.at([[0.3]]);
  for (const at of [5, 10, 23, states.length - 8, states.length - 2]) {
    const resumed = await solve(wavy(8), { ...options, stages, resume: structuredClone(states[at]!) });
    expect(await resumed.solution.at([[0.3]]), `from ${at}`).toEqual(expected);
  }
});

test("options are checked by name", async () => {
  const stages = [{ method, iterations: 30, heldOut: { patience: 0 } }];
  await expect(solve(wavy(8), { ...options, stages })).rejects.toThrow(/heldOut.*patience/);
  const ends = problem({
    domain: line,
    fields: { u: mlp({ units: [3] }) },
    terms: { ends: dirichlet(line.faces("x"), { u: 1 }) },
  });
  const looking = [{ method, iterations: 30, heldOut: { every: 2 } }];
  await expect(solve(ends, { ...options, stages: looking })).rejects.toThrow(
    /no term of squares has points that are drawn/,
  );
});
