// Tuning: the best method is chosen, few fits are spent on bad ones, and what is held back decides nothing.
import { tableOf } from "@hooke/data";
import { expect, it } from "vitest";
import { ridge } from "../linear/ridge.ts";
import { defineMethod } from "../method/define-method.ts";
import { decodeFitted, encodeFitted } from "../method/file.ts";
import type { Method } from "../method/method.ts";
import { baselines } from "../plugin.ts";
import { randomSearch } from "./random-search.ts";
import { tuned } from "./tuned.ts";

const x = Array.from({ length: 40 }, (_, i) => (i * 17) % 40);
const table = tableOf({
  x,
  heat: x.map((value) => `heat ${value >> 2}`),
  y: x.map((value, i) => 3 * value + ((i * 7) % 5)),
});

const seen: number[][] = [];
const offset = defineMethod({
  name: "acme/offset",
  tasks: ["regression"],
  options: { required: { by: () => undefined } },
  learn: async ({ target, rowCount, groups }, { by }: { readonly by: number }) => {
    seen.push(Array.from((groups as ArrayLike<string>) ?? [], (name) => Number(name.slice(5))));
    return { mean: (target.values as Float64Array).reduce((a, b) => a + b) / rowCount + by };
  },
  predict: ({ mean }, { rowCount }) => new Float64Array(rowCount).fill(mean),
});

it("chooses what predicts best, and drops half of the rest after each fold", async () => {
  const among = [50, 30, 0, 10, 60, 40, 20, 70].map((by) => offset({ by }));
  const { state } = await tuned({ among: among as Method[] }).fit(table, "y", { inputs: ["x"] });
  expect(state.chosen).toBe(2);
  expect([...state.tried].sort()).toEqual([1, 1, 1, 1, 2, 2, 5, 5]);
});

it("holds back whole groups", async () => {
  seen.length = 0;
  const among = [offset({ by: 0 }), offset({ by: 1 })] as Method[];
  await tuned({ among, folds: 3 }).fit(table, "y", { inputs: ["x"], groups: "heat" });
  for (const groups of seen.slice(0, -1)) {
    for (const group of new Set(groups)) expect(groups.filter((each) => each === group)).toHaveLength(4);
    expect(groups.length).toBeLessThan(40);
  }
});

it("draws the same methods from the same seed, and comes back from a file", async () => {
  const search = () =>
    randomSearch(ridge, { space: { penalty: { from: 1e-3, to: 1e3, scale: "log" } }, count: 6, seed: 4 });
  expect(JSON.stringify(search())).toBe(JSON.stringify(search()));
  const penalties = search().map(({ options }) => options.penalty as number);
  expect(Math.min(...penalties)).toBeGreaterThanOrEqual(1e-3);
  expect(new Set(penalties).size).toBe(6);
  const fitted = await tuned({ among: search() }).fit(table, "y", { inputs: ["x"] });
  const again = decodeFitted(encodeFitted(fitted), { plugins: [baselines] });
  expect(again.predict(table).values).toEqual(fitted.predict(table).values);
});

it("refuses one method, and ranges that are none", () => {
  expect(() => tuned({ among: [ridge()] })).toThrow("two methods at least");
  expect(() => randomSearch(ridge, { space: { penalty: { from: 0, to: 1, scale: "log" } } })).toThrow('for "penalty"');
});
