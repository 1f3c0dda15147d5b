// Successive halving: by one process the textbook's; by several whatever is best when somebody is free, and no trial twice.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { collect, defineSweep, gridTrials, runSweep } from "./index.ts";
import { stepsToDo, type TrialState } from "./order.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hooke-halving-"));
});
afterEach(() => rm(folder, { recursive: true }));

const budgets = [1, 3, 9, 27];
/** 27 trials, whose losses at each budget are a permutation of their own. */
const lossOf = (x: number, budget: number): number => ((x * 7 + 5) % 27) + ((x * budget) % 5) / budget;

function search(computed: string[], milliseconds = 0) {
  return defineSweep({
    trials: gridTrials({ x: Array.from({ length: 27 }, (_, x) => x) }),
    async run({ x }, { budget }) {
      computed.push(`${x} at ${budget}`);
      await pause(milliseconds);
      return { loss: lossOf(x, budget!) };
    },
    halving: { budgets, by: ({ loss }) => loss },
  });
}

test("by one process the best third of each budget gets the next", async () => {
  const computed: string[] = [];
  await runSweep(folder, search(computed));
  let rung = Array.from({ length: 27 }, (_, x) => x);
  const expected: string[] = [];
  for (const budget of budgets) {
    expected.push(...rung.map((x) => `${x} at ${budget}`));
    rung = rung.sort((a, b) => lossOf(a, budget) - lossOf(b, budget) || a - b).slice(0, Math.floor(rung.length / 3));
  }
  expect(computed).toHaveLength(27 + 9 + 3 + 1);
  expect(new Set(computed)).toEqual(new Set(expected));
  const { finished, missing } = await collect(folder);
  expect(missing).toEqual([]);
  expect(finished.filter(({ budget }) => budget === 27)).toHaveLength(1);
});

test("by four at once each step is computed once, nobody waits, and the best is found", async () => {
  const computed: string[] = [];
  const sweep = search(computed, 5);
  await Promise.all(Array.from({ length: 4 }, (_, task) => runSweep(folder, sweep, { task, tasks: 4 })));
  expect(new Set(computed).size).toBe(computed.length);
  const { finished, missing } = await collect<{ x: number }>(folder);
  expect(missing).toEqual([]);
  const counts = budgets.map((budget) => finished.filter((trial) => trial.budget! >= budget).length);
  expect(counts[0]).toBe(27);
  for (const [stage, least] of [27, 9, 3, 1].entries()) {
    expect(counts[stage]).toBeGreaterThanOrEqual(least);
    expect(counts[stage]).toBeLessThanOrEqual(least + 4);
  }
  const best = Array.from({ length: 27 }, (_, x) => x).sort((a, b) => lossOf(a, 1) - lossOf(b, 1))[0];
  expect(finished.some(({ parameters, budget }) => parameters.x === best && budget! >= 9)).toBe(true);
});

test("what failed and what is NaN is not promoted; the share is whole also where thirds are not", () => {
  const state = (index: number, ...scores: (number | undefined)[]): TrialState => ({
    index,
    scores,
    begun: true,
    failed: false,
  });
  const halving = { budgets: [1, 3], keep: 1 / 3 };
  const three = [state(0, Number.NaN, undefined), state(1, 2, undefined), state(2, Infinity, undefined)];
  expect(stepsToDo(three, halving)).toEqual([{ index: 1, stage: 1 }]);
  expect(stepsToDo(three.slice(0, 2), halving)).toEqual([]);
  const many = Array.from({ length: 300 }, (_, i) => state(i, i, undefined));
  expect(stepsToDo(many, halving)).toHaveLength(100);
  expect(stepsToDo([state(0, undefined, undefined), state(1, 2, undefined)], halving)).toEqual([
    { index: 0, stage: 0 },
  ]);
});

test("refuses budgets that do not rise, and scores that are none", async () => {
  const run = () => ({});
  const trials = [{ x: 1 }];
  const by = () => "small" as unknown as number;
  expect(() => defineSweep({ trials, run, halving: { budgets: [3, 3], by } })).toThrow("budgets that rise, such as");
  expect(() => defineSweep({ trials, run, halving: { budgets: [3], by } })).toThrow("budgets that rise, such as");
  expect(() => defineSweep({ trials, run, halving: { budgets: [1, 3], by, keep: 1 } })).toThrow("keep between 0 and 1");
  const { failed } = await runSweep(folder, defineSweep({ trials, run, halving: { budgets: [1, 3], by } }));
  expect(failed[0]!.message).toContain('halving.by returned "small"; give a number');
});
