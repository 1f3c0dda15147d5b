// Histograms with WebAssembly and without: the same bits.
import { tableOf } from "@hooke/data";
import { threefry } from "@hooke/runtime";
import { afterEach, expect, it, vi } from "vitest";
import { encodeFitted } from "../method/file.ts";
import type { Method } from "../method/method.ts";
import { gradientBoosting } from "./gradient-boosting.ts";
import { randomForest } from "./random-forest.ts";

afterEach(() => vi.unstubAllGlobals());

const random = (i: number): number => threefry(5, 5, i, 0)[0] / 2 ** 32;
const rows = 1500;
const column = (of: (row: number) => number): number[] => Array.from({ length: rows }, (_, row) => of(row));
const numbers = Object.fromEntries(
  Array.from({ length: 7 }, (_, c) => [
    `x${c}`,
    column((row) => (c === 3 && row % 5 === 0 ? Number.NaN : random(row * 8 + c) ** (c + 1))),
  ]),
);
const kind = column((row) => Math.floor(9 * random(row * 8 + 7)));
const y = column((row) => numbers.x0![row]! * numbers.x1![row]! + (kind[row]! % 2) + 0.2 * random(row + 1e6));
const table = tableOf({ ...numbers, kind, y });

const cases: [string, () => Method][] = [
  ["boosting", () => gradientBoosting({ rounds: 20 })],
  [
    "boosting on some columns and rows",
    () => gradientBoosting({ rounds: 20, columnFraction: 0.5, rowFraction: 0.7, l2: 1 }),
  ],
  ["a forest", () => randomForest({ trees: 10 })],
];

it.each(cases)("gives the same bits without WebAssembly: %s", async (_, method) => {
  const fit = () => method().fit(table, "y", { categories: ["kind"] });
  const fast = encodeFitted(await fit());
  const compile = vi.spyOn(WebAssembly, "Memory");
  await fit();
  expect(compile).toHaveBeenCalled();
  compile.mockRestore();
  vi.stubGlobal("WebAssembly", undefined);
  expect(encodeFitted(await fit())).toEqual(fast);
});
