// Importance by shuffling: closed forms, groups of correlated inputs against scipy's clusters, rows and groups held back, weights.
import { tableOf } from "@hooke/data";
import { randomKey } from "@hooke/runtime";
import { loadGolden } from "@hooke/testkit/golden";
import { describe, expect, it } from "vitest";
import { dummy } from "../dummy/dummy.ts";
import { logistic } from "../linear/logistic.ts";
import { ridge } from "../linear/ridge.ts";
import { defineMethod } from "../method/define-method.ts";
import { randomFrom } from "../method/random.ts";
import { randomForest } from "../trees/random-forest.ts";
import { correlatedInputs } from "./correlated-inputs.ts";
import { permutationImportance } from "./permutation-importance.ts";

const uniform = (name: string, count: number): Float64Array => {
  const random = randomFrom(randomKey(1), name);
  return Float64Array.from({ length: count }, () => random.uniform());
};

describe("groups of inputs", () => {
  const golden = loadGolden("explanations").cases.filter(({ operation }) => operation === "clusters");

  it.each(golden.map((entry) => [entry.name, entry] as const))("are scipy's %s", async (_, entry) => {
    const { data, shape } = entry.inputs.columns!;
    const [rows, width] = shape as [number, number];
    const names = Array.from({ length: width }, (_, c) => `c${c}`);
    const column = (c: number) => Float64Array.from({ length: rows }, (_, row) => data[row * width + c]!);
    const table = tableOf({ ...Object.fromEntries(names.map((name, c) => [name, column(c)])), y: column(0) });
    const { inputs } = await dummy().fit(table, "y");
    const labels = Array.from(entry.outputs.labels!.data);
    const expected = [...new Set(labels)].map((label) => names.filter((_, c) => labels[c] === label));
    const sorted = (groups: readonly (readonly string[])[]) => groups.map((group) => group.join()).sort();
    const { least } = entry.config as { least: number };
    expect(sorted(correlatedInputs(table, inputs, { least }))).toEqual(sorted(expected));
  });

  it("know categories: those that follow from a number, from each other, and from nothing", async () => {
    const a = uniform("a", 90);
    const band = Array.from(a, (value) => `band ${Math.floor(4 * value)}`);
    const code = band.map((name) => name.replace("band", "code"));
    const free = Array.from(uniform("free", 90), (value) => `free ${Math.floor(20 * value)}`);
    const gap = a.map((value, row) => (row % 3 === 0 ? Number.NaN : value ** 3));
    const table = tableOf({ a, free, band, code, gap, y: a });
    const { inputs } = await dummy().fit(table, "y");
    expect(correlatedInputs(table, inputs)).toEqual([["a", "band", "code", "gap"], ["free"]]);
  });
});

it("of a line is the error that its slope makes of differences between rows", async () => {
  const count = 400;
  const [a, b] = [uniform("a", count), uniform("b", count)];
  const noise = uniform("noise", count);
  const y = a.map((value, row) => 6 * value + 2 * b[row]! + 0.1 * (noise[row]! - 0.5));
  const table = tableOf({ a, b, y }, { units: { y: "MPa" } });
  const fitted = await ridge({ penalty: 0 }).fit(table, "y");
  const { groups, error, unit } = await permutationImportance(fitted, table, { repeats: 20 });
  // Two independent uniform numbers differ by 1/6 in the mean of squares.
  expect(groups.map(({ inputs }) => inputs)).toEqual([["a"], ["b"]]);
  expect(groups[0]!.value).toBeCloseTo(Math.sqrt(36 / 6) - error, 1);
  expect(groups[1]!.value).toBeCloseTo(Math.sqrt(4 / 6) - error, 1);
  for (const { value, lower, upper, deviation } of groups) {
    expect(lower).toBeLessThan(value);
    expect(upper).toBeGreaterThan(value);
    expect(upper - lower).toBeLessThan(0.3 * value);
    expect(deviation).toBeGreaterThan(0);
  }
  expect(unit).toBe("MPa");
});

it("of inputs that say the same is that of both together", async () => {
  const a = uniform("a", 150);
  const scatter = uniform("twin", 150);
  const twin = a.map((value, row) => value + 0.01 * scatter[row]!);
  const table = tableOf({ a, twin, other: uniform("other", 150), y: a.map((value) => 5 * value) });
  const fitted = await randomForest({ trees: 20 }).fit(table, "y");
  const together = await permutationImportance(fitted, table, { folds: 3 });
  const apart = await permutationImportance(fitted, table, { folds: 3, together: [["a"], ["twin"]] });
  expect(together.groups[0]!.inputs).toEqual(["a", "twin"]);
  expect(together.groups[0]!.value).toBeGreaterThan(1.4 * Math.max(...apart.groups.map(({ value }) => value)));
  expect(Math.abs(together.groups[1]!.value)).toBeLessThan(0.05);
});

