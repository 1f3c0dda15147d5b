// Accumulated effects against their definition in Python, against functions that are sums, and with rows repeated, missing and grouped.
import { type Table, tableOf } from "@hooke/data";
import { randomKey } from "@hooke/runtime";
import { type GoldenCase, loadGolden } from "@hooke/testkit/golden";
import { describe, expect, it } from "vitest";
import { ridge } from "../linear/ridge.ts";
import { defineMethod } from "../method/define-method.ts";
import { randomFrom } from "../method/random.ts";
import type { Inputs } from "../method/samples.ts";
import { randomForest } from "../trees/random-forest.ts";
import { accumulatedEffects } from "./accumulated-effects.ts";

type Row = Readonly<Record<string, number | string | undefined>>;

/** A method that has learned a function of the cells of a row: numbers, categories by name, undefined where missing. */
const known = (formula: (row: Row) => number) =>
  defineMethod({
    name: "known",
    tasks: ["regression"],
    options: {},
    learn: async () => null,
    predict: (_, { columns, rowCount }: Inputs) =>
      Float64Array.from({ length: rowCount }, (_, i) =>
        formula(
          Object.fromEntries(
            columns.map((column) => [
              column.name,
              column.type === "number" ? column.values[i] : column.categories[column.values[i]!],
            ]),
          ),
        ),
      ),
  })();

const cases = loadGolden("explanations").cases;
const named = (operation: string) =>
  cases.filter((entry) => entry.operation === operation).map((entry) => [entry.name, entry] as const);

/** The function of the golden script. */
const golden = known((row) => {
  const [x, y, n] = [row.x as number, row.y as number, row.n as number];
  return x ** 2 + 3 * y - x * y * n + Math.abs(n - 2);
});

async function goldenTable({ inputs }: GoldenCase) {
  const column = (name: string) => Float64Array.from(inputs[name]!.data);
  const table = tableOf({ x: column("x"), y: column("y"), n: column("n"), target: column("x") });
  return { table, weights: column("weights"), fitted: await golden.fit(table, "target") };
}

describe("against the definition", () => {
  it.each(named("effect"))("effect of %s", async (_, entry) => {
    const { table, weights, fitted } = await goldenTable(entry);
    const { input, bins } = entry.config as { input: string; bins: number };
    const { effects } = await accumulatedEffects(fitted, table, { inputs: [input], bins, weights, repeats: 0 });
    expect(Array.from(effects[0]!.at as Float64Array)).toEqual(Array.from(entry.outputs.at!.data));
    const expected = entry.outputs.values!.data;
    effects[0]!.values.forEach((value, k) => void expect(value).toBeCloseTo(expected[k]!, 10));
    expect(effects[0]!.values.length).toBe(expected.length);
  });

  it.each(named("pair"))("effect of %s", async (_, entry) => {
    const { table, weights, fitted } = await goldenTable(entry);
    const { pair, bins } = entry.config as { pair: [string, string]; bins: number };
    const { pairs } = await accumulatedEffects(fitted, table, { inputs: [], pairs: [pair], bins, weights, repeats: 0 });
    const expected = entry.outputs.values!.data;
    expect(pairs[0]!.values.length).toBe(expected.length);
    pairs[0]!.values.forEach((value, k) => void expect(value).toBeCloseTo(expected[k]!, 10));
  });
});

/** Correlated inputs: two numbers, a whole one, a category. */
function rowsOf(count: number): Table {
  const random = randomFrom(randomKey(3), "rows");
  const a = Float64Array.from({ length: count }, () => random.uniform());
  const b = a.map((value) => 0.7 * value + 0.3 * random.uniform());
  const n = a.map((value) => Math.round(3 * value + random.uniform()));
  const c = Array.from(b, (value) => ["north", "south", "west"][Math.min(2, Math.floor(3 * value))]!);
  return tableOf({ a, b, n, c, target: a });
}

const ofCategory: Readonly<Record<string, number>> = { north: 4, south: -1, west: 2.5 };

it("of a sum are its parts, centred over the rows, and nothing is left", async () => {
  const table = rowsOf(200);
  const parts: Readonly<Record<string, (cell: never) => number>> = {
    a: (value: number) => 7 * value,
    b: (value: number) => -2 * value,
    n: (value: number) => value ** 2,
    c: (value: string) => ofCategory[value]!,
  };
  const sum = known((row) => Object.entries(parts).reduce((all, [name, part]) => all + part(row[name] as never), 5));
  const fitted = await sum.fit(table, "target");
  const { effects, rest, pairs } = await accumulatedEffects(fitted, table, { pairs: [["a", "c"]], repeats: 20 });
  for (const { input, at, values, lower, upper, rows } of effects) {
    const cells = table.columns.find(({ name }) => name === input)!.values as unknown as ArrayLike<never>;
    const part = parts[input]!;
    const mean = Array.from(cells, part).reduce((all, value) => all + value / table.rowCount, 0);
    values.forEach((value, k) => void expect(value).toBeCloseTo(part(at[k] as never) - mean, 10));
    // The function is the same in all draws, where it begins is not.
    values.forEach((value, k) => void expect(upper![k]! - value).toBeLessThan(1));
    values.forEach((_, k) => void expect(upper![k]!).toBeGreaterThan(lower![k]!));
    expect(rows.length).toBe(values.length - 1);
  }
  expect(rest[0]).toBeLessThan(1e-10);
  for (const value of pairs[0]!.values) expect(Math.abs(value)).toBeLessThan(1e-10);
});

