// What is printed of three seeds, by a solution that is made up.
import type { Report } from "@hooke/pinn";
import { afterEach, expect, it, vi } from "vitest";
import { coverage } from "./coverage.ts";
import { threeSeeds } from "./seeds.ts";
import { recipe } from "./training.ts";

afterEach(() => vi.restoreAllMocks());

it("prints each report, then errors by seed, medians and the worst", async () => {
  const print = vi.spyOn(console, "log").mockImplementation(() => {});
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  await threeSeeds({
    label: "line",
    settings: { steps: [2, 3], windows: 2 },
    solve: async (_backend, _settings, seed) => ({ seed, report: { toString: () => `report ${seed}` } as Report }),
    errors: async ({ seed }) => ({ u: [2e-3, 5e-4, 1e-3][seed]!, p: seed }),
  });
  expect(print.mock.calls.map(([text]) => String(text))).toEqual([
    "report 0\n",
    "report 1\n",
    "report 2\n",
    [
      "  line        u        p",
      "seed 0  2.00e-3  0.00e+0",
      "seed 1  5.00e-4  1.00e+0",
      "seed 2  1.00e-3  2.00e+0",
      "median  1.00e-3  1.00e+0",
      " worst  2.00e-3  2.00e+0",
    ].join("\n"),
  ]);
});

it("sums up what was solved before it is stopped", async () => {
  const print = vi.spyOn(console, "log").mockImplementation(() => {});
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const controller = new AbortController();
  const stop = new Error("stopped");
  const report = { toString: () => "report" } as Report;
  const study = threeSeeds({
    settings: { steps: [2, 3] },
    solve: async (_backend, _settings, seed, { signal }) => {
      expect(signal).toBe(controller.signal);
      if (seed === 1) controller.abort(stop);
      return { report };
    },
    errors: async () => 1e-3,
    signal: controller.signal,
  });
  await expect(study).rejects.toBe(stop);
  expect(print.mock.calls.map(([text]) => String(text).split("\n").at(0)!.trim())).toEqual([
    "report",
    "report",
    "error",
  ]);
});

it("numbers that are identified are counted up to where it is stopped", async () => {
  const print = vi.spyOn(console, "log").mockImplementation(() => {});
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const controller = new AbortController();
  const stop = new Error("stopped");
  const found = { value: 2.1, low95: 1.9, high95: 2.3, start: 1 };
  const study = coverage({
    settings: { steps: [2, 3] },
    truth: { k: 2 },
    seeds: 5,
    identify: async (_backend, _settings, seed, { onProgress }) => {
      onProgress!({ stage: 1, method: "lbfgs", iteration: 1, evaluations: 2, loss: 0.1, seconds: 1 });
      if (seed === 2) controller.abort(stop);
      return { identified: { k: found }, report: "report" } as never;
    },
    signal: controller.signal,
  });
  await expect(study).rejects.toBe(stop);
  expect(print.mock.calls.at(-1)![0]).toBe(
    "\nk: in its interval for 2 of 2 seeds; error 5.000 % (median), 5.000 % (worst)",
  );
});

it("trains by Adam, then by self-scaled Broyden", () => {
  const named = recipe({ steps: [5, 7] }).stages.map(({ method: { name }, iterations }) => [name, iterations]);
  expect(named).toEqual([
    ["adam", 5],
    ["selfScaledBroyden", 7],
  ]);
});
