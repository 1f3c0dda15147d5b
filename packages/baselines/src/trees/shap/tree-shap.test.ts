// SHAP values against LightGBM's, against sums over all subsets of the inputs, and that they add up.
import { parseCsv, type Table, tableOf } from "@hooke/data";
import { threefry } from "@hooke/runtime";
import { type GoldenCase, loadGolden } from "@hooke/testkit/golden";
import { describe, expect, it } from "vitest";
import { dummy } from "../../dummy/dummy.ts";
import type { Fitted } from "../../method/method.ts";
import { inputsOf } from "../../method/samples.ts";
import { gradientBoosting } from "../gradient-boosting.ts";
import { randomForest } from "../random-forest.ts";
import { childOf, numericColumns, type Trees } from "../trees.ts";
import { pathBase, pathShap } from "./path.ts";
import { gaussLegendre } from "./quadrature.ts";
import { type TreeShap, treeShap } from "./tree-shap.ts";

const golden = loadGolden("trees")
  .cases.filter(({ operation }) => operation === "treeShap")
  .map((entry) => [entry.name, entry] as const);

/** LightGBM's trees. */
function treesFrom({ inputs, config }: GoldenCase): Trees {
  const width = inputs.x!.shape[1]!;
  const array = (name: string) => inputs[`trees.${name}`]!.data;
  const outputs = config.outputs as number;
  return {
    outputs,
    width: 1,
    base: new Float64Array(outputs),
    starts: Int32Array.from(array("starts")),
    column: Int32Array.from(array("column")),
    left: Int32Array.from(array("left")),
    threshold: Float64Array.from(array("threshold")),
    missing: Int32Array.from(array("missing")),
    cover: Float64Array.from(array("cover")),
    values: Float64Array.from(array("values")),
    sets: Uint32Array.from(array("sets")),
    categories: Int32Array.from({ length: width }, (_, c) => (c === width - 1 ? (config.categories as number) : 0)),
  };
}

it.each(golden)("equals LightGBM's contributions: %s", (_, entry) => {
  const { x, missing } = entry.inputs;
  const [rows, width] = x!.shape as [number, number];
  const trees = treesFrom(entry);
  const expected = entry.outputs.contributions!.data;
  const { explain } = pathShap(trees, width);
  const base = pathBase(trees);
  for (let row = 0; row < rows; row++) {
    const cells = Float64Array.from({ length: width }, (_, c) =>
      missing!.data[row * width + c] ? Number.NaN : x!.data[row * width + c]!,
    );
    const values = new Float64Array(trees.outputs * width);
    explain(cells, values, undefined);
    for (let output = 0; output < trees.outputs; output++) {
      const at = (row * trees.outputs + output) * (width + 1);
      expect(base[output]).toBeCloseTo(expected[at + width]!, 10);
      for (let c = 0; c < width; c++) {
        expect(Math.abs(values[output * width + c]! - expected[at + c]!)).toBeLessThan(1e-9);
      }
    }
  }
});

/** What trees say where the inputs in a set are known, the others averaged over the rows that came by. */
function conditional(trees: Trees, row: Float64Array, known: number, output: number): number {
  const { starts, column, left, cover, values, width, outputs } = trees;
  const walk = (tree: number, node: number): number => {
    const input = column[node]!;
    if (input < 0) return values[left[node]! * width + (width === 1 ? 0 : output)]!;
    if ((known >> input) & 1) return walk(tree, childOf(trees, node, row[input]!));
    const child = left[node]!;
    return (cover[child]! * walk(tree, child) + cover[child + 1]! * walk(tree, child + 1)) / cover[node]!;
  };
  let sum = trees.base[output]!;
  for (let tree = 0; tree + 1 < starts.length; tree++) {
    if (width === outputs || tree % outputs === output) sum += walk(tree, starts[tree]!);
  }
  return sum;
}

/** What trees say where the inputs outside a set come of the rows of a background. */
function mixed(trees: Trees, row: Float64Array, known: number, output: number, background: Float64Array[]): number {
  const all = 2 ** row.length - 1;
  const sums = background.map((reference) => {
    const mix = row.map((value, c) => ((known >> c) & 1 ? value : reference[c]!));
    return conditional(trees, mix, all, output);
  });
  return sums.reduce((a, b) => a + b) / sums.length;
}

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
const size = (set: number): number => (set === 0 ? 0 : (set & 1) + size(set >> 1));

/** Shapley values and interaction indices by their definitions (Shapley 1953; Fujimoto et al. 2006). */
function bruteForce(value: (known: number) => number, width: number): { values: number[]; pairs: number[][] } {
  const of = Array.from({ length: 2 ** width }, (_, set) => value(set));
  const sets = Array.from(of.keys());
  const values = Array.from({ length: width }, (_, i) =>
    sets
      .filter((set) => !((set >> i) & 1))
      .reduce((sum, set) => {
        const weight = (factorial(size(set)) * factorial(width - size(set) - 1)) / factorial(width);
        return sum + weight * (of[set | (1 << i)]! - of[set]!);
      }, 0),
  );
  const pairs = Array.from({ length: width }, (_, i) =>
    Array.from({ length: width }, (_, j) =>
      i === j
        ? 0
        : sets
            .filter((set) => !((set >> i) & 1) && !((set >> j) & 1))
            .reduce((sum, set) => {
              const weight = (factorial(size(set)) * factorial(width - size(set) - 2)) / (2 * factorial(width - 1));
              const both = of[set | (1 << i) | (1 << j)]! - of[set | (1 << i)]! - of[set | (1 << j)]! + of[set]!;
              return sum + weight * both;
            }, 0),
    ),
  );
  for (let i = 0; i < width; i++) pairs[i]![i] = values[i]! - pairs[i]!.reduce((a, b) => a + b);
  return { values, pairs };
}

