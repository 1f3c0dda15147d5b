// Boosting: what its options do, in terms that need no other library.
import { parseCsv, tableOf } from "@hooke/data";
import { threefry } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { decodeFitted, encodeFitted } from "../method/file.ts";
import { baselines } from "../plugin.ts";
import { gradientBoosting } from "./gradient-boosting.ts";

const random = (i: number): number => threefry(7, 7, i, 0)[0] / 2 ** 32;
const rows = 400;
const column = (of: (row: number) => number): number[] => Array.from({ length: rows }, (_, row) => of(row));
const x = column((row) => random(3 * row));
const z = column((row) => random(3 * row + 1));
const noise = column((row) => random(3 * row + 2) - 0.5);
const y = column((row) => Math.sin(5 * x[row]!) + z[row]! + noise[row]!);
const table = tableOf({ x, z, y });
const even = Array.from({ length: 101 }, (_, i) => i / 100);

const share = (flags: readonly boolean[]): number => flags.filter(Boolean).length / flags.length;

describe("losses", () => {
  it("of quantiles have that share of targets below", async () => {
    for (const quantile of [0.1, 0.5, 0.9]) {
      const fitted = await gradientBoosting({ loss: "quantile", quantile, rounds: 60, leaves: 6 }).fit(table, "y");
      const { values } = fitted.predict(table);
      expect(Math.abs(share(y.map((value, row) => value <= values[row]!)) - quantile)).toBeLessThan(0.06);
    }
  });

  it("absolute is the median, which outliers do not move", async () => {
    const wild = tableOf({ x, y: x.map((value, row) => (row % 10 === 0 ? 1e6 : value < 0.5 ? 1 : 2)) });
    const fitted = await gradientBoosting({ loss: "absolute" }).fit(wild, "y");
    const { values } = fitted.predict(tableOf({ x: [0.2, 0.8] }));
    expect(values[0]).toBeCloseTo(1, 2);
    expect(values[1]).toBeCloseTo(2, 2);
  });

  it("of classes give probabilities that are those of the data", async () => {
    const of = (row: number) => (random(row + 5000) < 0.2 + 0.6 * x[row]! ? "yes" : "no");
    const text = ["x,answer", ...x.map((value, row) => `${value},${of(row)}`)].join("\n");
    const fitted = await gradientBoosting({ rounds: 30, leaves: 3, minimumRows: 40 }).fit(parseCsv(text), "answer");
    const { probabilities, classes } = fitted.predict(tableOf({ x: [0.1, 0.9] }));
    expect(classes).toEqual(["no", "yes"]);
    expect(probabilities![0]! + probabilities![1]!).toBeCloseTo(1, 14);
    expect(Math.abs(probabilities![1]! - 0.26)).toBeLessThan(0.15);
    expect(Math.abs(probabilities![3]! - 0.74)).toBeLessThan(0.15);
  });
});

it("keeps monotone inputs monotone, and only with them", async () => {
  const options = { rounds: 200, minimumRows: 3 };
  const along = (values: Float64Array) => values.slice(1).map((value, i) => value - values[i]!);
  const grid = (name: string) =>
    tableOf({ x: even.map((v) => (name === "x" ? v : 0.4)), z: even.map((v) => (name === "z" ? v : 0.4)) });
  const free = await gradientBoosting(options).fit(table, "y");
  expect(Math.min(...along(free.predict(grid("z")).values))).toBeLessThan(0);
  const bound = await gradientBoosting({ ...options, monotone: { z: "increasing", x: "decreasing" } }).fit(table, "y");
  expect(Math.min(...along(bound.predict(grid("z")).values))).toBeGreaterThanOrEqual(0);
  expect(Math.max(...along(bound.predict(grid("x")).values))).toBeLessThanOrEqual(0);
});

it("sends missing values to the better side, and those it never saw with the most rows", async () => {
  const holes = tableOf({
    x: x.map((value, row) => (row % 4 === 0 ? Number.NaN : value)),
    y: x.map((value, row) => (row % 4 === 0 || value > 0.8 ? 5 : 1)),
  });
  const fitted = await gradientBoosting({ learningRate: 1, rounds: 1, leaves: 2 }).fit(holes, "y");
  const found = fitted.predict(tableOf({ x: [Number.NaN, 0.9, 0.1] })).values;
  for (const [row, value] of [5, 5, 1].entries()) expect(found[row]).toBeCloseTo(value, 12);
  const whole = await gradientBoosting({ learningRate: 1, rounds: 1, leaves: 2 }).fit(
    tableOf({ x, y: x.map((value) => (value > 0.8 ? 5 : 1)) }),
    "y",
  );
  expect(whole.predict(tableOf({ x: [Number.NaN] })).values[0]).toBeCloseTo(1, 12);
});

