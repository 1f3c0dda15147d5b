// Groups of rows stay together, in folds and in parts, and the largest are dealt out first.

import { array } from "@hooke/runtime";
import { describe, expect, test } from "vitest";
import { dataset } from "./dataset.ts";
import { kFold, split } from "./split.ts";

/** Names a, a, ..., b, ... in turn, so that the rows of a group do not lie side by side. */
function inTurn(sizes: Readonly<Record<string, number>>): string[] {
  const left = { ...sizes };
  const dealt: string[] = [];
  while (Object.values(left).some((count) => count > 0)) {
    for (const name of Object.keys(left)) if (left[name]!-- > 0) dealt.push(name);
  }
  return dealt;
}
const sorted = (values: Iterable<number>): number[] => [...values].sort((a, b) => a - b);
const groupsOf = (rows: Iterable<number>, all: readonly (string | number)[]) =>
  new Set(Array.from(rows, (row) => all[row]!));

describe("kFold", () => {
  // Dealt by hand, each group to the lightest fold: 5 | 4 | 3, then 3 to the last, then 3 to the second.
  const specimens = inTurn({ a: 3, b: 5, c: 3, d: 4, e: 3 });

  test.each([0, 1, 2, 3])("holds groups out whole, in folds as even as they allow (seed %d)", (seed) => {
    const folds = kFold(18, 3, seed, specimens);
    expect(sorted(folds.map(({ test: held }) => held.length))).toEqual([5, 6, 7]);
    expect(sorted(folds.flatMap(({ test: held }) => [...held]))).toEqual(specimens.map((_, i) => i));
    for (const { train, test: held } of folds) {
      expect(sorted([...train, ...held])).toEqual(specimens.map((_, i) => i));
      const trained = groupsOf(train, specimens);
      for (const name of groupsOf(held, specimens)) expect(trained.has(name)).toBe(false);
    }
  });

  test("the seed decides which groups of one size come together", () => {
    const pairs = Float64Array.from({ length: 40 }, (_, row) => Math.floor(row / 2));
    const found = [0, 0, 1].map((seed) =>
      JSON.stringify(kFold(40, 5, seed, pairs).map(({ test: held }) => sorted(held))),
    );
    expect(found[1]).toBe(found[0]);
    expect(found[2]).not.toBe(found[0]);
    for (const { test: held } of kFold(40, 5, 0, pairs)) expect(held).toHaveLength(8);
  });
});

describe("split", () => {
  const specimens = inTurn({ a: 10, b: 10, c: 10, d: 10, e: 10, f: 10 });

  test("keeps groups in one part, near the sizes asked for", () => {
    const parts = split(60, { train: "rest", validation: 0.2, test: 10 / 60 }, 4, specimens);
    expect([parts.train.length, parts.validation.length, parts.test.length]).toEqual([40, 10, 10]);
    const seen = Object.values(parts).flatMap((rows) => [...groupsOf(rows, specimens)]);
    expect(new Set(seen).size).toBe(seen.length);
  });

  test("gives every part a group, however large the others", () => {
    const parts = split(60, { train: "rest", test: 1 }, 0, inTurn({ a: 50, b: 10 }));
    expect([parts.train.length, parts.test.length]).toEqual([50, 10]);
  });

  test("of a dataset gives datasets", () => {
    const data = dataset({ inputs: array([[0], [1], [2], [3]]), targets: array([[0], [10], [20], [30]]) });
    const { train, test: held } = split(data, { train: 0.5, test: 0.5 }, 0, [7, 8, 8, 7]);
    expect([sorted(train.inputs.data), sorted(held.inputs.data)].sort()).toEqual([
      [0, 3],
      [1, 2],
    ]);
    expect([...train.targets.data]).toEqual(Array.from(train.inputs.data, (x) => 10 * x));
  });
});

describe("of strata", () => {
  // 60 specimens of 1 to 7 rows; most rows of one are of one class, and the third class is rare.
  const groups: string[] = [];
  const classes: string[] = [];
  for (let specimen = 0; specimen < 60; specimen++) {
    const own = specimen % 12 === 0 ? "rare" : specimen % 3 === 0 ? "broken" : "ok";
    for (let row = 0; row <= (5 * specimen) % 7; row++) {
      groups.push(`s${specimen}`);
      classes.push(row === 3 ? "ok" : own);
    }
  }
  const count = groups.length;
  const shares = (rows: Int32Array): number[] =>
    ["ok", "broken", "rare"].map((name) => {
      const all = classes.filter((own) => own === name).length;
      return Array.from(rows).filter((row) => classes[row] === name).length / all;
    });

  test.each([0, 1, 2])("every fold tests its share of each, of whole groups (seed %d)", (seed) => {
    const folds = kFold(count, 5, seed, groups, classes);
    expect(sorted(folds.flatMap(({ test: held }) => [...held]))).toEqual(groups.map((_, row) => row));
    for (const { train, test: held } of folds) {
      const trained = groupsOf(train, groups);
      for (const name of groupsOf(held, groups)) expect(trained.has(name)).toBe(false);
      const [ok, broken, rare] = shares(held);
      expect([ok, broken]).toEqual([expect.closeTo(0.2, 1), expect.closeTo(0.2, 1)]);
      // Of the 5 specimens of it each fold has one.
      expect(rare).toBeGreaterThan(0);
    }
  });

  test("parts have their sizes and their shares", () => {
    const { train, test: held } = split(count, { train: "rest", test: 0.25 }, 1, groups, classes);
    expect(Math.abs(held.length / count - 0.25)).toBeLessThan(0.03);
    for (const [at, share] of shares(held).entries())
      expect(Math.abs(share - 0.25)).toBeLessThan(at === 2 ? 0.2 : 0.04);
    expect(train.length + held.length).toBe(count);
  });
});

test.each<[string, () => unknown, string]>([
  ["too few names", () => kFold(4, 2, 0, ["a", "b"]), "kFold: groups holds 2 names for 4 rows; give one for each row."],
  [
    "too few groups",
    () => kFold(4, 3, 0, [1, 1, 2, 2]),
    "kFold: received 2 groups for 3 parts; each part needs a group",
  ],
  [
    "no name",
    () => split(2, { a: 1, b: 1 }, 0, [1, Number.NaN]),
    "split: groups holds NaN for row 1; names are texts or numbers.",
  ],
  ["no text", () => split(2, { a: 1, b: 1 }, 0, [1, undefined as never]), "groups holds undefined for row 1"],
])("%s is refused", (_, make, message) => {
  expect(make).toThrow(message);
});
