// Networks learn the molecules of the page, are kept one by one, hold nine in ten, and say which atoms count.
import { wasmBackend } from "@hooke/backend-wasm";
import { expect, it, vi } from "vitest";
import { initialOf } from "../../shell/settings.ts";
import { drawingOf } from "./drawing.ts";
import { type Learning, learning, type Remembered, totalOf } from "./learning.ts";
import { fields } from "./settings.ts";

const settings = { ...initialOf(fields), members: 2, updates: 150 };
let kept: Remembered | undefined;
vi.mock("../../jobs/storage.ts", () => ({ keptCheckpoint: async () => kept }));

it("learns, goes on after a pause with the networks that are done, and answers", async () => {
  const controller = new AbortController();
  const backend = wasmBackend();
  let stands: { done: number; shown: Learning } | undefined;
  const run = (signal: AbortSignal) => ({
    from: stands && kept && { ...stands, total: totalOf(settings), checkpoint: kept },
    signal,
    report: async (done: number) => {
      if (done > 100) controller.abort(new Error("paused"));
    },
    keep: async (checkpoint: Remembered, done: number, shown: Learning) => {
      [kept, stands] = [checkpoint, { done, shown }];
    },
  });
  const paused = await learning(settings, backend, run(controller.signal));
  expect([paused.done, paused.shown.networks, paused.shown.judged]).toEqual([100, 1, undefined]);
  const first = kept!.members[0];
  const { done, shown } = await learning(settings, backend, run(new AbortController().signal));
  expect([done, shown.networks, kept!.members[0]]).toEqual([totalOf(settings), 2, first]);
  const { rmse, guessing, coverage, parity } = shown.judged!;
  expect(rmse).toBeLessThan(0.5 * guessing);
  expect(coverage).toBeGreaterThan(0.75);
  expect(parity[0]).toHaveLength(shown.rows.test);

  const { answerOf } = await import("./asking.ts");
  const phenol = await answerOf("here", settings, " Oc1ccc(CC)cc1 ");
  expect(phenol.lower).toBeLessThan(phenol.value);
  expect(phenol.upper).toBeGreaterThan(phenol.value);
  expect(Math.abs(phenol.value - phenol.estimate!)).toBeLessThan(1.5);
  // Oxygen takes a molecule into water, carbon into octanol.
  const { atoms } = phenol.drawing;
  const oxygen = atoms.find(({ symbol }) => symbol === "O")!;
  expect(oxygen.share).toBe(Math.min(...atoms.map(({ share }) => share)));
  const strange = await answerOf("here", settings, "CCCCCCCCCCCCCCCCCC[Si](C)(C)C");
  expect(phenol.outside).toEqual([]);
  expect(strange.outside.join()).toMatch(/heavy atoms of smiles 22 is above \d+, the largest seen/);
  await expect(answerOf("here", settings, "C1CC")).rejects.toThrow('"C1CC" is no SMILES');
  await expect(answerOf("here", settings, "")).rejects.toThrow('"" is no SMILES');
});

it("draws atoms a bond apart", async () => {
  const { atoms, bonds } = await drawingOf("c1ccccc1O");
  expect([atoms.length, bonds.length, bonds[0]!.order]).toEqual([7, 7, 1.5]);
  for (const { from, to } of bonds) {
    expect(Math.hypot(atoms[from]!.x - atoms[to]!.x, atoms[from]!.y - atoms[to]!.y)).toBeCloseTo(1, 1);
  }
});