it("of a product of levels add up to it with their pair", async () => {
  const random = randomFrom(randomKey(5), "rows");
  const n = Float64Array.from({ length: 150 }, () => random.below(5));
  const m = n.map((value) => Math.min(4, Math.max(0, value - 1 + random.below(3))));
  const table = tableOf({ n, m, target: n });
  const fitted = await known((row) => (row.n as number) * (row.m as number) + (row.n as number)).fit(table, "target");
  const without = await accumulatedEffects(fitted, table, { repeats: 0 });
  expect(without.rest[0]).toBeGreaterThan(0.1);
  const { rest, pairs, effects } = await accumulatedEffects(fitted, table, { pairs: [["n", "m"]], repeats: 0 });
  expect(rest[0]).toBeLessThan(1e-10);
  expect(pairs[0]!.spread).toBeCloseTo(without.rest[0]!, 10);
  expect(pairs[0]!.rows.some((count) => count === 0)).toBe(true);
  expect(effects.length).toBe(2);
});

it("asks no row about an input far from its own", async () => {
  // Off the diagonal, where no row is, the function is enormous.
  const a = Float64Array.from({ length: 100 }, (_, i) => i / 100);
  const table = tableOf({ a, b: a, target: a });
  const far = known((row) => {
    const [x, y] = [row.a as number, row.b as number];
    return x + (Math.abs(x - y) > 0.2 ? 1e6 : 0);
  });
  const { effects } = await accumulatedEffects(await far.fit(table, "target"), table, { bins: 10 });
  expect(effects[0]!.values.at(-1)! - effects[0]!.values[0]!).toBeCloseTo(0.99, 10);
  expect(effects[1]!.spread).toBeCloseTo(0, 10);
});

it("of weights are those of rows as often, of groups draw these whole, and of the same seed are the same", async () => {
  const table = rowsOf(60);
  const fitted = await randomForest({ trees: 20 }).fit(table, "target");
  const weights = Float64Array.from({ length: 60 }, (_, row) => row % 3);
  const repeated = Array.from({ length: 60 }, (_, row) => new Array<number>(row % 3).fill(row)).flat();
  const again = tableOf(
    Object.fromEntries(table.columns.map(({ name, values }) => [name, repeated.map((row) => values[row]!)])) as never,
  );
  const options = { pairs: [["a", "c"]] as const, bins: 8, repeats: 0 };
  const weighted = await accumulatedEffects(fitted, table, { ...options, weights });
  const plain = await accumulatedEffects(fitted, again, options);
  for (const [e, { values, at }] of weighted.effects.entries()) {
    expect(plain.effects[e]!.at).toEqual(at);
    values.forEach((value, k) => void expect(plain.effects[e]!.values[k]).toBeCloseTo(value, 10));
  }
  weighted.pairs[0]!.values.forEach((value, k) => void expect(plain.pairs[0]!.values[k]).toBeCloseTo(value, 10));
  expect(weighted.rest[0]).toBeCloseTo(plain.rest[0]!, 10);

  const grouped = tableOf({
    ...Object.fromEntries(table.columns.map(({ name, values }) => [name, values as never])),
    heat: Array.from({ length: 60 }, (_, row) => `H${row % 4}`),
  });
  const widthOf = async (groups?: string) => {
    const { effects } = await accumulatedEffects(fitted, grouped, { inputs: ["a"], ...(groups && { groups }) });
    return effects[0]!;
  };
  expect(await widthOf("heat")).not.toEqual(await widthOf());
  expect(await widthOf("heat")).toEqual(await widthOf("heat"));
});

it("leaves missing cells out, asks classes by their probabilities, and takes a column that does not vary", async () => {
  const a = [1, 2, Number.NaN, 4, 5, 6, 7, 8];
  const flat = a.map(() => 3);
  const table = tableOf({ a, flat, kind: ["x", "x", "y", "y", "x", "y", "y", "y"] });
  const two = await randomForest({ trees: 10, minimumRows: 1 }).fit(table, "kind");
  const { outputs, effects, mean } = await accumulatedEffects(two, table);
  expect(outputs).toEqual(["probability of y"]);
  expect(effects[0]!.at.length).toBe(7);
  expect(effects[1]!.values).toEqual(Float64Array.of(0));
  expect(mean[0]).toBeGreaterThan(0.3);
  const three = tableOf({ a, kind: ["x", "x", "y", "y", "z", "z", "y", "x"] });
  const found = await accumulatedEffects(await randomForest({ trees: 10, minimumRows: 1 }).fit(three, "kind"), three);
  const sum = found.effects[0]!.values.map((_, k) => found.effects.reduce((all, { values }) => all + values[k]!, 0));
  expect(found.effects.length).toBe(3);
  for (const value of sum) expect(value).toBeCloseTo(0, 10);
});

it("can be stopped, tells how far it is, and refuses what it does not know", async () => {
  const table = rowsOf(50);
  const fitted = await ridge().fit(table, "target");
  await expect(accumulatedEffects(fitted, table, { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow(
    "enough",
  );
  const controller = new AbortController();
  const slow = await known((row) => {
    const until = performance.now() + 1;
    while (performance.now() < until);
    return row.a as number;
  }).fit(table, "target");
  const heard: string[] = [];
  const stopped = accumulatedEffects(slow, table, {
    signal: controller.signal,
    onProgress: ({ text }) => {
      heard.push(text);
      controller.abort(new Error("enough"));
    },
  });
  await expect(stopped).rejects.toThrow("enough");
  expect(heard.length).toBeGreaterThan(0);
  await expect(accumulatedEffects(fitted, table, { inputs: ["A"] })).rejects.toThrow('no input "A"');
  await expect(accumulatedEffects(fitted, table, { pairs: [["a", "a"]] })).rejects.toThrow("two inputs");
  await expect(accumulatedEffects(fitted, table, { bin: 3 } as object)).rejects.toThrow('"bins"');
  await expect(accumulatedEffects(fitted, table, { weights: [1] })).rejects.toThrow("1 weights for 50 rows");
});
