// An advice whose folds were measured by shares is that of one process.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tableOf } from "@hooke/data";
import { collect, defineSweep, runSweep } from "@hooke/sweep";
import { expect, test } from "vitest";
import { adviceSweep, type FoldRecord } from "./advice-sweep.ts";
import { advise } from "./advise.ts";

const x = Array.from({ length: 24 }, (_, i) => ((i * 31) % 24) / 5);
const table = tableOf({ x, z: x.map((value) => (value * 7) % 1.1), y: x.map((value, i) => 3 * value + (i % 3) / 2) });
const options = { target: "y", groups: "none", budget: { repeats: 1 }, elsewhere: false } as const;

test("its recommendation, errors and predictions are those of advise", async () => {
  const folder = await mkdtemp(join(tmpdir(), "hooke-advice-"));
  try {
    const { sweep, join: joined } = await adviceSweep(table, options);
    const list = defineSweep(sweep);
    for (const task of [1, 0]) await runSweep(folder, list, { task, tasks: 2 });
    const { finished, missing } = await collect<unknown, FoldRecord>(folder);
    expect(missing).toEqual([]);
    const [found, expected] = [await joined(finished.map(({ result }) => result)), await advise(table, options)];
    expect(found.recommended!.method).toBe(expected.recommended!.method);
    const errors = (advice: typeof found) =>
      advice.comparison.methods.map(({ method, error, folds }) => ({ method, error, folds }));
    expect(errors(found)).toEqual(errors(expected));
    expect(found.comparison.predictions("ridge")).toEqual(expected.comparison.predictions("ridge"));
    expect(() => joined([])).toThrow(/^adviceSweep: received 0 of \d+ results; compute those/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("groups are said, not looked for", async () => {
  const { groups: _, ...others } = options;
  await expect(adviceSweep(table, others)).rejects.toThrow(
    'adviceSweep: received no groups; name their column, or say groups: "none".',
  );
});