it("holds groups back whole: what names a group is worth nothing for new ones", async () => {
  const specimen = Array.from({ length: 120 }, (_, row) => Math.floor(row / 6));
  const [level, strain] = [uniform("level", 20), uniform("strain", 20)];
  const table = tableOf({
    specimen,
    mark: specimen.map((each) => level[each]!),
    strain: specimen.map((each) => strain[(each * 7) % 20]!),
  });
  const fitted = await randomForest({ trees: 30, minimumRows: 1 }).fit(table, "strain", { inputs: ["mark"] });
  const byRow = await permutationImportance(fitted, table);
  const byGroup = await permutationImportance(fitted, table, { groups: "specimen" });
  expect(byRow.groups[0]!.lower).toBeGreaterThan(0.2);
  expect(byGroup.groups[0]!.value).toBeLessThan(0.3 * byRow.groups[0]!.value);
  expect(byGroup.error).toBeGreaterThan(2 * byRow.error);
});

it("of the fitted method itself knows weights, classes and the order of its categories", async () => {
  const a = uniform("a", 100);
  const flip = uniform("flip", 100);
  const kind = Array.from(a, (value, row) => (value + 0.2 * flip[row]! > 0.6 ? "hard" : "soft"));
  const place = kind.map((name, row) => (row % 2 === 0 ? name : "unknown"));
  const table = tableOf({ a, place, kind });
  const fitted = await logistic().fit(table, "kind");
  // Other rows first: categories and classes come in another order.
  const order = Array.from(a.keys()).reverse();
  const turned = tableOf({
    a: order.map((row) => a[row]!),
    place: order.map((row) => place[row]!),
    kind: order.map((row) => kind[row]!),
  });
  const options = { folds: 0, together: [["a"], ["place"]] };
  const plain = await permutationImportance(fitted, table, options);
  expect((await permutationImportance(fitted, turned, options)).error).toBeCloseTo(plain.error, 12);
  expect(plain.groups.every(({ value }) => value > 0)).toBe(true);
  const weights = Array.from(a.keys(), (row) => (row < 50 ? 2 : 0));
  const half = tableOf({ a: a.slice(0, 50), place: place.slice(0, 50), kind: kind.slice(0, 50) });
  const weighted = await permutationImportance(fitted, table, { ...options, weights });
  expect(weighted.error).toBeCloseTo((await permutationImportance(fitted, half, options)).error, 12);
});

it("tells how far it is without going back, whatever learning in its folds tells", async () => {
  const slow = defineMethod({
    name: "test/slow",
    tasks: ["regression"],
    options: {},
    learn: async (_, __, { pause }) => {
      for (const begun = performance.now(); performance.now() - begun < 120; ) {
        await pause(() => ({ fraction: Math.min(1, (performance.now() - begun) / 120), text: "learning" }));
      }
      return {};
    },
    predict: (_, { columns, rowCount }) => {
      for (const begun = performance.now(); performance.now() - begun < 4; );
      return Float64Array.from({ length: rowCount }, (__, row) => Number(columns[0]!.values[row]));
    },
  });
  const a = uniform("a", 40);
  const table = tableOf({ a, b: uniform("b", 40), y: a });
  const told: number[] = [];
  await permutationImportance(await slow().fit(table, "y"), table, {
    folds: 2,
    repeats: 20,
    onProgress: ({ fraction }) => void told.push(fraction),
  });
  expect(told.length).toBeGreaterThan(3);
  expect(told).toEqual(told.toSorted((one, other) => one - other));
  expect(told.at(-1)).toBeLessThanOrEqual(1);
});

it("is the same of the same seed, can be stopped, and refuses what it does not know", async () => {
  const a = uniform("a", 40);
  const table = tableOf({ a, b: uniform("b", 40), y: a });
  const fitted = await ridge().fit(table, "y");
  const first = await permutationImportance(fitted, table, { seed: 4 });
  expect(await permutationImportance(fitted, table, { seed: 4 })).toEqual(first);
  expect(await permutationImportance(fitted, table, { seed: 5 })).not.toEqual(first);
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(permutationImportance(fitted, table, { signal })).rejects.toThrow("enough");
  await expect(permutationImportance(fitted, table, { together: [["A"]] })).rejects.toThrow('no input "A"');
  await expect(permutationImportance(fitted, table, { folds: 1 })).rejects.toThrow("from 2");
  await expect(permutationImportance(fitted, table, { fold: 3 } as object)).rejects.toThrow('"folds"');
  const other = tableOf({ a, b: a, y: Array.from(a, (_, row) => `${row % 2}`) });
  await expect(permutationImportance(fitted, other)).rejects.toThrow();
});