const random = (i: number): number => threefry(7, 7, i, 0)[0] / 2 ** 32;
const letters = "abcdefg";
const rows = 160;
const csv = [
  "u,v,w,x,kind,y,class",
  ...Array.from({ length: rows }, (_, i) => {
    const [u, v, w, x] = [0, 1, 2, 3].map((c) => Math.round(20 * random(4 * i + c)));
    const kind = i % 9 === 0 ? "" : letters[Math.floor(7 * random(9999 + i))]!;
    const y = u! * v! - 3 * w! + (kind === "c" ? 40 : 0) + (i % 11 === 0 ? 30 : 0);
    return `${u},${v},${i % 11 === 0 ? "" : w},${x},${kind},${y},${y > 80 ? "high" : y > 30 ? "middle" : "low"}`;
  }),
].join("\n");
const table = parseCsv(csv);
const explained = parseCsv(csv.split("\n").slice(0, 9).join("\n"));
const background = parseCsv([csv.split("\n")[0], ...csv.split("\n").slice(40, 52)].join("\n"));
const inputs = ["u", "v", "w", "x", "kind"];

const fits: [string, () => Promise<Fitted>][] = [
  [
    "boosting of numbers",
    () => gradientBoosting({ rounds: 12, minimumRows: 4, categorySmoothing: 1 }).fit(table, "y", { inputs }),
  ],
  ["boosting of classes", () => gradientBoosting({ rounds: 5, minimumRows: 4 }).fit(table, "class", { inputs })],
  ["a forest of numbers", () => randomForest({ trees: 8 }).fit(table, "y", { inputs })],
  ["a forest of classes", () => randomForest({ trees: 8 }).fit(table, "class", { inputs })],
];

const rowsIn = (fitted: Fitted, of: Table): Float64Array[] => {
  const columns = numericColumns(inputsOf(of, fitted.inputs));
  return Array.from({ length: of.rowCount }, (_, row) => Float64Array.from(columns, (column) => column[row]!));
};

describe.each(fits)("of %s", (_, fit) => {
  it.each(["path", "interventional"] as const)("equals the definition: %s", async (kind) => {
    const fitted = await fit();
    const { trees } = fitted.state as { readonly trees: Trees };
    const options = kind === "path" ? { kind } : { kind, background };
    const found: TreeShap = await treeShap(fitted, explained, { ...options, interactions: true });
    const references = rowsIn(fitted, background);
    const { outputs } = trees;
    const { length: width } = inputs;
    expect(found.inputs).toEqual(inputs);
    expect(found.outputs).toHaveLength(outputs);
    for (const [i, row] of rowsIn(fitted, explained).entries()) {
      for (let output = 0; output < outputs; output++) {
        const value = (known: number): number =>
          kind === "path" ? conditional(trees, row, known, output) : mixed(trees, row, known, output, references);
        const expected = bruteForce(value, width);
        const at = (i * outputs + output) * width;
        expect(found.base[output]).toBeCloseTo(value(0), 10);
        expect(found.predictions[i * outputs + output]).toBeCloseTo(value(2 ** width - 1), 10);
        for (let c = 0; c < width; c++) {
          expect(found.values[at + c]).toBeCloseTo(expected.values[c]!, 10);
          for (let d = 0; d < width; d++) {
            expect(found.interactions![(at + c) * width + d]).toBeCloseTo(expected.pairs[c]![d]!, 10);
          }
        }
      }
    }
  });
});

it("adds up in deep trees of many inputs", async () => {
  const columns = Object.fromEntries(
    Array.from({ length: 40 }, (_, c) => [`x${c}`, Array.from({ length: 400 }, (_, r) => random(r * 40 + c))]),
  );
  const y = Array.from({ length: 400 }, (_, r) => random(r + 77777));
  const fitted = await randomForest({ trees: 10, columnsPerSplit: 1 }).fit(tableOf({ ...columns, y }), "y");
  const some = Object.entries(columns).map(([name, values]) => [name, values.slice(0, 40)]);
  const { values } = await treeShap(fitted, tableOf(Object.fromEntries(some)));
  expect(values.some((value) => value !== 0)).toBe(true);
});

it("integrates polynomials exactly", () => {
  for (let count = 1; count < 20; count++) {
    const { points, weights } = gaussLegendre(count);
    for (let power = 0; power < 2 * count; power++) {
      const sum = points.reduce((sum, point, i) => sum + weights[i]! * point ** power, 0);
      expect(sum).toBeCloseTo(1 / (power + 1), 13);
    }
  }
});

it("ends at a signal, and refuses what it cannot explain", async () => {
  const fitted = await fits[0]![1]();
  await expect(treeShap(fitted, table, { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
  await expect(treeShap(await dummy().fit(table, "y"), table)).rejects.toThrow("received dummy");
  await expect(treeShap(fitted, table, { kind: "interventional" })).rejects.toThrow("give background");
  await expect(treeShap(fitted, table, { background })).rejects.toThrow('give kind: "interventional"');
  await expect(treeShap(fitted, table, { kinds: "path" } as object)).rejects.toThrow('"kind"');
  const { trees } = fitted.state as { readonly trees: Trees };
  const cover = new Float64Array(trees.cover.length);
  const forged = { ...fitted, state: { ...(fitted.state as object), trees: { ...trees, cover } } };
  await expect(treeShap(forged as Fitted, table)).rejects.toThrow("add up to");
});
