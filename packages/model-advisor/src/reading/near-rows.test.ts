// Rows that nearly repeat others: found where they were planted, by what they were changed; and nowhere else.
import { existsSync, readFileSync } from "node:fs";
import { formulaDescriptors, randomFrom, samplesOf } from "@hooke/baselines";
import { parseCsv, type Table, tableOf } from "@hooke/data";
import { randomKey } from "@hooke/runtime";
import { expect, it } from "vitest";
import { nearRows } from "./near-rows.ts";

const random = randomFrom(randomKey(8), "rows");

/** Inputs of several spreads, and a category; some rows again, each number changed by `change`. */
function planted(count: number, copies: number, change: (value: number, row: number) => number) {
  const scales = [1, 1000, 0.01];
  const columns = scales.map((scale) => Array.from({ length: count }, () => scale * (1 + random.uniform())));
  const kinds = Array.from({ length: count }, () => "abc"[random.below(3)]!);
  const again = <T>(cells: readonly T[], of: (cell: T, row: number) => T): T[] => [
    ...cells,
    ...cells.slice(0, copies).map(of),
  ];
  const named = columns.map((cells, i) => [`x${i}`, again(cells, change)] as const);
  const table = tableOf({
    ...Object.fromEntries(named),
    kind: again(kinds, (kind) => kind),
    y: again(columns[0]!, (y) => y),
  });
  return samplesOf(table, "y", {});
}

it.each([
  ["noise of a thousandth", (value: number, row: number) => value * (1 + 1e-3 * Math.sin(row))],
  ["noise of a millionth", (value: number, row: number) => value * (1 + 1e-6 * Math.sin(row))],
  ["three digits", (value: number) => Number(value.toPrecision(3))],
])("finds rows that came again with %s", (_, change) => {
  const found = nearRows(planted(400, 60, change))!;
  expect(found.count).toBeGreaterThan(50);
  expect(found.count).toBeLessThan(65);
  const right = Array.from({ length: 60 }, (__, i) => found.groups[400 + i] === found.groups[i]);
  expect(right.filter(Boolean).length).toBeGreaterThan(50);
  expect(nearRows(planted(400, 60, (value) => value))?.count ?? 0).toBeLessThan(4);
});

it("finds them where noise is all that the middle half of an input is", () => {
  const drawn = randomFrom(randomKey(9), "shares");
  const share = Array.from({ length: 200 }, (_, i) => (i % 5 === 0 ? drawn.uniform() : 0));
  const others = ["a", "b", "c", "d"].map((name) => [name, share.map(() => drawn.uniform())] as const);
  const again = (cells: readonly number[]): number[] => [
    ...cells,
    ...cells.slice(0, 40).map((cell) => cell + 4e-4 * (drawn.uniform() - 0.5)),
  ];
  const columns = [["share", share] as const, ...others].map(([name, cells]) => [name, again(cells)] as const);
  const found = nearRows(samplesOf(tableOf(Object.fromEntries(columns)), "d", {}))!;
  expect(found.groups.slice(200)).toEqual(found.groups.slice(0, 40));
});

it("tells categories and missing cells apart, and looks at nothing but numbers", () => {
  const rows = Array.from({ length: 80 }, (_, i) => i);
  const x = rows.map(() => random.uniform());
  const twice = [...x, ...x.map((value) => value + 1e-6)];
  const kind = [...rows.map(() => "a"), ...rows.map(() => "b")];
  const y = twice.map((_, i) => i % 7);
  expect(nearRows(samplesOf(tableOf({ x: twice, z: twice, y }), "y", {}))!.count).toBeGreaterThanOrEqual(80);
  expect(nearRows(samplesOf(tableOf({ x: twice, z: twice, kind, y }), "y", {}))?.count ?? 0).toBe(0);
  const holes = twice.map((value, i) => (i < 80 ? value : Number.NaN));
  expect(nearRows(samplesOf(tableOf({ x: twice, z: holes, y }), "y", {}))?.count ?? 0).toBe(0);
  expect(nearRows(samplesOf(tableOf({ kind, y }), "y", {}))).toBeUndefined();
});

it("finds nothing among evenly spread rows, in one dimension as in many, nor along a series", () => {
  for (const width of [1, 2, 5]) {
    const columns = Array.from({ length: width }, (_, i) => [
      `x${i}`,
      Array.from({ length: 600 }, () => random.uniform()),
    ]);
    const y = Array.from({ length: 600 }, (_, i) => i % 5);
    expect(nearRows(samplesOf(tableOf({ ...Object.fromEntries(columns), y }), "y", {}))?.count ?? 0).toBeLessThan(30);
  }
  const time = Array.from({ length: 2000 }, (_, i) => i / 1000);
  const y = time.map((value) => Math.sin(value));
  expect(nearRows(samplesOf(tableOf({ time, y }), "y", {}))?.count ?? 0).toBe(0);
});

it("takes time in proportion to the rows, and finds those of 100,000", () => {
  const full = process.env.HOOKE_TESTS === "full";
  const timeOf = (count: number): number => {
    const samples = planted(count, count / 9, (value, row) => value * (1 + 1e-7 * Math.cos(row)));
    const begun = process.cpuUsage();
    expect(nearRows(samples)!.count).toBeGreaterThan(0.95 * (count / 9));
    const { user, system } = process.cpuUsage(begun);
    return user + system;
  };
  timeOf(900);
  const few = full ? 4_500 : 2_250;
  const least = Math.min(timeOf(few), timeOf(few));
  // Every pair looked at would take 16 and 400 times as long.
  const many = full ? 90_000 : 9_000;
  expect(timeOf(many) / least).toBeLessThan((2 * many) / few);
});

const shared = new URL("../../../../../shared/data/", import.meta.url);
const sets: readonly (readonly [name: string, count: number])[] = [
  ["airfoil", 0],
  // Mixes that were written down twice, once rounded: 313.3 kg of cement and 36.8 MPa beside 313 kg and 36.8 MPa.
  ["concrete", 72],
  ["concrete_slump", 0],
  ["diffusion", 0],
  ["energy", 0],
  // Of one formula at temperatures beside each other, which is proposed as a group.
  ["heat_capacity.formula", 359],
  ["steels_yield", 0],
  ["vertebral", 0],
  ["virkler", 0],
  ["yacht", 0],
];

it.skipIf(!existsSync(shared)).each(sets)("of %s (in ../shared) finds %i", (name, count) => {
  const read = parseCsv(readFileSync(new URL(`${name}.csv`, shared), "utf8"));
  const formula = read.columns.find((column) => column.type === "text" && name.endsWith(".formula"))?.name;
  const table: Table = formula === undefined ? read : formulaDescriptors(read, { formula });
  const samples = samplesOf(table, table.columns.at(-1)!.name, {});
  expect(nearRows(samples)?.count ?? 0).toBe(count);
});
