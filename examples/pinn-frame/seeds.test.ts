// What is printed of three seeds, by a solution that is made up.
import type { Report } from "@hooke/pinn";
import { afterEach, expect, it, vi } from "vitest";
import { recipe, threeSeeds } from "./seeds.ts";

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

it("trains by Adam, then by self-scaled Broyden", () => {
  const named = recipe({ steps: [5, 7] }).stages.map(({ method: { name }, iterations }) => [name, iterations]);
  expect(named).toEqual([
    ["adam", 5],
    ["selfScaledBroyden", 7],
  ]);
});