it("parts categories into sets, with those it never saw as missing", async () => {
  const names = "abcdefghij";
  const kind = (row: number) => names[Math.floor(10 * x[row]!)]!;
  const text = ["kind,y", ...y.map((_, row) => `${kind(row)},${"acegi".includes(kind(row)) ? 3 : 1}`)].join("\n");
  const fitted = await gradientBoosting({ learningRate: 1, rounds: 1, leaves: 2, categoryL2: 0 }).fit(
    parseCsv(text),
    "y",
  );
  const { values, unseen } = fitted.predict(parseCsv("kind\na\nb\ni\nj\nnew"));
  expect(Array.from(values.slice(0, 4), Math.round)).toEqual([3, 1, 3, 1]);
  expect(unseen).toEqual([{ column: "kind", category: "new", rows: 1 }]);
});

it("counts weights as repeated rows", async () => {
  const weights = y.map((_, row) => row % 3);
  const repeated = y.flatMap((_, row) => Array.from({ length: row % 3 }, () => row));
  const options = { rounds: 20, minimumRows: 1, minimumBinRows: 1, minimumHessian: 0, bins: 255 };
  const grid = (values: readonly number[]) => values.map((value) => Math.round(value * 64) / 64);
  const all = tableOf({ x: grid(x), z: grid(z), y });
  const some = tableOf({
    x: grid(repeated.map((row) => x[row]!)),
    z: grid(repeated.map((row) => z[row]!)),
    y: repeated.map((row) => y[row]!),
  });
  const weighted = (await gradientBoosting(options).fit(all, "y", { weights })).predict(all).values;
  const multiplied = (await gradientBoosting(options).fit(some, "y")).predict(all).values;
  // Where rows of no weight go, equal splits may decide differently.
  for (const row of new Set(repeated)) expect(weighted[row]).toBeCloseTo(multiplied[row]!, 9);
});

it("ends early, where rows held out say so", async () => {
  const fitted = await gradientBoosting({ rounds: 2000, patience: 20, leaves: 8, minimumRows: 3 }).fit(table, "y", {
    seed: 3,
  });
  const { rounds, heldOutLosses, trees } = fitted.state;
  expect(heldOutLosses).toHaveLength(rounds + 20);
  expect(Math.min(...heldOutLosses)).toBe(heldOutLosses[rounds - 1]);
  expect(trees.starts).toHaveLength(rounds + 1);
  expect(trees.column).toHaveLength(trees.starts.at(-1)!);
});

it("is decided by its seed, and by nothing else", async () => {
  const method = gradientBoosting({ rounds: 20, rowFraction: 0.5, columnFraction: 0.5 });
  const [first, again, other] = [
    await method.fit(table, "y", { seed: 1 }),
    await method.fit(table, "y", { seed: 1 }),
    await method.fit(table, "y", { seed: 2 }),
  ];
  expect(encodeFitted(again)).toEqual(encodeFitted(first));
  expect(first.predict(table).values).not.toEqual(other.predict(table).values);
  const opened = decodeFitted(encodeFitted(first), { plugins: [baselines] });
  expect(opened.predict(table).values).toEqual(first.predict(table).values);
});

it("predicts the mean where nothing can be split", async () => {
  const fitted = await gradientBoosting().fit(tableOf({ x: [1, 2, 3], y: [3, 4, 8] }), "y");
  expect(fitted.predict(tableOf({ x: [9] })).values[0]).toBe(5);
});

it.each<[string, () => Promise<unknown>, string]>([
  ["a quantile without its level", async () => gradientBoosting({ loss: "quantile" }), "quantile: 0.9"],
  ["a level without its loss", async () => gradientBoosting({ quantile: 0.9 }), 'loss: "quantile"'],
  ["rows held out without patience", async () => gradientBoosting({ heldOut: 0.2 }), "patience"],
  ["monotone medians", async () => gradientBoosting({ loss: "absolute", monotone: { x: "increasing" } }), '"squared"'],
  [
    "an unknown direction",
    async () => gradientBoosting({ monotone: { x: "up" as never } }),
    '"increasing" or "decreasing"',
  ],
  ["a misspelt option", async () => gradientBoosting({ learningrate: 1 } as object), '"learningRate"'],
  ["256 bins", async () => gradientBoosting({ bins: 256 }), "from 2 to 255"],
  [
    "a monotone input that is not there",
    () => gradientBoosting({ monotone: { X: "increasing" } }).fit(table, "y"),
    '"X"',
  ],
  [
    "monotone categories",
    () => gradientBoosting({ monotone: { k: "increasing" } }).fit(parseCsv("k,y\na,1\nb,2"), "y"),
    "have no order",
  ],
  ["one class", () => gradientBoosting().fit(parseCsv("x,y\n1,a\n2,a"), "y"), "has one class"],
  [
    "medians of classes",
    () => gradientBoosting({ loss: "absolute" }).fit(parseCsv("x,y\n1,a\n2,b"), "y"),
    "is classes",
  ],
  [
    "too few rows to hold some out",
    () => gradientBoosting({ patience: 5 }).fit(tableOf({ x: [1, 2], y: [1, 2] }), "y"),
    "held out",
  ],
  [
    "three monotone classes",
    () => gradientBoosting({ monotone: { x: "increasing" } }).fit(parseCsv("x,y\n1,a\n2,b\n3,c"), "y"),
    "has 3",
  ],
])("refuses %s", async (_, run, message) => {
  await expect(run()).rejects.toThrow(message);
});
